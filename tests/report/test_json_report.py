from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from auditor.findings import Audit
from auditor.report.formats import FORMATS
from auditor.report.json_report import json_report
from auditor.report.json_text import json_text
from auditor.report.options import ReportOptions
from auditor.report.text import UNSAFE
from auditor.resources import schema_text
from tests.builders import CLEAN, EMPTY, FULL, HOSTILE_TEXT, hostile

OPTIONS = ReportOptions(exit_code=1, version="9.9")
SAMPLES = {"full": FULL, "clean": CLEAN, "empty": EMPTY}


def parsed(audit: Audit) -> Any:
    return json.loads(json_report(audit, OPTIONS))


def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text("report")))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json.loads(schema_text("report")))


@pytest.mark.parametrize("name", SAMPLES)
def test_reports_validate(name: str) -> None:
    assert list(validator().iter_errors(parsed(SAMPLES[name]))) == []


def objects(schema: Any, pointer: str = "") -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            found.append((pointer, schema))
        found += [each for key, value in schema.items() for each in objects(value, f"{pointer}/{key}")]
    return found


def test_the_schema_allows_no_other_key_and_requires_each() -> None:
    strict = objects(json.loads(schema_text("report")))
    assert len(strict) >= 12
    for pointer, schema in strict:
        assert schema["additionalProperties"] is False, pointer
        assert schema["required"] == list(schema["properties"]), pointer


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("findings", 0, "severity"), "grave"),
        (("findings", 0, "fingerprint"), "v1:abc"),
        (("findings", 0, "object", "kind"), "thing"),
        (("findings", 0, "extra"), 1),
        (("findings", 0, "witness", 0, "state", "consent"), "maybe"),
        (("verdicts", 0, "verdict"), "fine"),
        (("problems", 0, "location", "line"), 0),
        (("assumptions", "A17"), "yes"),
        (("exit_code",), 2),
        (("extra",), 1),
    ],
)
def test_the_schema_refuses_other_values(path: tuple[str | int, ...], value: object) -> None:
    report = parsed(FULL)
    target = report
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    assert list(validator().iter_errors(report)) != []


@pytest.mark.parametrize("name", SAMPLES)
def test_keys_come_in_the_documented_order(name: str) -> None:
    report = parsed(SAMPLES[name])
    schema = json.loads(schema_text("report"))
    assert list(report) == list(schema["properties"])
    for part in ("verdict", "finding", "problem", "input"):
        for item in report[part + "s"]:
            assert list(item) == list(schema["$defs"][part]["properties"])
    for item in report["findings"]:
        for taken in item["witness"]:
            assert list(taken) == ["object", "location", "text", "state"]


def test_a_finding_with_its_witness() -> None:
    finding = parsed(FULL)["findings"][0]
    assert finding["rule"] == "RC103"
    assert finding["severity"] == "critical"
    assert finding["entries"] == [{"kind": "route", "name": "Support"}, {"kind": "number", "name": "+49 30 77"}]
    assert finding["object"] == {
        "kind": "action",
        "name": "Enable Participant Recording",
        "id": "a1",
        "flow": "Main",
        "division": "Home",
    }
    assert finding["location"] == {"file": "export/main.yaml", "line": 31, "pointer": "/inboundCall/tasks/0"}
    assert finding["witness"][1]["text"] == "Caller presses 2 in the menu Consent."
    assert finding["witness"][2]["state"] == {
        "consent": "refused",
        "noticed": True,
        "enabled": True,
        "place": "flow",
    }
    assert finding["waived"] is None
    assert parsed(FULL)["verdicts"][0]["findings"] == [finding["fingerprint"]]


def test_a_possible_finding_says_what_it_hangs_on() -> None:
    message = parsed(FULL)["findings"][1]["message"]
    assert message.endswith("This hangs on: suppressRecording of flow Main is not exported.")


def test_a_waiver_is_shown() -> None:
    waived = parsed(FULL)["findings"][2]["waived"]
    assert waived == {"reason": "old flow, switched off in May", "owner": "Compliance", "expires": "2031-05-01"}


def test_the_head_of_the_report() -> None:
    report = parsed(FULL)
    assert report["tool"] == {"name": "recording-consent-auditor", "version": "9.9"}
    assert report["exit_code"] == 1
    assert report["coverage"]["objects"] == {"flow": 1, "queue": 2}
    assert report["coverage"]["unmodelled"] == {"callRobot": 1}
    assert report["assumptions"]["A7"] == "both"


def test_width_and_colour_do_not_change_a_byte() -> None:
    other = ReportOptions(exit_code=1, version="9.9", width=33, colour=True)
    assert FORMATS["json"](FULL, other) == json_report(FULL, OPTIONS)


def test_hostile_text_is_kept_but_escaped() -> None:
    text = json_report(hostile(), OPTIONS)
    assert UNSAFE.sub("", text.replace("\n", "")) == text.replace("\n", "")
    text.encode("utf-8")
    assert json.loads(text)["problems"][0]["message"] == HOSTILE_TEXT
    assert "あいう" in text


@pytest.mark.parametrize(
    "value",
    [
        {"a": HOSTILE_TEXT, "b": [], "c": {}, "d": [[], [None, True, 1.5]], "é": '\b\f/\\"\x7f\u2028'},
        {"half a pair": "\ud800", "beyond 64 bits": 10**30},
    ],
)
def test_json_is_written_as_the_standard_library_writes_it(value: dict[str, object]) -> None:
    text = json_text(value)
    assert json.loads(text) == value
    assert not UNSAFE.search(text.replace("\n", ""))
    assert text.count("\n") == json.dumps(value, indent=2).count("\n") + 1
