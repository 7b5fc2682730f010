from __future__ import annotations

from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Task
from auditor.model.location import Location
from auditor.model.operations import (
    Argument,
    AskBot,
    Binding,
    CallBot,
    CallTask,
    Case,
    Decide,
    Disconnect,
    EndTask,
    Jump,
    Loop,
    Reference,
    Spoken,
    Switch,
    SwitchStyle,
    Unmodelled,
)
from auditor.model.sites import action_sites
from tests.loading.archy_source import actions_of, flow_of, load, operation_of


def test_actions_know_their_line_and_pointer() -> None:
    (action,) = actions_of("- decision:\n    name: D\n    condition: {exp: Flow.a}\n")
    assert action.location == Location("main.yaml", 8, "/inboundCall/tasks/0/task/actions/0/decision")


def test_outputs_always_exist_and_fall_through_when_omitted() -> None:
    (decision,) = actions_of(
        """
        - decision:
            condition: {exp: Flow.a == "1"}
            outputs:
              no: {actions: [{disconnect: {}}]}
        """
    )
    assert [(o.key, o.label, len(o.block)) for o in decision.outputs] == [("yes", "Yes", 0), ("no", "No", 1)]
    assert decision.name == "Decision"
    assert decision.operation == Decide(Apply("==", (Variable("Flow.a"), Literal("1", "str"))))
    assert decision.outputs[1].block[0].operation == Disconnect()


def test_outputs_in_every_way_of_writing() -> None:
    (ask,) = actions_of(
        """
        - askForIntent:
            question: {exp: MakeCommunication("How can I help?")}
            outputs:
              maxNoInputs: {enabled: false}
              noIntent: {actions: [{disconnect: {}}], enabled: true}
              intents:
                - intent: {name: Sales, actions: [{disconnect: {}}, {disconnect: {}}]}
                - intent: {name: Sales, actions: []}
                - intent: {name: Support}
        """
    )
    assert [(o.key, len(o.block), o.disabled) for o in ask.outputs] == [
        ("knowledge", 0, False),
        ("noIntent", 1, False),
        ("maxNoInputs", 0, True),
        ("Sales", 2, False),
        ("Sales (2)", 0, False),
        ("Support", 0, False),
    ]
    assert ask.operation == AskBot((Spoken("How can I help?"),))


def test_outputs_written_directly_under_the_action() -> None:
    (decision,) = actions_of("- decision: {condition: {exp: Flow.a}, yes: {actions: [{disconnect: {}}]}}")
    assert [len(o.block) for o in decision.outputs] == [1, 0]


def test_values_named_outputs_are_no_ways_out() -> None:
    (guide,) = actions_of("- callGuide: {guide: {name: G, id: g1}, outputs: [{name: balance, var: Flow.b}]}")
    assert [o.key for o in guide.outputs] == ["success", "failure", "timeout"]
    assert guide.operation == CallBot("callGuide", Reference("external_bot", "g1", "G"), bindings=())


def test_a_switch_of_conditions() -> None:
    (switch,) = actions_of(
        """
        - switch:
            evaluate:
              firstTrue:
                default: {actions: [{disconnect: {}}]}
                cases:
                  - case: {value: {exp: Flow.a}, actions: [{disconnect: {}}, {disconnect: {}}]}
                  - case: {name: Second, value: {lit: true}}
        """
    )
    assert switch.operation == Switch(
        SwitchStyle.FIRST_TRUE,
        (Case("case1", Variable("Flow.a")), Case("case2", Literal(True, "bln"), "Second")),
    )
    assert [(o.key, o.label, len(o.block)) for o in switch.outputs] == [
        ("default", "Default", 1),
        ("case1", "Case 1", 2),
        ("case2", "Second", 0),
    ]
    assert (
        switch.outputs[1]
        .block[1]
        .location.pointer.endswith("/switch/evaluate/firstTrue/cases/0/case/actions/1/disconnect")
    )


def test_a_switch_that_compares() -> None:
    switch = operation_of(
        """
        - switch:
            evaluate:
              firstMatch:
                string: {value: {exp: Flow.a}, cases: [{case: {value: {lit: 1}, actions: []}}]}
        """
    )
    assert switch == Switch(SwitchStyle.MATCH, (Case("case1", Literal("1", "str")),), Variable("Flow.a"))


def test_a_switch_that_takes_every_true_case() -> None:
    switch = operation_of("- switch: {evaluate: {allTrue: {cases: [{case: {value: {exp: Flow.a}}}]}}}")
    assert isinstance(switch, Switch) and switch.style is SwitchStyle.ALL_TRUE


