"""Whatever stands in a Terraform file: loading never ends with an error, and what is left out is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditor.loading.load import load
from auditor.loading.terraform import CONDITIONAL
from auditor.loading.terraform_types import TYPES
from tests.loading.exports import write

KEYS = re.findall(
    r"\w+",
    """
    id name division_id members user_id ring_num groups bullseye_rings member_groups member_group_id
    properties queue_flow_id media_settings_callback addresses phone_numbers number member_ids dnis
    open_hours_flow_id emergency_call_flows ivr_ids media_policies call_policy conditions for_queue_ids
    actions responses callable_person data reaction_type filepath substitutions type datatable_id
    properties_json key_value site_id external_trunk_base_ids start end resources language tts_string
    for_each count queue_id rules dynamic content iterator direct_routing backup_queue_id
    """,
)
TEXTS = (
    "", "x", "true", "${", "${}", "${genesyscloud_routing_queue.A.id}", "${genesyscloud_routing_queue.A.name}",
    "${genesyscloud_flow.A.id}", "${data.genesyscloud_user.A.id}", "${var.a}", "${local.a}", "$${x}", "%{if x}",
    "${module.a.b}", "${module.a[0].b}", "${each.value}", "${each.key}", "${count.index}", "${members.value}",
    "${toset([1, \"a\"])}", "${var.a ? [1] : []}",
    "${merge(var.a, {})}", "${element(local.a, 0)}", "${lookup(var.a, \"x\", local.a)}", "${length(local.a) > 1}",
    "${var.a[local.a]}", "${contains(local.b, var.a) || !local.a}", "${coalesce(local.a, var.b)}",
    "${jsonencode({\"a\" = 1})}", "${a[0].b[\"c\"].d}", "{\"a\": 1}", "[", "../../x.yaml", "${path.module}/x.yaml",
    "\ud7ff",
)  # fmt: skip
NAMES = (
    "genesyscloud_routing_queue.A.id", "genesyscloud_routing_queue.A", "genesyscloud_flow.A[0].id", "each.key",
    "module.a.name", 'module.b["k"].name', "module.b", "local.x", "", "path.module", "genesyscloud_user.A", "var.name",
)  # fmt: skip
Planned = tuple[str, Any, Any, Any]
junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(TEXTS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)
types = st.sampled_from([f"genesyscloud_{name}" for name in TYPES] + sorted(CONDITIONAL))
blocks = st.dictionaries(types, st.dictionaries(st.sampled_from(["A", "B"]), junk, max_size=2), max_size=4)
variables = st.dictionaries(st.sampled_from(["a", "b"]), junk, max_size=2)
careful = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(blocks, blocks, variables, variables)
@careful
def test_any_configuration(tmp_path: Path, resource: Any, data: Any, locals_: Any, defaults: Any) -> None:
    variable = {name: {"default": value} for name, value in defaults.items()}
    document = {"resource": resource, "data": data, "locals": locals_, "variable": variable}
    write(tmp_path, "x.tf.json", json.dumps(document))
    (file,) = load([tmp_path]).inputs
    assert file.kind == "Terraform JSON"


@given(
    blocks,
    st.dictionaries(st.sampled_from(["a", "b"]), junk, max_size=2),
    st.dictionaries(st.sampled_from(["a", "b"]), junk, max_size=2),
    st.sampled_from(["./m", "..", ".", "./gone", "far/away"]),
)
@careful
def test_any_modules(tmp_path: Path, resource: Any, given: Any, outputs: Any, source: str) -> None:
    calls = {"a": {"source": source, **given}, "b": given, "c": {"source": source, "count": given}}
    output = {name: {"value": value} for name, value in outputs.items()}
    document = json.dumps({"resource": resource, "module": calls, "output": output, "variable": given})
    write(tmp_path, "x.tf.json", document)
    write(tmp_path, "m/x.tf.json", document)
    assert [file.kind for file in load([tmp_path]).inputs] == ["Terraform JSON"] * 2


@given(st.lists(st.tuples(types, st.sampled_from(["A", "B"]), junk, st.booleans()), max_size=4), blocks)
@careful
def test_any_state(tmp_path: Path, found: list[tuple[str, str, Any, bool]], resource: Any) -> None:
    resources = [
        {
            "mode": "managed",
            "type": type,
            "name": label,
            "instances": [{"attributes_flat" if flat else "attributes": attributes}],
        }
        for type, label, attributes, flat in found
    ]
    write(tmp_path, "terraform.tfstate", json.dumps({"version": 4, "terraform_version": "1", "resources": resources}))
    write(tmp_path, "x.tf.json", json.dumps({"resource": resource}))
    assert len(load([tmp_path]).inputs) == 2


names = st.lists(st.sampled_from(NAMES), max_size=3)
expressions = st.recursive(
    st.fixed_dictionaries({"references": names}) | st.fixed_dictionaries({"constant_value": junk}) | junk,
    lambda inner: st.lists(st.dictionaries(st.sampled_from(KEYS), inner, max_size=3), max_size=2),
    max_leaves=8,
)
said = st.dictionaries(st.sampled_from(KEYS), expressions, max_size=4)
values = st.dictionaries(st.sampled_from(KEYS), junk, max_size=5)
resources = st.lists(st.tuples(types, values, said, st.sampled_from([None, 0, "k", True])), max_size=3)


@given(resources, resources, said, said)
@careful
def test_any_plan(tmp_path: Path, outer: list[Planned], inner: list[Planned], given: Any, outputs: Any) -> None:
    def held(found: list[Planned]) -> list[dict[str, Any]]:
        known = ({"type": type, "name": "A", "mode": "managed", "values": v, "index": at} for type, v, _, at in found)
        return [{key: value for key, value in each.items() if value is not None} for each in known]

    def written(found: list[Planned]) -> list[dict[str, Any]]:
        return [{"type": type, "name": "A", "mode": "managed", "expressions": said} for type, _, said, _ in found]

    module = {"resources": written(inner), "outputs": {key: {"expression": e} for key, e in outputs.items()}}
    calls = {name: {"expressions": given, "module": module} for name in ("a", "b")}
    below = [{"address": address, "resources": held(inner)} for address in ("module.a", 'module.b["k"]', "module.b[0]")]
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": held(outer), "child_modules": below}},
        "configuration": {"root_module": {"resources": written(outer), "module_calls": calls}},
    }
    write(tmp_path, "plan.json", json.dumps(plan))
    assert [file.kind for file in load([tmp_path]).inputs] == ["Terraform plan"]


@given(
    st.dictionaries(st.from_regex(r"(members|groups|a)(\.(#|%|0|1|b)){0,3}", fullmatch=True), st.sampled_from(TEXTS))
)
@careful
def test_any_flatmap(tmp_path: Path, flat: dict[str, str]) -> None:
    instance = {
        "mode": "managed",
        "type": "genesyscloud_routing_queue",
        "name": "A",
        "instances": [{"attributes_flat": flat}],
    }
    write(tmp_path, "terraform.tfstate", json.dumps({"version": 4, "terraform_version": "1", "resources": [instance]}))
    assert [file.kind for file in load([tmp_path]).inputs] == ["Terraform state"]


@pytest.mark.parametrize(
    "text",
    [
        '{"resource": []}',
        '{"resource": [1, {"genesyscloud_user": [2, {"A": [{"name": "x"}, 3]}]}]}',
        '{"terraform": {}, "resource": null}',
        '{"format_version": "1", "planned_values": {"root_module": 1}}',
        '{"format_version": "1", "values": {"root_module": {"resources": [1, {}], "child_modules": [1, {}]}}}',
    ],
)
def test_any_wrapping(tmp_path: Path, text: str) -> None:
    write(tmp_path, "x.tf.json", text)
    assert len(load([tmp_path]).inputs) == 1


def chained(step: str, last: str) -> str:
    """Sixty locals, each of which names the next one twice."""
    lines = [f"  l{number} = {step.replace('NEXT', f'local.l{number + 1}')}" for number in range(60)]
    return "\n".join(("locals {", *lines, f"  l60 = {last}", "  a = local.l0", "}", ""))


@pytest.mark.parametrize(
    "text",
    [
        'locals {\n  a = "${local.b}${local.b}"\n  b = "${local.a}${local.a}"\n}\n',
        chained('"${NEXT}${NEXT}"', '"ab"'),
        chained("[NEXT, NEXT]", "[]"),
    ],
)
def test_names_that_refer_to_each_other_end(tmp_path: Path, text: str) -> None:
    write(tmp_path, "x.tf", text + 'resource "genesyscloud_user" "u" {\n  name = local.a\n  addresses = local.a\n}\n')
    assert len(load([tmp_path]).users) == 1


def test_attributes_that_refer_to_each_other_end(tmp_path: Path) -> None:
    users = "".join(
        f'resource "genesyscloud_user" "u{i}" {{\n  name = "${{genesyscloud_user.u{(i + 1) % 50}.name}}" \n'
        f'  email = "${{genesyscloud_user.u{(i + 1) % 50}.email}}${{genesyscloud_user.u{(i + 1) % 50}.email}}"\n}}\n'
        for i in range(50)
    )
    write(tmp_path, "x.tf", users)
    assert len(load([tmp_path]).users) == 50
