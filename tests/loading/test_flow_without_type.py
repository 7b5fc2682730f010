"""Flow configuration JSON that lost its type."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.loading.configuration import flow_from_configuration
from auditor.model.flows import FlowType
from tests.loading.configuration_source import action, document, task


@pytest.mark.parametrize(
    ("parts", "type"),
    [
        ({}, FlowType.INBOUND_CALL),
        ({"isSecure": True}, FlowType.SECURE_CALL),
        ({"isSecure": False, "outboundCallSettings": {"contactList": {}}}, FlowType.OUTBOUND_CALL),
        ({"inQueueCallFlowSettings": {"holdMusic": {}}}, FlowType.IN_QUEUE_CALL),
        ({"botFlowSettings": {"a": 1}}, FlowType.BOT),
    ],
)
def test_a_flow_without_a_type_is_read_and_named(parts: dict[str, Any], type: FlowType) -> None:
    bare = {**document(task("t", action("DisconnectAction", "a"))), **parts}
    bare.pop("type")
    flow, problems = flow_from_configuration(bare, "Main.json")
    assert flow.type is type
    assert [(p.code, "its type is missing" in p.message) for p in problems] == [("RX906", True)]
