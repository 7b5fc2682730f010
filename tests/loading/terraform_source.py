"""Terraform files made up for the tests: one small organisation, written once and rendered in each syntax."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from auditor.loading.load import load
from auditor.model.organisation import Organisation
from tests.loading.exports import write

FLOW = "f1000000-0000-0000-0000-000000000001"
QUEUE = "a1000000-0000-0000-0000-000000000002"
USER = "b1000000-0000-0000-0000-000000000003"
DIVISION = "d1000000-0000-0000-0000-000000000004"
ARCHY = """\
inboundCall:
  name: Main
  division: Home
  startUpRef: "/inboundCall/tasks/task[Start_1]"
  settingsSpeechRec:
    suppressRecording: false
  tasks:
    - task:
        name: Start
        refId: Start_1
        actions:
          - disconnect:
              name: Good bye
"""


def configuration(**blocks: Mapping[str, Any]) -> str:
    """`.tf.json`: type without its prefix -> label -> attributes."""
    resources = {f"genesyscloud_{type}": labels for type, labels in blocks.items()}
    return json.dumps({"resource": resources}, indent=1)


def instance(type: str, label: str, attributes: Mapping[str, Any], *, flat: bool = False) -> dict[str, Any]:
    """A resource of a state."""
    key = "attributes_flat" if flat else "attributes"
    return {
        "mode": "managed",
        "type": f"genesyscloud_{type}",
        "name": label,
        "instances": [{"schema_version": 1, key: attributes}],
    }


def state(*resources: Mapping[str, Any]) -> dict[str, Any]:
    return {"version": 4, "terraform_version": "1.5.0", "serial": 1, "resources": list(resources)}


def of_files(folder: Path, **files: object) -> Organisation:
    """The organisation of files; the names have __ for a slash and _dot_ for a dot."""
    for name, content in files.items():
        write(folder, name.replace("__", "/").replace("_dot_", "."), content)
    return load([folder])
