"""Anonymized exports: the same verdicts, and nothing of the names, numbers and people."""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace

from auditor.analysis.known_words import word_test
from auditor.audit import run_audit
from auditor.cli.pipeline import Prepared, prepare
from auditor.findings import Audit
from auditor.loading.anonymize import Anonymous, anonymized, renamed_policy
from auditor.loading.load import load
from auditor.loading.renaming import Renamer
from auditor.loading.vocabulary import read_vocabulary
from auditor.policy.alike import unlike

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "fixtures" / "demo"
CORPUS = ROOT.parent / "shared" / "corpus"
INDEX = CORPUS / "INDEX.tsv"
VOICE = {"inboundcall", "inqueuecall", "outboundcall", "securecall", "commonmodule", "voicesurvey", "bot", "botflow"}
GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KNOWN = word_test(read_vocabulary())
CASES = [
    "RC102-bad-language-branch-forgets",
    "RC103-bad-bot-any-intent",
    "RC104-bad-module-timeout-is-yes",
    "RC104-bad-table-not-found",
    "RC104-bad-configuration-json",
    "RC104-bad-i3-export",
    "RC104-bad-menu-default-grants",
    "RC106-bad-in-queue-loop",
    "RC113-bad-open-station",
]


def write(made: Anonymous, folder: Path) -> Path | None:
    for file in made.files:
        (folder / "export" / file.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "export" / file.path).write_text(file.text, encoding="utf-8", newline="\n")
    if made.policy is None:
        return None
    (folder / "auditor.toml").write_text(made.policy, encoding="utf-8")
    return folder / "auditor.toml"


def audited(path: Path, prepared: Prepared) -> Audit:
    options = replace(prepared.options, include_orphans=True)
    return run_audit(load([path]), prepared.rules, prepared.policy, options)


def copied(path: Path, policy: Path | None, folder: Path) -> tuple[Anonymous, tuple[str, ...]]:
    prepared = prepare([path], policy, date(2026, 1, 1))
    made = anonymized(load([path]), prepared.policy, policy, KNOWN)
    other = write(made, folder)
    renamed = prepared if other is None else prepare([folder / "export"], other, date(2026, 1, 1))
    return made, unlike(audited(path, prepared), audited(folder / "export", renamed))


def test_the_demonstration_organisation_audits_to_the_same_verdicts(tmp_path: Path) -> None:
    made, differing = copied(DEMO / "organisation", DEMO / "auditor.toml", tmp_path)
    assert differing == ()
    assert made.left_out == ()


@pytest.mark.parametrize("name", CASES)
def test_cases_audit_to_the_same_verdicts(name: str, tmp_path: Path) -> None:
    folder = ROOT / "fixtures" / "cases" / name
    policy = folder / "auditor.toml"
    _, differing = copied(folder / "export", policy if policy.exists() else None, tmp_path)
    assert differing == ()


def flows() -> Iterator[str]:
    if INDEX.exists():
        with INDEX.open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                if row["format"] in ("archy-yaml", "i3") and row["flow_type"].lower() in VOICE:
                    yield row["path"]


@pytest.mark.skipif(not INDEX.exists(), reason="the corpus is not here")
def test_flows_of_the_corpus_audit_to_the_same_verdicts(tmp_path: Path) -> None:
    found = list(flows())[:: 1 if os.environ.get("AUDITOR_PROPERTIES") == "full" else 5]
    assert len(found) > 5
    differing = {}
    for number, path in enumerate(found):
        made, said = copied(CORPUS / path, None, tmp_path / str(number))
        if said and not made.left_out:
            differing[path] = said
    assert differing == {}


def test_nobody_is_named(tmp_path: Path) -> None:
    organisation = load([DEMO / "organisation"])
    made, _ = copied(DEMO / "organisation", DEMO / "auditor.toml", tmp_path)
    whole = "\n".join(f"{file.path}\n{file.text}" for file in made.files) + (made.policy or "")
    named = [user.name for user in organisation.users]
    named += [mail for user in organisation.users if (mail := user.email)]
    named += [did.number for did in organisation.dids] + [n for route in organisation.routes for n in route.dnis]
    named += ["Elbtal", "Dresden", "Chemnitz", "Sachsen", "Forderungsmanagement", "Netzkunden", "Geschäftskunden"]
    assert [name for name in named if name.casefold() in whole.casefold()] == []
    before = "\n".join(p.read_text(encoding="utf-8") for p in (DEMO / "organisation").rglob("*") if p.is_file())
    assert set(GUID.findall(before)) & set(GUID.findall(whole)) == set()


