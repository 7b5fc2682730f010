from __future__ import annotations

import os
import pickle
import random
from pathlib import Path

import pytest

from auditor.caching.objects import frozen, thawed
from auditor.errors import ExitCode
from auditor.loading.files import walk
from auditor.loading.sources import read_file
from auditor.model.location import Location

FULL = os.environ.get("AUDITOR_PROPERTIES") == "full"
ROOT = Path(__file__).parents[2]


class _Calling:
    """What a file that somebody else wrote could hold."""

    def __init__(self, function: object, *arguments: object) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return self._call


def test_what_is_kept_comes_back() -> None:
    value = {"places": [Location("a.yaml", 3), frozenset({"x"})], "none": None, "half": "\ud800"}
    data = frozen(value)
    assert data is not None
    assert thawed(data) == value


def test_whatever_files_give_can_be_kept() -> None:
    fixtures = ROOT / "fixtures"
    readings = [read_file(file) for file in walk([fixtures / "demo", fixtures / "cases"])[:: 1 if FULL else 20]]
    wrong = [r.name for r in readings if thawed(frozen(r.harvest) or b"") != r.harvest]
    assert readings
    assert wrong == []


def test_what_is_nested_too_deeply_or_foreign_is_not_kept() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert frozen(deep) is None
    assert frozen(lambda: None) is None


@pytest.mark.parametrize(
    "value",
    [
        _Calling(eval, "1"),
        _Calling(print, "called"),
        _Calling(getattr, "a", "upper"),
        _Calling(frozen, 1),
        ExitCode.CLEAN,
        random.Random,
    ],
)
def test_nothing_is_called_and_nothing_foreign_made(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    assert thawed(pickle.dumps(value)) is None
    assert capsys.readouterr().out == ""


def test_damaged_bytes_are_nothing() -> None:
    data = frozen([Location("a.yaml", 3)] * 3)
    assert data is not None
    chance = random.Random(1)
    for _ in range(300):
        changed = bytearray(data[: chance.randrange(len(data))])
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        thawed(bytes(changed))  # whatever it is, it is no failure
    assert thawed(data[:-1]) is None
