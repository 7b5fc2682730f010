from __future__ import annotations

import pytest

from auditor.errors import DocumentError
from auditor.loading.archy import archy_root, flow_from_archy
from auditor.loading.yaml_reader import read_yaml
from auditor.model.expressions import Literal
from auditor.model.flows import ContainerKind, FlowType, FlowVariable, Handling, Task
from auditor.model.location import Location
from auditor.model.operations import (
    EndTask,
    Play,
    Reference,
    Spoken,
)
from auditor.model.settings import UNSET, Expression, Known
from auditor.model.sites import action_sites
from tests.loading.archy_source import flow_of, load


def test_the_head_of_a_flow() -> None:
    flow = flow_of(
        """
        inboundCall:
          name: Main
          division: Home
          startUpRef: "/inboundCall/tasks/task[First task_12]"
          defaultLanguage: de-DE
          supportedLanguages: {de-DE: {none: true}, en-us: {}}
          initialGreeting: {tts: Guten Tag}
          variables:
            - stringVariable: {name: Flow.b, initialValue: {noValue: true}, isInput: true, isOutput: false}
            - booleanVariable: {name: Flow.a, initialValue: {lit: false}}
            - stringCollectionVariable: {name: Flow.c, isOutput: true}
          settingsSpeechRec: {asrCompanyDir: entireFlow, suppressRecording: true}
          settingsErrorHandling:
            errorHandling: {queue: {targetQueue: {lit: {name: Help}}}}
            preHandlingAudio: {tts: Sorry}
          settingsActionDefaults: {callData: {processingPrompt: {noValue: true}}}
          tasks:
            - task: {name: First task, refId: First task_12, actions: [{disconnect: {name: Bye}}]}
        """
    )
    assert (flow.id, flow.name, flow.division, flow.type, flow.type_name) == (
        None,
        "Main",
        "Home",
        FlowType.INBOUND_CALL,
        "inboundCall",
    )
    assert (flow.start, flow.default_language, flow.languages) == ("First task_12", "de-de", ("de-de", "en-us"))
    assert flow.greeting == (Spoken("Guten Tag"),)
    assert flow.company_directory == "entireFlow"
    assert flow.variables == (
        FlowVariable("Flow.a", "boolean", Literal(False, "bln")),
        FlowVariable("Flow.b", "string", None, is_input=True),
        FlowVariable("Flow.c", "stringcollection", None, is_output=True),
    )
    assert flow.suppress_recording == Known(
        True, Location("main.yaml", 13, "/inboundCall/settingsSpeechRec/suppressRecording")
    )
    assert flow.error_handling is not None
    assert flow.error_handling.kind is Handling.QUEUE
    assert flow.error_handling.queue == Reference("queue", None, "Help")
    assert flow.error_handling.audio == (Spoken("Sorry"),)
    assert len(list(action_sites(flow))) == 1


@pytest.mark.parametrize(
    ("root", "type"),
    [
        ("inboundCall", FlowType.INBOUND_CALL),
        ("INBOUNDCALL", FlowType.INBOUND_CALL),
        ("inqueueCall", FlowType.IN_QUEUE_CALL),
        ("inQueueCall", FlowType.IN_QUEUE_CALL),
        ("outboundCall", FlowType.OUTBOUND_CALL),
        ("secureCall", FlowType.SECURE_CALL),
        ("commonModule", FlowType.COMMON_MODULE),
        ("voicemail", FlowType.VOICEMAIL),
        ("voiceSurvey", FlowType.VOICE_SURVEY),
        ("bot", FlowType.BOT),
        ("botFlow", FlowType.BOT),
        ("workflow", FlowType.OTHER),
        ("inboundShortMessage", FlowType.OTHER),
        ("digitalBotFlow", FlowType.OTHER),
    ],
)
def test_root_keys(root: str, type: FlowType) -> None:
    flow = flow_of(f"{root}: {{name: X, startUpTaskActions: [{{disconnect: {{}}}}]}}")
    assert (flow.type, flow.type_name) == (type, root)
    assert len(list(action_sites(flow))) == 1


def test_other_yaml_is_no_flow() -> None:
    tree = read_yaml("services: {web: {image: x}}\n")
    assert archy_root(tree) is None
    with pytest.raises(DocumentError):
        flow_from_archy(tree, "compose.yaml")