def test_flows_keep_the_form_of_their_text(tmp_path: Path) -> None:
    made, _ = copied(DEMO / "organisation", DEMO / "auditor.toml", tmp_path)
    sources = {p.read_text(encoding="utf-8").count("\n") for p in (DEMO / "organisation" / "flows").iterdir()}
    for file in made.files:
        if file.path.endswith(".yaml"):
            assert file.text.count("\n") in sources
            assert len(yaml.safe_load(file.text)) == 1


@pytest.fixture
def renamer() -> Renamer:
    return Renamer(KNOWN)


def test_the_same_text_gets_the_same_words(renamer: Renamer) -> None:
    assert renamer.text("Müller Hotline") == renamer.text("Müller Hotline") != renamer.text("Meier Hotline")
    word = renamer.text("Müller")
    assert renamer.text("MÜLLER") == word.upper() and renamer.text("müller") == word.lower()
    assert renamer.text('Flow.Müller == "Müller"') == f'Flow.{word} == "{word}"'


@pytest.mark.parametrize(
    "text",
    [
        "Press 1 if you agree that this call is recorded.",
        "Drücken Sie die 1, wenn Sie mit der Aufzeichnung einverstanden sind.",
        "IsSet(Flow.RecordingConsent)",
        "2024-05-01T10:00:00.000Z",
        "Task.Yes",
        "digit_1",
    ],
)
def test_what_decides_stays(text: str, renamer: Renamer) -> None:
    assert renamer.text(text) == text


def test_numbers_mails_and_ids(renamer: Renamer) -> None:
    number = renamer.text("+49 351 5550110")
    assert re.fullmatch(r"\+49351\d{7}", number) and not number.endswith("5550110")
    assert renamer.text("tel:+493515550110") == f"tel:{number}"
    assert renamer.text("x.y@firma.de") == "person1@example.com"
    id = "0c180320-0f54-4989-a1c0-198b31e73e82"
    assert renamer.text(id) == renamer.ids(f"/api/v2/users/{id}").rpartition("/")[2] != id
    assert renamer.text("12345") == "12345"


def test_people_are_replaced_whole_even_where_a_word_is_known(renamer: Renamer) -> None:
    assert renamer.text("Yes") == "Yes"
    renamer.people(["Frank Yes"])
    assert "Yes" not in renamer.text("Telefon Frank Yes 2") and renamer.text("Yes") == "Yes"


def test_other_scripts(renamer: Renamer) -> None:
    made = renamer.text("田中電話")
    assert len(made) == 4 and made != "田中電話" and renamer.text("田中電話") == made


def test_a_policy_loses_comments_and_waivers_and_keeps_its_words(renamer: Renamer) -> None:
    text = """# of Elbtal
default_mode = "opt_in"  # agreed with Müller
[[mode]]
route = "Müller # 1"
number_prefix = "+49"
[[waiver]]
fingerprint = "v1:00"
reason = "Müller"
[rules]
enable = ["RC114"]
"""
    made = renamed_policy(text, renamer)
    assert "Elbtal" not in made and "Müller" not in made and "waiver" not in made
    assert 'default_mode = "opt_in"\n' in made and 'number_prefix = "+49"' in made and 'enable = ["RC114"]' in made


def test_json_inside_a_text_is_rewritten_too(tmp_path: Path) -> None:
    properties = json.dumps({"trunk_label": {"value": {"instance": "Elbtal"}}})
    trunk = {"id": "t", "name": "Elbtal", "trunkType": "EXTERNAL", "properties": properties}
    (tmp_path / "trunkbasesettings.json").write_text(json.dumps({"entities": [trunk]}), encoding="utf-8")
    organisation = load([tmp_path])
    made = anonymized(organisation, prepare([tmp_path], None, date(2026, 1, 1)).policy, None, KNOWN)
    assert "Elbtal" not in made.files[0].text
    assert json.loads(json.loads(made.files[0].text)["entities"][0]["properties"])["trunk_label"]
