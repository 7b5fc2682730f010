from __future__ import annotations

from auditor.model.directory import CALL_FLOWS, Ambiguous, Directory, Found, Missing
from auditor.model.flows import Flow, FlowType
from auditor.model.location import NOWHERE
from auditor.model.operations import Reference
from auditor.model.organisation import Organisation
from auditor.model.routing import ObjectRef, Queue, User
from auditor.model.settings import UNSET


def flow(name: str, type: FlowType = FlowType.INBOUND_CALL, id: str | None = None, division: str = "Home") -> Flow:
    return Flow(id, name, division, type, type.value, NOWHERE, None, (), UNSET)


def queue(id: str, name: str, division: str = "Home") -> Queue:
    return Queue(id, name, division, None, UNSET, UNSET, UNSET, None, (), None, None, NOWHERE)


def user(id: str, name: str, email: str | None = None) -> User:
    return User(id, name, email, "active", None, None, None, (), (), NOWHERE)


def test_id_wins_over_name() -> None:
    directory = Directory(Organisation(queues=(queue("q1", "Sales"), queue("q2", "Service"))))
    assert directory.queue(Reference("queue", "Q2", "Sales")) == Found(queue("q2", "Service"))


def test_unique_name_is_enough() -> None:
    directory = Directory(Organisation(queues=(queue("q1", "Sales", "North"),)))
    assert directory.queue(Reference("queue", None, "Sales"), "South") == Found(queue("q1", "Sales", "North"))
    assert directory.queue(Reference("queue", None, "sales")) == Found(queue("q1", "Sales", "North"))


def test_same_name_is_told_apart_by_division_or_is_ambiguous() -> None:
    north, south = queue("q1", "Sales", "North"), queue("q2", "Sales", "South")
    directory = Directory(Organisation(queues=(north, south)))
    ref = Reference("queue", None, "Sales")
    assert directory.queue(ref, "South") == Found(south)
    assert directory.queue(ref) == Ambiguous((north, south))
    assert directory.queue(ref, "East") == Ambiguous((north, south))


def test_exact_spelling_is_preferred() -> None:
    directory = Directory(Organisation(queues=(queue("q1", "sales"), queue("q2", "Sales"))))
    assert directory.queue(Reference("queue", None, "Sales")) == Found(queue("q2", "Sales"))
    assert isinstance(directory.queue(Reference("queue", None, "SALES")), Ambiguous)


def test_an_unknown_id_falls_back_to_a_flow_without_id_only() -> None:
    directory = Directory(Organisation(flows=(flow("Main"), flow("Other", id="f2"))))
    assert directory.flow(ObjectRef("f9", "Main")) == Found(0)
    assert directory.flow(ObjectRef("f9", "Other")) == Missing()
    assert directory.flow(ObjectRef(None, None)) == Missing()


def test_flow_types_tell_equal_names_apart() -> None:
    directory = Directory(Organisation(flows=(flow("Main"), flow("Main", FlowType.COMMON_MODULE))))
    assert directory.flow(Reference("flow", None, "Main")) == Ambiguous((0, 1))
    assert directory.flow(Reference("flow", None, "Main"), frozenset({FlowType.INBOUND_CALL})) == Found(0)
    assert directory.module(Reference("module", None, "Main")) == Found(1)
    assert directory.bot(Reference("bot", None, "Main")) == Missing()


def test_users_are_found_by_address_too() -> None:
    directory = Directory(Organisation(users=(user("u1", "Ada", "ada@example.org"),)))
    assert directory.user(Reference("user", None, "ada@example.org")) == Found(user("u1", "Ada", "ada@example.org"))
    assert directory.user(Reference("user", None, "eve@example.org")) == Missing()


def test_resolve_goes_by_kind() -> None:
    directory = Directory(Organisation(queues=(queue("q1", "Sales"),)))
    assert directory.resolve(Reference("queue", "q1")) == Found(queue("q1", "Sales"))
    assert directory.resolve(Reference("site", "s1")) == Missing()
    assert directory.resolve(Reference("skill", "s1")) is None


def test_an_id_is_right_whatever_the_type() -> None:
    directory = Directory(Organisation(flows=(flow("Main", FlowType.VOICEMAIL, "f1"), flow("Main"))))
    assert directory.flow(Reference("flow", "f1", "Main"), CALL_FLOWS) == Found(0)
    assert directory.flow(Reference("flow", "f2", "Main"), CALL_FLOWS) == Found(1)
