from __future__ import annotations

import pytest
from msgspec.structs import replace

from auditor.loading.references import unresolved
from auditor.model.expressions import Apply, Literal, Variable
from auditor.model.flows import Action, ContainerKind, ErrorHandling, Flow, FlowType, Handling, Task
from auditor.model.location import Location
from auditor.model.operations import (
    CallBot,
    CallModule,
    CreateCallback,
    Disconnect,
    Dynamic,
    Operation,
    Reference,
    Schedule,
    SetPostFlow,
    TransferFlow,
    TransferGroup,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.model.routing import (
    CallRoute,
    Campaign,
    Did,
    EmergencyFlow,
    EmergencyGroup,
    Group,
    Member,
    ObjectRef,
    Queue,
    Reaction,
    ResponseSet,
    ScheduleGroup,
    User,
)
from auditor.model.routing import Schedule as Hours
from auditor.model.settings import UNSET
from auditor.model.telephony import OutboundRoute, Phone, Trunk, TrunkBase

HERE = Location("x.yaml", 7, "/here")
AT = Location("x.json", None, "/0")


def flow(
    *operations: Operation, name: str = "Main", type: FlowType = FlowType.INBOUND_CALL, id: str | None = None
) -> Flow:
    actions = tuple(Action("", None, f"Step {n}", "step", o, (), HERE) for n, o in enumerate(operations))
    task = Task("t", "Start", ContainerKind.TASK, actions, HERE)
    return Flow(id, name, "Home", type, type.value, HERE, "t", (task,), UNSET)


def queue(id: str = "q1", name: str = "Sales", division: str = "Home") -> Queue:
    return Queue(id, name, division, None, UNSET, UNSET, UNSET, None, (), None, None, AT)


def user(id: str) -> User:
    return User(id, id, None, "active", None, None, None, (), (), AT)


def group(members: tuple[str, ...] | None = None) -> Group:
    return Group("g1", "Reception", members, (), (), True, AT)


def trunk_base(id: str) -> TrunkBase:
    return TrunkBase(
        id, id, "EXTERNAL", "active", None, False, None, None, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, UNSET, AT
    )


def told(organisation: Organisation) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in unresolved(organisation)]


SALES = Reference("queue", None, "Sales")
CHOSEN = Apply("findqueue", (Variable("Flow.QueueName"),))


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (TransferQueue(SALES), 'the queue "Sales" is not in the export.'),
        (TransferQueue(Reference("queue", "q9")), "the queue with the id q9 is not in the export."),
        (TransferQueue(None), "no queue is named."),
        (TransferFlow(Reference("flow", None, "Next")), 'the flow "Next" is not in the export.'),
        (TransferFlow(None), "no flow is named."),
        (CallModule(Reference("module", None, "Main")), 'the common module "Main" is not in the export.'),
        (CallBot("callBotFlow", Reference("bot", None, "Bot")), 'the bot "Bot" is not in the export.'),
        (SetPostFlow(Reference("flow", None, "Survey")), 'the post flow "Survey" is not in the export.'),
        (CreateCallback(SALES), 'the callback queue "Sales" is not in the export.'),
        (TransferVoicemail(SALES), 'the voicemail box "Sales" is not in the export.'),
        (TransferUser(None), "no user is named."),
    ],
)
def test_what_a_flow_names_and_the_export_lacks(operation: Operation, message: str) -> None:
    (problem,) = unresolved(Organisation(flows=(flow(operation),)))
    assert problem == Problem("RX901", f'In flow "Main", action "Step 0": {message}', HERE, problem.hint, "flow:Main")
    assert problem.hint


@pytest.mark.parametrize(
    "operation",
    [
        Disconnect(),
        CreateCallback(None),
        SetPostFlow(None),
        CallBot("callLexV2Bot", Reference("external_bot", None, "Lex")),
        TransferUser(Reference("user", "u1")),
        TransferGroup(Reference("group", "g1")),
        Schedule(
            Reference("schedule", None, "Hours"), Reference("schedule_group", "x"), Reference("emergency_group", "y")
        ),
        TransferQueue(Dynamic("queue", Literal("Sales"))),
    ],
)
def test_what_is_no_fault(operation: Operation) -> None:
    """Outside objects, nothing where nothing is allowed, and kinds that the export lacks altogether (RX908)."""
    assert told(Organisation(flows=(flow(operation),))) == []


@pytest.mark.parametrize(
    ("operation", "organisation"),
    [
        (TransferUser(Reference("user", "u1")), Organisation(users=(user("u2"),))),
        (TransferGroup(Reference("group", "g2")), Organisation(groups=(group(),))),
        (Schedule(Reference("schedule", "s1")), Organisation(schedules=(Hours("s2", "x", None, None, None, AT),))),
    ],
)
def test_kinds_that_the_export_holds_are_held_to_it(operation: Operation, organisation: Organisation) -> None:
    codes = [code for code, _ in told(replace(organisation, flows=(flow(operation),)))]
    assert codes == ["RX901"]


def test_targets_of_the_run_time_are_told_with_their_expression() -> None:
    ((code, message),) = told(Organisation(flows=(flow(TransferQueue(Dynamic("queue", CHOSEN))),)))
    assert code == "RX904"
    assert "the queue is chosen at run time by FindQueue(Flow.QueueName)" in message


