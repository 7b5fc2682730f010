"""Plans of Terraform: what is not known before they are applied is found by what the configuration says of it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from auditor.model.organisation import Organisation
from tests.loading.terraform_source import of_files

Json = dict[str, object]


def planned(type: str, label: str, values: Json, index: object = None) -> Json:
    """A resource with the values that are known."""
    found: Json = {"mode": "managed", "type": f"genesyscloud_{type}", "name": label, "values": values}
    return found if index is None else {**found, "index": index}


def written(type: str, label: str, **expressions: object) -> Json:
    """What the configuration says of a resource."""
    return {"mode": "managed", "type": f"genesyscloud_{type}", "name": label, "expressions": expressions}


def ref(*names: str) -> Json:
    """An expression that refers to these."""
    return {"references": list(names)}


def read(
    folder: Path, resources: list[Json], said: list[Json], modules: Mapping[str, list[Json]], calls: Json
) -> Organisation:
    """A plan. modules: resources by address; calls: what the configuration says of them."""
    inner = [{"address": address, "resources": held} for address, held in modules.items()]
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": resources, "child_modules": inner}},
        "configuration": {"root_module": {"resources": said, "module_calls": calls}},
    }
    return of_files(folder, plan_dot_json=plan)


FLOWS = [planned("routing_queue", "q", {"name": name}, index) for index, name in enumerate("AB")]


@pytest.mark.parametrize(
    ("given", "backup"),
    [
        (ref("genesyscloud_routing_queue.q[1].id", "genesyscloud_routing_queue.q"), "B"),
        (ref("genesyscloud_routing_queue.q[0].id", "genesyscloud_routing_queue.q"), "A"),
        ({"constant_value": "id-of-another"}, None),
        (ref("local.backup"), None),
    ],
)
def test_a_module_knows_what_its_caller_gives(tmp_path: Path, given: Json, backup: str | None) -> None:
    modules = {"module.m": [planned("routing_queue", "inner", {"name": "Inner"})]}
    inner = written("routing_queue", "inner", direct_routing=[{"backup_queue_id": ref("var.backup")}])
    modules["module.m"][0]["values"] = {"name": "Inner", "direct_routing": [{}]}
    calls: Json = {"m": {"expressions": {"backup": given}, "module": {"resources": [inner]}}}
    (found,) = [q for q in read(tmp_path, FLOWS, [], modules, calls).queues if q.name == "Inner"]
    expected = {None: found.backup_queue, "A": "name:A", "B": "name:B"}[backup]
    assert found.backup_queue == expected
    assert backup is not None or found.backup_queue not in ("name:A", "name:B")


def test_what_a_plan_does_not_tell_is_told_with_what_to_do(tmp_path: Path) -> None:
    resources = [planned("routing_queue", "q", {"name": "Q", "direct_routing": [{}]})]
    said = [written("routing_queue", "q", direct_routing=[{"backup_queue_id": ref("local.backup")}])]
    (problem,) = [
        p for p in read(tmp_path, resources, said, {}, {}).problems if p.code == "RX902" and "${" in p.message
    ]
    assert "direct_routing.backup_queue_id is ${local.backup}" in problem.message
    assert "the plan does not tell it" in problem.hint.lower()


@pytest.mark.parametrize("key", ['"north"', "0"])
def test_modules_that_are_called_for_several_keys_are_told_apart(tmp_path: Path, key: str) -> None:
    other = '"south"' if key != "0" else "1"
    modules = {f"module.m[{each}]": [planned("routing_queue", "q", {"name": f"Queue {each}"})] for each in (key, other)}
    output = {"expression": ref("genesyscloud_routing_queue.q.id", "genesyscloud_routing_queue.q")}
    calls: Json = {"m": {"expressions": {}, "module": {"resources": [], "outputs": {"id": output}}}}
    backup = ref(f"module.m[{other}].id", f"module.m[{other}]", "module.m")
    said = [written("routing_queue", "main", direct_routing=[{"backup_queue_id": backup}])]
    resources = [planned("routing_queue", "main", {"name": "Main", "direct_routing": [{}]})]
    (found,) = [q for q in read(tmp_path, resources, said, modules, calls).queues if q.name == "Main"]
    assert found.backup_queue == f"name:Queue {other}"


def test_one_of_several_by_the_same_key(tmp_path: Path) -> None:
    users = [planned("user", "u", {"name": name, "email": f"{name}@example.com"}, name) for name in ("ann", "bob")]
    queues = [planned("routing_queue", "q", {"name": f"Q {name}", "members": [{}]}, name) for name in ("bob", "ann")]
    said = [written("routing_queue", "q", members=[{"user_id": ref("genesyscloud_user.u", "each.key")}])]
    organisation = read(tmp_path, [*users, *queues], said, {}, {})
    found = {queue.name: [member.user for member in queue.members or ()] for queue in organisation.queues}
    assert found == {"Q ann": ["name:ann"], "Q bob": ["name:bob"]}


def test_dollars_of_a_constant_are_no_template(tmp_path: Path) -> None:
    modules = {"module.m": [planned("routing_queue", "q", {})]}
    inner = written("routing_queue", "q", name=ref("var.name"))
    calls: Json = {"m": {"expressions": {"name": {"constant_value": "${var.name}"}}, "module": {"resources": [inner]}}}
    (queue,) = read(tmp_path, [], [], modules, calls).queues
    assert queue.name == "${var.name}"


FLOW_ID = "2ef38401-08f8-4d61-bb39-d03fbb4bb530"
DATA: Json = {"mode": "data", "type": "genesyscloud_flow", "name": "m", "values": {"id": FLOW_ID, "name": "Main"}}
MAIN = (
    "inboundCall:\n  name: Main\n  startUpRef: /inboundCall/tasks/task[t]\n  tasks:\n    - task: {name: t, refId: t}\n"
)
TASK = MAIN.replace("inboundCall", "commonModule")


@pytest.mark.parametrize("module", [None, "module.m", "module.of_data"])
def test_a_flow_that_was_looked_up_is_the_one_of_its_name(tmp_path: Path, module: str | None) -> None:
    route = planned("architect_ivr", "r", {"name": "Hotline", "dnis": [], "open_hours_flow_id": FLOW_ID})
    held: Json = (
        {"resources": [DATA]} if module is None else {"child_modules": [{"address": module, "resources": [DATA]}]}
    )
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [{"address": "module.m", "resources": [route]}]}},
        "prior_state": {"values": {"root_module": held}},
    }
    organisation = of_files(tmp_path, plan_dot_json=plan, main_dot_yaml=MAIN)
    assert [(flow.id, flow.name, flow.body) for flow in organisation.flows] == [(FLOW_ID, "Main", True)]
    assert not [problem for problem in organisation.problems if "flow for open hours" in problem.message]


def test_a_flow_that_was_looked_up_is_none_of_two(tmp_path: Path) -> None:
    resource = {"mode": "data", "type": "genesyscloud_flow", "name": "m", "instances": [{"attributes": DATA["values"]}]}
    state = {"version": 4, "terraform_version": "1.9.5", "resources": [resource]}
    organisation = of_files(tmp_path, terraform_dot_tfstate=state, a_dot_yaml=MAIN, b_dot_yaml=TASK)
    assert [flow.id for flow in organisation.flows] == [None, None]
    one = of_files(tmp_path / "one", terraform_dot_tfstate=state, a_dot_yaml=MAIN)
    assert [flow.id for flow in one.flows] == [FLOW_ID]


def test_null_is_known(tmp_path: Path) -> None:
    resources = [*FLOWS, planned("routing_queue", "m", {"name": "Main", "direct_routing": [{"backup_queue_id": None}]})]
    said = [
        written(
            "routing_queue", "m", direct_routing=[{"backup_queue_id": ref("var.on", "genesyscloud_routing_queue.q")}]
        )
    ]
    (found,) = [q for q in read(tmp_path, resources, said, {}, {}).queues if q.name == "Main"]
    assert found.backup_queue is None


def test_items_that_are_not_known_are_null_in_a_list(tmp_path: Path) -> None:
    route = planned("group", "g", {"name": "G", "member_ids": ["known", None]})
    users = [planned("user", "u", {"name": "Ann", "email": "ann@example.com"})]
    said = [written("group", "g", member_ids=ref("genesyscloud_user.u.id", "genesyscloud_user.u"))]
    (group,) = read(tmp_path, [*users, route], said, {}, {}).groups
    assert list(group.members or ()) == ["known", "name:Ann"]
