from __future__ import annotations

import pytest

from auditor.findings import Subject
from auditor.report.clicks import clicks


@pytest.mark.parametrize(
    ("subject", "way"),
    [
        (Subject("action", "Enable", None, "Main", container="Ask"), ("Admin", "Architect", "Main", "Ask", "Enable")),
        (Subject("menu", "Choice", None, "Main", container="Choice"), ("Admin", "Architect", "Main", "Choice")),
        (Subject("flow", "Main", None, "Main"), ("Admin", "Architect", "Main")),
        (Subject("trunk", "SIP"), ("Admin", "Telephony", "Trunks", "External Trunks", "SIP")),
        (Subject("number", "+49"), ("Admin", "Telephony", "DID Numbers", "+49")),
        (Subject("file", "x.json"), ()),
    ],
)
def test_each_kind_of_object_is_found_somewhere(subject: Subject, way: tuple[str, ...]) -> None:
    assert clicks(subject) == way
