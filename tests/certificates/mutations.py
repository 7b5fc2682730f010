"""Changes of certificates and of organisations, each of one thing."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import msgspec
from msgspec.structs import replace

from auditor.certificates.form import Certificate
from auditor.model.organisation import Organisation
from auditor.model.settings import UNSET, Known, Setting
from tests.oracle.generate import Sample
from tests.oracle.shrink import smaller_ones

Tree = dict[str, Any]
Mutation = tuple[str, Callable[[], Certificate]]
WORDS = {
    "consent": ("unasked", "unanswered", "refused", "granted"),
    "place": ("flow", "waiting", "connected", "voicemail", "external"),
}
FLAGS = ("queued", "noticed", "enabled", "granted", "tainted")
MASKS = ("since", "captured", "hidden")
HASH = "0" * 64


def tree_of(certificate: Certificate) -> Tree:
    """The certificate as JSON, each situation by itself."""
    tree: Tree = json.loads(msgspec.json.encode(certificate))
    for invariant in tree["invariants"]:
        for context in invariant["contexts"]:
            context["situations"] = [
                [[state], [place, place]]
                for states, runs in context["situations"]
                for first, last in zip(runs[::2], runs[1::2], strict=True)
                for place in range(first, last + 1)
                for state in states
            ]
    return tree


def certificate_of(tree: Tree) -> Certificate:
    return msgspec.json.decode(json.dumps(tree), type=Certificate)


def mutations(certificate: Certificate) -> Iterator[Mutation]:
    """Every change of one thing: what it is, and the certificate with it."""
    tree = tree_of(certificate)
    for number, invariant in enumerate(tree["invariants"]):
        yield _dropped(f"invariant {number}", tree, ("invariants",), number)
        for lane in range(len(invariant["regimes"])):
            yield _dropped(f"regime {lane} of {number}", tree, ("invariants", number, "regimes"), lane)
        for index, context in enumerate(invariant["contexts"]):
            path = ("invariants", number, "contexts")
            yield _dropped(f"context {index}", tree, path, index)
            for part in ("situations", "exits"):
                for row in range(len(context[part])):
                    yield _dropped(f"context {index}: {part} {row}", tree, (*path, index, part), row)
    for row, state in enumerate(tree["states"]):
        for key, value in _other_states(state, len(tree["values"])):
            yield _set(f"state {row}: {key} {value}", tree, ("states", row, key), value)
    for row, held in enumerate(tree["values"]):
        yield _set(f"values {row}", tree, ("values", row, "negated"), not held["negated"])
    yield from _of_basis_and_claim(tree)


def _other_states(state: Tree, values: int) -> Iterator[tuple[str, object]]:
    for key, words in WORDS.items():
        yield from ((key, word) for word in words if word != state[key])
    yield from ((key, not state.get(key, False)) for key in FLAGS)
    yield from ((key, state.get(key, 0) ^ 1) for key in MASKS)
    yield "doubt", 1 - min(state.get("doubt", 0), 1)
    if "last" in state:
        yield "last", [state["last"][0], "refused" if state["last"][1] == "granted" else "granted"]
    for name in ("queue", "post"):
        if name in state:
            yield name, None
    for number, held in enumerate(state.get("env", ())):
        for other in {0, values - 1} - {held}:
            yield "env", [*state["env"][:number], other, *state["env"][number + 1 :]]


def _of_basis_and_claim(tree: Tree) -> Iterator[Mutation]:
    basis: dict[str, object] = {
        "tool": "0.0.0",
        "inputs": {"files": 0, "sha256": HASH},
        "rules": [],
        "rule_files": {"files": 0, "sha256": HASH},
        "policy": HASH,
        "substitutions": HASH,
    }
    for key, value in basis.items():
        yield _set(f"basis {key}", tree, ("basis", key), value)
    for name, value in tree["basis"]["assumptions"].items():
        other = "no" if value == "yes" else "yes"
        yield _set(f"assumption {name}", tree, ("basis", "assumptions", name), other)
    claim = tree["claim"]
    for word in ("opt_in", "opt_out", "announcement", "none"):
        if word != claim["mode"]:
            yield _set(f"mode {word}", tree, ("claim", "mode"), word)
    yield _set("entry", tree, ("claim", "entry", "name"), claim["entry"]["name"] + "x")
    for switch in ("line", "gate", "consult", "external", "hold"):
        other = "off" if claim["leg"][switch] == "on" else "on"
        yield _set(f"leg {switch}", tree, ("claim", "leg", switch), other)
    yield _set("trunks", tree, ("claim", "leg", "trunks"), [{"name": "another", "id": "another"}])


def _at(tree: Tree, path: tuple[str | int, ...]) -> Any:
    found: Any = tree
    for step in path:
        found = found[step]
    return found


def _dropped(name: str, tree: Tree, path: tuple[str | int, ...], index: int) -> Mutation:
    def made() -> Certificate:
        changed = copy.deepcopy(tree)
        del _at(changed, path)[index]
        return certificate_of(changed)

    return f"without {name}", made


def _set(name: str, tree: Tree, path: tuple[str | int, ...], value: object) -> Mutation:
    def made() -> Certificate:
        changed = copy.deepcopy(tree)
        _at(changed, path[:-1])[path[-1]] = value
        return certificate_of(changed)

    return f"other {name}", made


def flips(organisation: Organisation) -> Iterator[tuple[str, Organisation]]:
    """The organisation with one setting changed."""
    for kind, settings in (
        ("trunk_bases", ("line", "gate", "consult", "external_transfers")),
        ("queues", ("suppress", "transcription", "monitoring")),
        ("flows", ("suppress_recording",)),
        ("phones", ("recording",)),
    ):
        things = getattr(organisation, kind)
        for index, thing in enumerate(things):
            for name in settings:
                for value in _others(getattr(thing, name)):
                    changed: Any = replace(thing, **{name: value})
                    with_it: Any = {kind: (*things[:index], changed, *things[index + 1 :])}
                    yield f"{kind} {index}: {name} {value}", replace(organisation, **with_it)


def _others(setting: Setting[bool]) -> tuple[Setting[bool], ...]:
    return tuple(value for value in (Known(True), Known(False), UNSET) if value != setting)


def changed_samples(sample: Sample, random: Random, most: int) -> Iterator[tuple[str, Sample]]:
    """Samples with one setting changed, or with one thing less, of which some."""
    found = [(name, replace(sample, organisation=changed)) for name, changed in flips(sample.organisation)]
    found += [(f"smaller {number}", smaller) for number, smaller in enumerate(smaller_ones(sample))]
    yield from random.sample(found, min(most, len(found)))
