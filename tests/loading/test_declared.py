"""What a flow says of its variables, those of tasks included."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.model.flows import FlowVariable, Task
from tests.analysis.flows_in_words import act, actions_flow

AGREED, NAME = FlowVariable("Task.Agreed", "boolean"), FlowVariable("Flow.Name", "string")


def test_variables_of_tasks_are_declared_too() -> None:
    flow = actions_flow(act("disconnect", "End"))
    (task,) = flow.containers
    assert isinstance(task, Task)
    alike = replace(flow, variables=(NAME,), containers=(replace(task, variables=(AGREED,)),) * 2)
    assert alike.declared == (NAME, AGREED, AGREED)
    assert [alike.type_of(key) for key in ("flow.name", "task.agreed", "task.none")] == ["string", "boolean", ""]
    other = replace(task, variables=(replace(AGREED, type="string"),))
    assert replace(alike, containers=(*alike.containers, other)).type_of("task.agreed") == ""
