"""Writes fixtures/demo/api-json, terraform-json and hcl from fixtures/demo/organisation.

`python -m tests.make_demo_forms` after a change of the demonstration organisation.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.demo_configurations import configuration
from tests.demo_resources import DEMO, SOURCE, Encoded, Ref, Resource, body_of, entities, resources

FORMS = ("api-json", "terraform-json", "hcl")
PREFIX = "genesyscloud_"
Labels = Mapping[str, tuple[str, str]]


def forms() -> dict[str, bytes]:
    """Every file of every form, by its path below fixtures/demo."""
    found = list(resources())
    return {**dict(_api_form()), **dict(_json_form(found)), **dict(_hcl_form(found))}


def _api_form() -> Iterator[tuple[str, bytes]]:
    """The pages of the platform API, and a configuration for each flow instead of its YAML."""
    for path in sorted(SOURCE.rglob("*.json")):
        yield f"api-json/{path.relative_to(SOURCE).as_posix()}", path.read_bytes()
    ids = dict(_ids())
    for flow in entities("flows.json"):
        yield f"api-json/flows/{flow['id']}.json", _dumped(configuration(body_of(flow), flow["id"], ids))


_NAMED = {"queue": "queues", "group": "groups", "userPrompt": "prompts", "dataTable": "datatables"}
_FLOWS = {
    "BOT": "botFlow",
    "COMMONMODULE": "commonModuleFlow",
    "INQUEUECALL": "inqueueCallFlow",
    "SECURECALL": "secureCallFlow",
}
_DATA_ACTIONS = ("Karte belasten", "Zählerstand speichern")


def _ids() -> Iterator[tuple[tuple[str, str], str]]:
    """What flows refer to, by kind of their manifest and name; of data actions no listing is exported."""
    for kind, listing in _NAMED.items():
        for one in entities(f"{listing}.json"):
            yield (kind, one["name"]), one["id"]
    for flow in entities("flows.json"):
        yield (_FLOWS.get(flow["type"], "callFlow"), flow["name"]), flow["id"]
    for name in _DATA_ACTIONS:
        yield ("dataAction", name), f"custom_-_{uuid.uuid5(uuid.NAMESPACE_OID, name)}"


def _json_form(found: list[Resource]) -> Iterator[tuple[str, bytes]]:
    """One file and a state, as `genesyscloud_tf_export` writes them by default; bodies by the newer exporter."""
    labels = {r.id: (r.type, _label(r.name)) for r in found}
    blocks: dict[str, dict[str, object]] = {}
    for one in found:
        attributes = {**one.attributes, **_filepath(one, _exported(one))}
        blocks.setdefault(PREFIX + one.type, {})[_label(one.name)] = _in_json(attributes, labels)
    provider = {"required_providers": {"genesyscloud": {"source": "mypurecloud/genesyscloud", "version": "1.61.0"}}}
    document = {"terraform": provider, "resource": dict(sorted(blocks.items()))}
    yield "terraform-json/genesyscloud.tf.json", _dumped(document)
    yield "terraform-json/terraform.tfstate", _dumped(_state(found))
    for one in found:
        if one.body is not None:
            yield f"terraform-json/{_exported(one)}", one.body.read_bytes()


def _exported(one: Resource) -> str:
    if one.body is None:
        return ""
    return f"architect_flows/{_label(str(one.attributes['name']))}-{one.attributes['type']}-{one.id}.yaml"


def _filepath(one: Resource, path: str) -> dict[str, object]:
    return {"filepath": path} if one.body else {}


def _label(name: str) -> str:
    """As the exporter makes labels: letters and digits stay, a digit is not the first."""
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    return f"_{safe}" if safe[0].isdigit() else safe


def _hashed(one: Resource) -> str:
    """The other style of labels."""
    digest = hashlib.sha256(f"{one.type}/{one.name}".encode()).hexdigest()
    return f"{_label(one.name)}__BLH{digest[:16]}_UFH{digest[16:32]}"


def _in_json(value: object, labels: Labels) -> object:
    match value:
        case Ref(id=id, raw=raw):
            return id if raw else "${" + ".".join((PREFIX + labels[id][0], labels[id][1], "id")) + "}"
        case Encoded(value=inner):
            return json.dumps(inner, ensure_ascii=False)
        case dict():
            return {key: _in_json(inner, labels) for key, inner in value.items()}
        case list():
            return [_in_json(item, labels) for item in value]
        case str():
            return value.replace("${", "$${").replace("%{", "%%{")
        case _:
            return value


def _state(found: list[Resource]) -> dict[str, object]:
    written = [
        {
            "mode": "managed",
            "type": PREFIX + one.type,
            "name": _label(one.name),
            "provider": 'provider["registry.example/mypurecloud/genesyscloud"]',
            "instances": [{"schema_version": 1, "attributes_flat": _flat(one)}],
        }
        for one in found
    ]
    return {"version": 4, "terraform_version": "1.0.11", "serial": 1, "outputs": {}, "resources": written}


def _flat(one: Resource) -> dict[str, str]:
    attributes = {**one.attributes, **one.computed, **_filepath(one, _exported(one)), "id": one.id}
    return {key: text for name in sorted(attributes) for key, text in _flattened(name, attributes[name])}


def _flattened(key: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case Ref(id=id):
            yield key, id
        case Encoded(value=inner):
            yield key, json.dumps(inner, ensure_ascii=False)
        case dict():
            for name, inner in value.items():
                yield from _flattened(f"{key}.{name}", inner)
        case list():
            yield f"{key}.#", str(len(value))
            for index, item in enumerate(value):
                yield from _flattened(f"{key}.{index}", item)
        case bool():
            yield key, "true" if value else "false"
        case _:
            yield key, str(value)


def _hcl_form(found: list[Resource]) -> Iterator[tuple[str, bytes]]:
    """A file a type, flows beside them, no state: objects are known by name only."""
    labels = {r.id: (r.type, _hashed(r)) for r in found}
    files: dict[str, list[str]] = {}
    for one in found:
        path = f"${{path.module}}/flows/{one.attributes['name']}.yaml" if one.body else ""
        lines = _block(f'resource "{PREFIX}{one.type}" "{_hashed(one)}"', one.attributes, labels, 0)
        if one.body is not None:
            lines = [*lines[:-1], f'  filepath = "{path}"', "}"]
            yield f"hcl/flows/{one.attributes['name']}.yaml", one.body.read_bytes()
        files.setdefault(one.type, []).append("\n".join(lines) + "\n")
    for type, blocks in files.items():
        yield f"hcl/{type}.tf", "\n".join(blocks).encode()


def _block(head: str, attributes: Mapping[str, object], labels: Labels, depth: int) -> list[str]:
    indent = "  " * depth
    lines = [f"{indent}{head} {{"]
    for key, value in attributes.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            for item in value:
                lines += _block(key, item, labels, depth + 1)
        elif isinstance(value, list) and key.endswith("s") and value == [] and key == "members":
            continue
        else:
            lines.append(f"{indent}  {key} = {_in_hcl(value, labels, depth + 1)}")
    return [*lines, f"{indent}}}"]


def _in_hcl(value: object, labels: Labels, depth: int) -> str:
    match value:
        case Ref(id=id):
            return ".".join((PREFIX + labels[id][0], labels[id][1], "id"))
        case Encoded(value=inner):
            return f"jsonencode({_object(inner, depth)})"
        case list():
            return "[" + ", ".join(_in_hcl(item, labels, depth) for item in value) + "]"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
            return '"' + escaped.replace("${", "$${").replace("%{", "%%{") + '"'
        case _:
            return str(value)


def _object(value: object, depth: int) -> str:
    if not isinstance(value, dict):
        return _in_hcl(value, {}, depth)
    indent = "  " * depth
    members = [f'{indent}  "{key}" = {_object(inner, depth + 1)}' for key, inner in value.items()]
    return "\n".join(("{", *members, f"{indent}}}"))


def _dumped(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def main() -> None:
    """Replaces the folders."""
    found = forms()
    for folder in FORMS:
        shutil.rmtree(DEMO / folder, ignore_errors=True)
    for name, content in found.items():
        path = Path(DEMO / name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
