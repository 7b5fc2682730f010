"""The organisations that benchmarks run on: complete, the same in both forms, and like real ones."""

from __future__ import annotations

import hashlib
import os
from importlib import import_module
from operator import attrgetter
from pathlib import Path

import pytest

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from auditor.model.sites import action_sites
from benchmarks.engines import networkx, product
from benchmarks.facts import export
from benchmarks.flows import Shape, flow
from benchmarks.measure import NOTHING, Rounds
from benchmarks.organisation import plans, write
from benchmarks.phases import PHASES, Clock
from benchmarks.plan import every
from benchmarks.proofs import proofs
from benchmarks.rivals import own_sites
from benchmarks.run import JSON_STEPS, ROWS, YAML_STEPS, Size, table
from benchmarks.steps import STEPS

FLOWS = 10


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("organisations")
    for form in ("yaml", "json"):
        write(root / form, FLOWS, form)
    return {form: root / form for form in ("yaml", "json")}


def actions(organisation: Organisation) -> dict[str, list[tuple[str, str, str]]]:
    return {
        flow.name: sorted((s.action.type, s.action.name, type(s.action.operation).__name__) for s in action_sites(flow))
        for flow in organisation.flows
    }


def test_both_forms_load_without_problems_and_hold_the_same_actions(exports: dict[str, Path]) -> None:
    yaml, json = load([exports["yaml"]]), load([exports["json"]])
    assert yaml.problems == json.problems == ()
    assert actions(yaml) == actions(json)
    assert sum(map(len, actions(yaml).values())) == sum(plan.actions() for plan in plans(Shape(FLOWS)))


def test_the_same_options_give_the_same_bytes(exports: dict[str, Path], tmp_path: Path) -> None:
    write(tmp_path / "again", FLOWS, "yaml")
    write(tmp_path / "other", FLOWS, "yaml", seed="2")
    assert digest(tmp_path / "again") == digest(exports["yaml"])
    assert digest(tmp_path / "other") != digest(exports["yaml"])


def digest(folder: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def test_actions_take_as_much_room_as_in_real_files(tmp_path: Path) -> None:
    """691 bytes and 17.6 lines an action is what public exports take."""
    written = write(tmp_path / "export", 50, "yaml")
    assert 0.9 < written.bytes / written.actions / 691 < 1.1
    assert 0.9 < written.lines / written.actions / 17.6 < 1.1


def test_modules_are_shared_by_many_flows() -> None:
    """At 1,000 flows the most popular module has hundreds of callers, so more than 50 in a quarter of the flows."""
    shape = Shape(1000)
    callers: dict[str, set[int]] = {}
    for number in range(250):
        for act in (act for task in flow(shape, number).tasks for act in every(task.block)):
            if act.kind == "callCommonModule":
                callers.setdefault(act.target.name, set()).add(number)
    assert len(callers) > 0.8 * shape.modules
    assert max(map(len, callers.values())) > 50


def test_a_search_without_contexts_names_all_sites_of_the_auditor_and_more(
    exports: dict[str, Path], tmp_path: Path
) -> None:
    export(exports["yaml"], tmp_path)
    searched, _ = product(tmp_path)
    assert searched == networkx(tmp_path)[0]
    own = own_sites(exports["yaml"])
    assert own
    assert own < {point for point, _ in searched}


def test_what_is_proved_of_an_organisation_has_certificates_that_hold(tmp_path: Path) -> None:
    write(tmp_path / "export", 30 if os.environ.get("AUDITOR_PROPERTIES") == "full" else 5, "json")
    found = proofs(tmp_path / "export")
    assert found["proved"] > 5
    assert found["proved"] == found["certificates"] == found["held"]


def test_every_phase_is_a_function_that_there_is() -> None:
    for phase, module, path in PHASES:
        assert callable(attrgetter(path)(import_module(module))), phase


def test_an_inner_phase_is_not_counted_twice() -> None:
    clock = Clock()

    def inner() -> int:
        return sum(range(300_000))

    def outer() -> None:
        clock.around("inner", inner)()

    clock.around("outer", outer)()
    assert clock.spent["inner"] > 10 * clock.spent["outer"]


def test_the_table_is_made_of_what_the_steps_tell() -> None:
    """Every row finds its figures: a mistake here would show after an hour of measuring."""
    keys = ("cpu", "wall", "peak", "helpers", "parse", "load", "program", "analysis", "visits", "retained", "actions")
    figures = dict.fromkeys(keys, 2.0)
    rounds = [Rounds({step: [figures, figures] for step in steps}) for steps in (YAML_STEPS, JSON_STEPS)]
    assert {*YAML_STEPS, *JSON_STEPS} - {NOTHING} <= STEPS.keys()
    lines = table([Size(7, *rounds)]).splitlines()
    assert lines[0].split("|")[-2].strip() == "7 flows"
    assert len(lines) == len(ROWS) + 2 + 4
    assert all(line.split("|")[-2].strip() for line in lines)
