"""Compares what an engine says of an organisation with the oracle, and shrinks what they disagree on."""

from __future__ import annotations

from collections.abc import Callable

from auditor.analysis.consent import ConsentPoint
from auditor.model.organisation import Organisation
from tests.oracle.generate import Sample
from tests.oracle.interpret import Options, OracleResult, interpret
from tests.oracle.shrink import describe, shrink

Engine = Callable[[Organisation, tuple[ConsentPoint, ...], Options], OracleResult]

RULES = frozenset(
    {f"RC{n}" for n in (*range(101, 108), 111, 112, 113, 121, 131, 141)}
    | {f"RN{n}" for n in (201, 202, 203, 204, *range(206, 213))}
)
NO_RUN = frozenset({"RN202", "RN204", "RN206", "RN207", "RN208"})
"""What no run does: where a run is tainted, how sure that is can be seen in more than one way."""


def differences(sample: Sample, engine: Engine) -> list[str] | None:
    """What the two say differently, in words; None when there is too much to enumerate."""
    options = Options(sample.mode, sample.orphans)
    oracle = interpret(sample.organisation, sample.points, options)
    if oracle is None:
        return None
    other = engine(sample.organisation, sample.points, options)
    ours, theirs = _findings(oracle, oracle.tainted), _findings(other, oracle.tainted)
    words = [f"only the oracle finds {f}" for f in sorted(ours - theirs)]
    words += [f"only the engine finds {f}" for f in sorted(theirs - ours)]
    return words + _verdicts(oracle, other)


def _findings(result: OracleResult, tainted: frozenset[tuple[str, str]]) -> set[tuple[object, ...]]:
    return {tuple(f) for f in result.findings if f.rule in RULES and not (tainted and f.rule in NO_RUN)}


def _verdicts(oracle: OracleResult, other: OracleResult) -> list[str]:
    """Internal calls are not compared: RC114 is off."""
    words = []
    for entry in sorted(oracle.verdicts.keys() | other.verdicts.keys()):
        ours, theirs = oracle.verdicts.get(entry), other.verdicts.get(entry)
        if entry[0] == "internal" or ours == theirs:
            continue
        effect_only = ours is not None and theirs is not None and ours.verdict == theirs.verdict
        if not (effect_only and entry[:2] in oracle.tainted):
            words.append(f"{entry}: the oracle says {ours}, the engine {theirs}")
    return words


def report(sample: Sample, engine: Engine, found: list[str]) -> str:
    """The disagreement on the smallest organisation that still shows one of the same kind."""
    kind = _kind(found[0])

    def fails(smaller: Sample) -> bool:
        try:
            words = differences(smaller, engine)
        except Exception:  # an engine that fails on a smaller organisation is another story
            return False
        return any(_kind(w) == kind for w in words or ())

    small = shrink(sample, fails)
    return "\n".join([*found, "", "smallest organisation found:", describe(small), *(differences(small, engine) or ())])


def _kind(words: str) -> str:
    """A disagreement without names: who finds which rule, or that verdicts differ."""
    return words[:30] if words.startswith("only the") else words.partition(": ")[2]
