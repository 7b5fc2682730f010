"""`make score`: puts small faults into the analysis and the policy, one at a time, and looks whether a test fails.

SCORE_SAMPLE says how many (400, or `all`), SCORE_SEED which, SCORE_JOBS how many at a time (2). SCORE_AGAIN=1 goes on
with a run that was stopped; after one it tries the survivors again, with new tests too. The result goes to
tests/score/result.json and docs/reference/mutation-score.md.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.score.mutating import PACKAGES, ROOT, Mutant, mutants
from tests.score.page import PAGE, RESULT, WORDS, page
from tests.score.running import BROKEN, OPTIONS, SURVIVED, Reach, Trying, anew, each_in_a_child

OUT = ROOT / "build" / "score"
REACH, TRIED = OUT / "reach.json", OUT / "tried.json"
KEY = ("file", "place", "before", "after", "number")
GROUPS = (
    ("tests/test_fixtures.py", "tests/test_cases.py"),
    ("tests/analysis", "tests/policy"),
    ("tests/cli/test_policy_command.py", "tests/cli/test_diff_command.py", "tests/cli/test_consent_points_command.py"),
    ("tests/test_assumptions.py",),
    ("tests/caching/test_hearings.py",),
)
# The order of arguments, a browser, what runs nothing, and what audits all cases once more.
DESELECTED = (
    "order_of_arguments",
    "browser",
    "clicks",
    "declared_in_full",
    "a_case_shows_what_it_says",
    "a_sentence_without_end",
    "any_text",
    "any_order",
)
_LONGEST = 12.0
_MOST = 90.0  # seconds of tests for one mutant, as they were measured with coverage


def chosen(groups: Sequence[Sequence[str]] = GROUPS) -> list[str]:
    files = [file for group in groups for file in group]
    return [*files, "-k", f"not ({' or '.join(DESELECTED)})", "-m", "not slow"]


def main() -> int:
    """Returns 1 when the tests fail without any mutant."""
    OUT.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)
    again = os.environ.get("SCORE_AGAIN")
    if not again:
        REACH.unlink(missing_ok=True)
        TRIED.unlink(missing_ok=True)
    for group in GROUPS:
        sys.stderr.write(f"which lines do tests reach: {' '.join(map(str, group))}\n")  # takes minutes
        if in_a_child(functools.partial(reach, group)):
            return 1
    seed, size = int(os.environ.get("SCORE_SEED", "1")), os.environ.get("SCORE_SAMPLE", "400")
    every = mutants()
    ranked = sorted(every, key=lambda each: each.rank(seed))
    sample = ranked if size == "all" else ranked[: int(size)]
    known: dict[str, Any] = _read(TRIED)
    open_ones = [each for each in sample if known.get(each.name, (SURVIVED, "", []))[0] == SURVIVED]
    try_all(open_ones, _read(REACH), known)
    result = summary(seed, every, sample, known)
    RESULT.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(result), encoding="utf-8")
    return 0


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def summary(seed: int, every: Sequence[Mutant], sample: Sequence[Mutant], known: Mapping[str, Any]) -> dict[str, Any]:
    """The result as it is kept; reasons of survivors that are known already stay."""
    reasons = {tuple(each[key] for key in KEY): each for each in _read(RESULT).get("survivors", ())}
    packages: dict[str, dict[str, int]] = {}
    operators: dict[str, dict[str, int]] = {}
    for package in PACKAGES:
        packages[package] = {"possible": sum(each.file.startswith(package) for each in every)} | dict.fromkeys(WORDS, 0)
    survivors = []
    for mutant in sorted(sample, key=lambda each: each.key):
        word = known[mutant.name][0]
        operators.setdefault(mutant.operator, dict.fromkeys(WORDS, 0))[word] += 1
        packages[mutant.file.rpartition("/")[0]][word] += 1
        if word == SURVIVED:
            row = dict(zip(KEY, mutant.key, strict=True)) | {"kind": "No test", "reason": ""}
            survivors.append(reasons.get(mutant.key, row))
    return {"seed": seed, "packages": packages, "operators": dict(sorted(operators.items())), "survivors": survivors}


def try_all(sample: Sequence[Mutant], found: Any, known: dict[str, Any]) -> None:
    """Tries mutants and keeps what is known after each, so that a run that was stopped can go on."""
    seconds: Mapping[str, float] = found["seconds"]
    jobs = int(os.environ.get("SCORE_JOBS", "2"))

    def done(mutant: Mutant, word: str, by: str) -> None:
        known.pop(mutant.name, None)
        if word == BROKEN:
            sys.stderr.write(f"no result for {mutant.name}: {by}\n")
        elif word:
            seen = {*tests[mutant], *before.get(mutant.name, ())} if word == SURVIVED else ()
            known[mutant.name] = [word, by, sorted(seen)]
        TRIED.write_text(json.dumps(known, indent=0), encoding="utf-8")
        if word == SURVIVED:
            sys.stderr.write(f"{len(known)} {mutant.file} {mutant.place}: {mutant.before}  ->  {mutant.after}\n")

    before = {name: frozenset(seen) for name, (_, _, seen) in known.items()}
    tests = {each: _tests(each, found, before.get(each.name, frozenset())) for each in sample}
    for mutant in sample:
        if not tests[mutant]:
            done(mutant, SURVIVED, "")
    open_ones = {each: names for each, names in tests.items() if names}
    for mutant in open_ones:
        known.pop(mutant.name, None)
    living = {each: names for each, names in open_ones.items() if not _imported(each, found)}
    in_a_child(lambda: int(pytest.main([*OPTIONS, *chosen()], plugins=[Trying(living, seconds, jobs, done)])))
    known.clear()
    known.update(_read(TRIED))
    late = [each for each in open_ones if each.name not in known]
    each_in_a_child(late, jobs, lambda mutant: anew(mutant, tests[mutant], seconds), done)


def _imported(mutant: Mutant, found: Any) -> bool:
    lines = found["lines"].get(mutant.file, {})
    return not mutant.function or any("" in lines.get(str(line), ()) for line in _range(mutant))


def _range(mutant: Mutant) -> range:
    return range(mutant.lines[0], mutant.lines[1] + 1)


def _tests(mutant: Mutant, found: Any, seen: frozenset[str]) -> list[str]:
    """Tests that reach the mutant and have not let it pass, quick ones first; of what is imported any of the file."""
    lines = found["lines"].get(mutant.file, {})
    imported = _imported(mutant, found)
    named = (names for line, names in lines.items() if imported or int(line) in _range(mutant))
    seconds = found["seconds"]
    names = sorted({name for names in named for name in names if name} - seen, key=lambda name: (seconds[name], name))
    sums = itertools.accumulate(seconds[name] for name in names)
    return [name for name, total in zip(names, sums, strict=True) if total < _MOST]


def reach(group: Sequence[str]) -> int:
    """Notes which test reaches which line, of those that are not noted yet."""
    before = _read(REACH) or {"seconds": {}, "lines": {}}
    include = [str(ROOT / package / "*") for package in PACKAGES]
    measured = coverage.Coverage(data_file=None, include=include, config_file=False)
    measured.start()
    plugin = Reach(measured, set(before["seconds"]))
    code = pytest.main([*OPTIONS, *chosen([group])], plugins=[plugin])
    if code not in (0, 5) or plugin.failed:
        sys.stderr.write(f"pytest ends with {code}: {plugin.failed[:20]}\n")
        return 1
    slow = {name for name, seconds in plugin.seconds.items() if seconds > _LONGEST}
    for file, lines in plugin.lines().items():
        there = before["lines"].setdefault(file, {})
        for line, names in lines.items():
            there[str(line)] = sorted({*there.get(str(line), ()), *names} - slow)
    _forget(before, plugin.gone)
    before["seconds"] |= plugin.seconds
    sys.stderr.write(f"{len(plugin.seconds)} tests take {sum(plugin.seconds.values()):.0f} s\n")
    REACH.write_text(json.dumps(before), encoding="utf-8")
    return 0


def _forget(found: Any, gone: set[str]) -> None:
    """Tests that are no longer there reach nothing."""
    for name in gone:
        del found["seconds"][name]
    for lines in found["lines"].values():
        for line, names in lines.items():
            lines[line] = [name for name in names if name not in gone]


def in_a_child(work: Callable[[], int]) -> int:
    """What the work returns; this process stays one that has not imported the program."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = work()
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