def test_names_that_fit_several_objects() -> None:
    twins = (queue("q1", division="North"), queue("q2", division="South"))
    ((code, message),) = told(Organisation(flows=(flow(TransferQueue(SALES)),), queues=twins))
    assert code == "RX907"
    assert 'the queue "Sales" may be any of 2 (x.json (/0), x.json (/0))' in message
    assert told(Organisation(flows=(flow(TransferQueue(SALES)),), queues=(*twins, queue("q3")))) == []


def test_flows_of_other_types_do_not_count() -> None:
    module = flow(name="Next", type=FlowType.COMMON_MODULE)
    secure = flow(name="Next", type=FlowType.SECURE_CALL)
    other = flow(name="Next")
    calls = flow(
        TransferFlow(Reference("flow", None, "Next")), TransferFlow(Reference("flow", None, "Next"), secure=True)
    )
    assert told(Organisation(flows=(calls, other, module, secure))) == []
    assert [m for _, m in told(Organisation(flows=(calls, module)))] == [
        'In flow "Main", action "Step 0": the flow "Next" is not in the export.',
        'In flow "Main", action "Step 1": the flow "Next" is not in the export.',
    ]


def test_flows_without_voice_are_not_looked_into() -> None:
    assert told(Organisation(flows=(flow(TransferQueue(SALES), type=FlowType.OTHER),))) == []


def test_the_queue_of_the_error_handling() -> None:
    handling = ErrorHandling(Handling.QUEUE, HERE, Reference("queue", None, "Help"))
    ((_, message),) = told(Organisation(flows=(replace(flow(), error_handling=handling),)))
    assert message == 'In flow "Main", error handling: the queue "Help" is not in the export.'


ROUTE = CallRoute(
    "r1",
    "Hotline",
    "Home",
    ("+49",),
    ObjectRef("f1", "Main"),
    None,
    ObjectRef("f2", "Holiday"),
    ObjectRef("sg", None),
    AT,
)


def test_slots_of_call_routes_find_yaml_flows_by_name() -> None:
    problems = unresolved(Organisation(routes=(ROUTE,), flows=(flow(),)))
    assert [(p.message, p.subject, p.location.pointer) for p in problems] == [
        (
            'Call route "Hotline": the flow for holidays "Holiday" is not in the export.',
            "route:Hotline",
            "/0/holidayHoursFlow",
        )
    ]
    assert len(unresolved(Organisation(routes=(ROUTE,), flows=(flow(id="f7"),)))) == 2


def test_references_between_objects() -> None:
    organisation = Organisation(
        queues=(replace(queue(), in_queue_flow="f8", in_queue_flow_name="Wait", backup_queue="q8"),),
        campaigns=(Campaign("c", "Spring", None, "power", "on", "q9", "s9", None, "rs9", AT),),
        emergency_groups=(EmergencyGroup("e", "Fire", UNSET, (EmergencyFlow(ObjectRef(None), ("r9",)),), AT),),
        schedule_groups=(ScheduleGroup("sg", "Office", ("sc9",), (), (), AT),),
        outbound_routes=(OutboundRoute("o", "Out", None, UNSET, ("tb1", "tb9"), AT),),
        trunk_bases=(trunk_base("tb1"),),
        trunks=(Trunk("t", "Run", "tb8", None, AT),),
        phones=(Phone("p", "Desk", None, "pb9", None, None, "u9", UNSET, (), AT),),
        dids=(Did("d", "+4930", "p9", None, "PHONE", None, AT), Did("d2", "+4931", None, None, "USER", None, AT)),
        response_sets=(ResponseSet("rs", "Answers", (Reaction("person", "transfer_flow", "f9", "Out"),), AT),),
        users=(user("u1"),),
        routes=(replace(ROUTE, open_flow=None, holiday_flow=None),),
    )
    assert [message for _, message in told(organisation)] == [
        'Queue "Sales": the in-queue flow "Wait" is not in the export.',
        'Queue "Sales": the backup queue with the id q8 is not in the export.',
        'Campaign "Spring": the queue with the id q9 is not in the export.',
        'Campaign "Spring": the call analysis response set with the id rs9 is not in the export.',
        'Emergency group "Fire": no flow is named.',
        'Emergency group "Fire": the call route with the id r9 is not in the export.',
        'Outbound route "Out": the trunk with the id tb9 is not in the export.',
        'Trunk "Run": the trunk base with the id tb8 is not in the export.',
        'Phone "Desk": the user with the id u9 is not in the export.',
        "Number +4930: the owner (phone) with the id p9 is not in the export.",
        'Call analysis response set "Answers": the flow for person "Out" is not in the export.',
    ]


def test_members_who_are_no_users_are_counted_once_a_queue() -> None:
    absent = tuple(Member(f"u{n}") for n in range(5))
    organisation = Organisation(
        queues=(replace(queue(), members=absent),), groups=(group(("u0", "u9")),), users=(user("u0"),)
    )
    assert [message for _, message in told(organisation)] == [
        'Queue "Sales": 4 of its members are not among the exported users (u1, u2, u3, ...).',
        'Group "Reception": 1 of its members are not among the exported users (u9).',
    ]
    assert told(replace(organisation, users=())) == []
