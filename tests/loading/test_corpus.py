from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from auditor.loading.load import load
from auditor.model.organisation import Organisation

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real exports is not here")


@pytest.fixture(scope="module")
def organisation() -> Organisation:
    return load([CORPUS])


def test_every_file_is_understood_or_listed_with_the_reason(organisation: Organisation) -> None:
    files = {path.as_posix() for path in CORPUS.rglob("*") if path.is_file()}
    assert {listed.path for listed in organisation.inputs} == files
    for listed in organisation.inputs:
        assert listed.status in ("understood", "partly", "not")
        assert listed.reason or listed.status == "understood", listed


def test_every_flow_of_the_index_is_understood(organisation: Organisation) -> None:
    with (CORPUS / "INDEX.tsv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t"))
    listed = {file.path: file for file in organisation.inputs}
    flows = [row for row in rows if row["format"] in ("archy-yaml", "i3")]
    assert len(flows) > 50
    refused = {row["path"] for row in flows if listed[f"{CORPUS.as_posix()}/{row['path']}"].status == "not"}
    broken = {p.location.file.removeprefix(f"{CORPUS.as_posix()}/") for p in organisation.problems if p.code == "RX906"}
    assert refused <= broken
    assert len(refused) <= 2


def test_what_is_refused_is_no_export(organisation: Organisation) -> None:
    suffixes = Counter(Path(f.path).suffix for f in organisation.inputs if f.status == "not")
    assert set(suffixes) <= {".tf", ".txt", ".tsv", ".tfstate", ".yaml"}
    assert suffixes[".yaml"] <= 2