def test_loops() -> None:
    (loop,) = actions_of(
        """
        - loop:
            currentIndex: {var: Task.i}
            loopCount: {lit: 3}
            outputs: {loop: {actions: [{loopNext: {}}, {loopExit: {}}]}}
        """
    )
    assert loop.operation == Loop("Task.i", Literal(3, "int"))
    assert [(o.key, len(o.block)) for o in loop.outputs] == [("loop", 2)]


def test_a_loop_with_conditions() -> None:
    (loop,) = actions_of(
        """
        - loopUntil:
            maxLoopCount: {lit: 5}
            until: {cases: [{case: {value: {exp: Flow.done}, actions: [{disconnect: {}}]}}]}
            outputs: {loop: {actions: []}}
        """
    )
    assert loop.operation == Loop(None, Literal(5, "int"), (Case("case1", Variable("Flow.done")),))
    assert [(o.key, len(o.block)) for o in loop.outputs] == [("loop", 0), ("loopsMax", 0), ("case1", 1)]


def test_a_blank_name_stays_blank() -> None:
    (enable,) = actions_of('- enableParticipantRecord: {name: ""}')
    assert enable.name == ""


TASKS = """
inboundCall:
  name: Main
  startUpRef: "/inboundCall/tasks/task[A [1]_1]"
  tasks:
    - task:
        name: A [1]
        refId: A [1]_1
        actions:
          - callTask:
              targetTaskRef: "{target}"
              taskInputs:
                - string: {{name: Task.in, value: {{lit: 1}}}}
              taskOutputs:
                - boolean: {{name: Task.out, variable: Flow.out}}
              outputs:
                Agreed: {{actions: [{{disconnect: {{}}}}]}}
          - jumpToTask: {{targetTaskRef: "./tasks/task[B_2]"}}
    - task:
        name: B
        refId: B_2
        outputPaths: [outputPath: {{name: Agreed}}, outputPath: {{name: Default}}]
        actions:
          - endTask: {{outputPath: {{name: Agreed}}}}
          - endTask: {{outputPath: {{name: Default}}}}
          - jumpToTask: {{targetTaskRef: "/inboundCall/tasks/task[A [1]_1]"}}
"""


def test_tasks_that_call_each_other() -> None:
    flow = flow_of(TASKS.format(target="/inboundCall/tasks/task[B_2]"))
    first, second = flow.containers
    assert isinstance(first, Task) and isinstance(second, Task)
    assert flow.start == first.id
    assert second.output_paths == ("Agreed",)
    call, jump = first.block
    assert call.operation == CallTask(
        second.id, (Argument("Task.in", Literal("1", "str")),), (Binding("Task.out", "Flow.out"),)
    )
    assert [(o.key, len(o.block)) for o in call.outputs] == [("default", 0), ("Agreed", 1)]
    assert jump.operation == Jump(second.id)
    assert [a.operation for a in second.block] == [EndTask("Agreed"), EndTask("default"), Jump(first.id)]


def test_a_dangling_reference_is_a_problem() -> None:
    flow, problems = load(TASKS.format(target="/inboundCall/tasks/task[Gone_9]"))
    first = flow.containers[0]
    assert isinstance(first, Task)
    operation = first.block[0].operation
    assert isinstance(operation, CallTask) and operation.container is None
    (problem,) = problems
    assert (problem.code, problem.subject, problem.location.line) == ("RX901", "flow:Main", 11)
    assert "Gone_9" in problem.message


def test_an_unknown_action_is_followed_and_named_once() -> None:
    flow, (problem,) = load(
        """
        inboundCall:
          name: X
          startUpTaskActions:
            - teleport: {name: Beam, outputs: {there: {actions: [{disconnect: {}}]}}}
            - teleport: {}
        """
    )
    sites = list(action_sites(flow))
    assert [s.action.type for s in sites] == ["teleport", "disconnect", "teleport"]
    assert sites[0].action.operation == Unmodelled("teleport")
    assert sites[0].action.outputs[0].key == "there"
    assert (problem.code, problem.subject, problem.location.line) == ("RX903", "flow:X", 5)
    assert "2 times" in problem.message and "Beam" in problem.message


def test_what_is_no_action_is_a_problem() -> None:
    _, problems = load("inboundCall: {name: X, startUpTaskActions: [just text, {a: {}, disconnect: {}}]}")
    assert [p.code for p in problems] == ["RX906", "RX906"]
