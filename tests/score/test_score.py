"""The page of the mutation score: its figures agree, and every survivor has its reason."""

from __future__ import annotations

from tests.score.page import EXAMPLES, KINDS, WORDS, load, page, tried

RESULT = load()


def test_figures_agree() -> None:
    by_package, by_operator = RESULT["packages"].values(), RESULT["operators"].values()
    for word in WORDS:
        assert sum(each[word] for each in by_package) == sum(each[word] for each in by_operator)
    assert sum(each["survived"] for each in by_package) == len(RESULT["survivors"])
    assert all(tried(each) <= each["possible"] for each in by_package)
    assert sum(map(tried, by_package)) >= 100


def test_every_survivor_has_a_place_and_a_reason() -> None:
    for each in RESULT["survivors"]:
        assert each["before"] != each["after"]
        assert each["kind"] in KINDS
        assert len(each["reason"]) > 10, each


def test_every_fault_has_its_example() -> None:
    assert set(RESULT["operators"]) <= set(EXAMPLES)


def test_the_page_says_that_a_sample_is_one() -> None:
    counts = {"possible": 10, "killed": 2, "timed out": 1, "survived": 1}
    row = {
        "file": "auditor/policy/a.py",
        "place": "f",
        "before": "a | b",
        "after": "a",
        "kind": "The same",
        "reason": "why",
    }
    made = {"seed": 7, "packages": {"auditor/policy": counts}, "operators": {"operator": counts}, "survivors": [row]}
    text = page(made)
    assert "a **sample**: 4 of 10 faults, chosen at random with seed 7.\n**75.0 %** of them were noticed." in text
    assert "| `auditor/policy` | 10 | 4 | 2 | 1 | 1 | 75.0 % |" in text
    assert "| `policy/a.py`, `f` | `a \\| b` | `a` | why |" in text
    counts["possible"] = 4
    assert "All 4 faults that are possible were tried: **75.0 %** were noticed." in page(made)
