from __future__ import annotations

from auditor.loading.archy import flow_from_archy
from auditor.loading.yaml_reader import read_yaml
from tests.loading.both_forms_source import SETTINGS, YAML, items
from tests.loading.configuration_source import flow_of
from tests.loading.normalised import differences, normalised


def test_both_forms_of_one_flow_give_one_program() -> None:
    yaml_flow, problems = flow_from_archy(read_yaml(YAML), "main.yaml")
    assert problems == ()
    json_flow = flow_of(*items(), **SETTINGS)
    assert list(differences(normalised(yaml_flow), normalised(json_flow))) == []
    assert normalised(yaml_flow) == normalised(json_flow)