@pytest.mark.parametrize(
    ("value", "setting"),
    [("false", False), ('"true"', True), ("{lit: true}", True), ("{exp: 'true'}", True)],
)
def test_suppression_that_is_known(value: str, setting: bool) -> None:
    flow = flow_of(
        f"inboundCall: {{name: X, startUpTaskActions: [], settingsSpeechRec: {{suppressRecording: {value}}}}}"
    )
    assert isinstance(flow.suppress_recording, Known)
    assert flow.suppress_recording.value is setting


@pytest.mark.parametrize("value", ["{exp: Flow.x}", "{{suppress}}", '"${suppress}"'])
def test_suppression_that_is_an_expression(value: str) -> None:
    flow = flow_of(
        f"inboundCall: {{name: X, startUpTaskActions: [], settingsSpeechRec: {{suppressRecording: {value}}}}}"
    )
    assert isinstance(flow.suppress_recording, Expression)


def test_suppression_that_is_unset() -> None:
    assert flow_of("inboundCall: {name: X, startUpTaskActions: []}").suppress_recording == UNSET


def test_templates_keep_their_text() -> None:
    flow = flow_of("inboundCall:\n  name: {{flow name}}\n  division: ${division}\n  startUpTaskActions: []\n")
    assert (flow.name, flow.division, flow.templates) == ("{{flow name}}", "${division}", ("flow name", "division"))


def test_file_names_tell_id_and_version() -> None:
    id = "8c5ef972-2a16-425e-a129-37117d40c235"
    source = "inboundCall: {name: X, startUpTaskActions: []}"
    assert load(source, f"flows/Main-INBOUNDCALL-{id}.yaml")[0].id == id
    assert load(source, "flows/Main_v57-0.yaml")[0].version == "57.0"


def test_an_in_queue_flow_is_one_loop() -> None:
    flow = flow_of(
        """
        inqueueCall:
          name: Wait
          startUpTaskActions:
            - holdMusic: {prompt: {exp: Flow.HoldPrompt}}
          startUpTaskVariables:
            - integerVariable: {name: Task.n}
        """
    )
    (task,) = flow.containers
    assert isinstance(task, Task)
    assert (flow.start, task.id, task.name, task.kind) == (
        "startUpTask",
        "startUpTask",
        "In-Queue Task",
        ContainerKind.LOOP_TASK,
    )
    assert task.variables == (FlowVariable("Task.n", "integer"),)
    assert isinstance(task.block[0].operation, Play) and task.block[0].operation.flushes


def test_a_common_module_runs_once() -> None:
    (task,) = flow_of("commonModule: {name: M, startUpTaskActions: [{endTask: {}}]}").containers
    assert isinstance(task, Task)
    assert task.kind is ContainerKind.TASK
    assert task.block[0].operation == EndTask("default")


def test_states_and_bots_are_containers() -> None:
    flow = flow_of(
        """
        botFlow:
          name: B
          startUpRef: "/botFlow/bots/bot[Initial_10]"
          bots: [{bot: {name: Initial, refId: Initial_10, actions: [{exitBotFlow: {}}]}}]
          states: [{state: {name: S, actions: []}}]
        """
    )
    assert {c.name: c.kind for c in flow.containers if isinstance(c, Task)} == {
        "Initial": ContainerKind.BOT_STATE,
        "S": ContainerKind.STATE,
    }
    assert flow.start == "Initial_10"


def test_states_written_as_a_mapping() -> None:
    flow = flow_of(
        """
        workflow:
          name: W
          startUpRef: "/workflow/states/state[First_10]"
          states:
            state[First_10]: {name: First, actions: [{disconnect: {}}]}
        """
    )
    assert flow.start == "First_10"
    assert len(list(action_sites(flow))) == 1


def test_a_flow_without_start_is_a_problem() -> None:
    flow, (problem,) = load("inboundCall: {name: X, tasks: []}")
    assert flow.start is None
    assert problem.code == "RX901"


def test_gaps_in_flows_that_are_not_voice_do_not_matter() -> None:
    flow, problems = load("workflow: {name: W, startUpTaskActions: [{teleport: {}}]}")
    assert (flow.type, problems) == (FlowType.OTHER, ())
    assert len(list(action_sites(flow))) == 1
