"""The page of the documentation about the mutation score, from the result of the last run of `make score`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

RESULT = Path(__file__).resolve().parent / "result.json"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "mutation-score.md"
WORDS = ("killed", "timed out", "survived")

HEAD = """# Mutation score

Do the tests notice when the code is wrong? `make score` puts one small fault after the other into `auditor/analysis`
and `auditor/policy` and looks whether a test fails. A fault that no test notices has survived.

{sentence}

| package | faults possible | tried | killed | timed out | survived | score |
|---|---|---|---|---|---|---|
{packages}

A fault that makes a test run longer than eight times as long as before, and longer than 20 seconds, has timed out. It
counts as noticed.

## How it is measured

```text
make score
make score SCORE_SAMPLE=1000 SCORE_SEED=2
make score SCORE_SAMPLE=all
```

The faults are those of mutmut, of a call with another argument only those with `None`, of a text only one; beside them
a condition turned into its opposite, and a statement left out. No fault is put where running the code could not tell
it: imports, annotations and aliases of types, decorators, docstrings, and cases that `assert_never` says cannot happen.

Each fault is tried with the tests that reach its line, the quick ones first, until one fails or they have taken 90
seconds: the cases in `fixtures/`, whose reports must be the expected ones to the byte, the tests of the two packages,
of the assumptions, of what earlier audits know of words, and of the commands that show the policy, consent points and
differences. A fault in what runs while modules are imported is tried with all tests that reach anything in the file.
`SCORE_AGAIN=1` tries what has survived with those tests that were left. Other tests, the comparison with a brute-force
search among them, are not run: they could only notice more.

A sample are the faults with the lowest hash of the seed and of what they change. It stays the same where the code does.

| fault | example | tried | killed | timed out | survived | score |
|---|---|---|---|---|---|---|
{operators}

## What survived, and why

{survivors}
"""
EXAMPLES = {
    "argument": "`f(a)` becomes `f(None)`",
    "assignment": "`a = b` becomes `a = None`",
    "augmented assignment": "`a += b` becomes `a = b`",
    "boolean": "`True` becomes `False`",
    "case": "a `case` is left out",
    "choice": "`a if b else c` becomes `a if b and False else c`",
    "condition": "`if a` becomes `if not a`",
    "keyword": "`in` becomes `not in`",
    "lambda": "the value becomes `None`",
    "negation": "`not a` becomes `a`",
    "number": "`1` becomes `2`",
    "operator": "`<` becomes `<=`, `and` becomes `or`",
    "statement": "`f(a)` is left out",
    "string": "the text gets other words around it",
    "symmetric string methods swap": "`lstrip` becomes `rstrip`",
    "unsymmetrical string methods swap": "`split` becomes `rsplit`",
}


def page(result: Mapping[str, Any]) -> str:
    """The page in Markdown. result: as in result.json."""
    packages = [f"| `{name}` | {each['possible']} | {_cells(each)} |" for name, each in result["packages"].items()]
    operators = [f"| {name} | {EXAMPLES[name]} | {_cells(each)} |" for name, each in result["operators"].items()]
    survivors = "\n\n".join(_parts(result["survivors"])) or "Nothing."
    return HEAD.format(
        sentence=_sentence(result), packages="\n".join(packages), operators="\n".join(operators), survivors=survivors
    )


def tried(counts: Mapping[str, int]) -> int:
    return sum(counts[word] for word in WORDS)


def _sentence(result: Mapping[str, Any]) -> str:
    parts = result["packages"].values()
    possible, done = sum(each["possible"] for each in parts), sum(map(tried, parts))
    score = _score({word: sum(each[word] for each in parts) for word in WORDS})
    if possible == done:
        return f"All {done:,} faults that are possible were tried: **{score}** were noticed."
    return (
        f"The last run was a **sample**: {done:,} of {possible:,} faults, chosen at random"
        f" with seed {result['seed']}.\n"
        f"**{score}** of them were noticed.{_note(result)}"
    )


def _note(result: Mapping[str, Any]) -> str:
    """What is particular about the run, if anything was."""
    return f"\n\n{result['note']}" if "note" in result else ""


def _cells(counts: Mapping[str, int]) -> str:
    return " | ".join([str(tried(counts)), *(str(counts[word]) for word in WORDS), _score(counts)])


def _score(counts: Mapping[str, int]) -> str:
    return f"{100 * (1 - counts['survived'] / tried(counts)):.1f} %"


def _parts(survivors: Iterable[Mapping[str, str]]) -> Iterable[str]:
    """A table for each kind of reason."""
    kinds: dict[str, list[Mapping[str, str]]] = {}
    for each in survivors:
        kinds.setdefault(each["kind"], []).append(each)
    for kind in KINDS:
        if kind in kinds:
            rows = "\n".join(_row(each) for each in kinds[kind])
            yield f"### {kind}\n\n{KINDS[kind]}\n\n| where | was | became | reason |\n|---|---|---|---|\n{rows}"


KINDS = {
    "The same": "The program does the same with the fault as without it.",
    "Only cost": "The report is the same; something is computed that need not be.",
    "Only precision": "The audit knows less, and says so; it never says that something is proved that is not.",
    "Only words or order": "What is said differs a little, not what is found.",
    "Only by mistake": "Needs what another part excludes: loading, or the caller. If it came, the fault would show.",
    "No test": "A test could notice it, and there is none.",
}


def _row(each: Mapping[str, str]) -> str:
    place = "" if each["place"] == "(module)" else f", `{each['place']}`"
    change = f"{_raw(each['before'])} | {_raw(each['after'])}"
    return f"| `{each['file'].removeprefix('auditor/')}`{place} | {change} | {each['reason']} |"


def _raw(code: str) -> str:
    """Code in a cell of a table."""
    return f"`` {code} ``".replace("|", "\\|") if "`" in code else f"`{code}`".replace("|", "\\|")


def load() -> Any:
    return json.loads(RESULT.read_text(encoding="utf-8"))
