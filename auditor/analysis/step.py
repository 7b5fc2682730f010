"""One step being taken: the moves and observations of a situation, and what every kind of step needs."""

from __future__ import annotations

from msgspec.structs import replace

from auditor.analysis import effects
from auditor.analysis.facts import Facts
from auditor.analysis.lanes import Lanes
from auditor.analysis.moves import Edge, MoveKind
from auditor.analysis.places import Connected, Endpoint, InQueue, Place, Places, Wait
from auditor.analysis.state import Kind, Note, State, note
from auditor.analysis.state import Place as Where
from auditor.graph.points import Out, Point
from auditor.model.flows import SUPPRESSIBLE, Flow, FlowType, Handling
from auditor.model.settings import Expression, Known, Setting

RAISED = "!"
"""The output through which an error leaves a module or bot that has no error handling of its own."""
JUMPED = "\u2192"
"""With a point behind it: the output through which a jump leaves the called tasks of a module or bot."""
TASK, FLOW = 1, 2
"""Frames: a called task, a called module or bot flow. 0: nothing returns."""
_CALLED_FLOWS = (FlowType.COMMON_MODULE, FlowType.BOT)


class Step:
    """Collects what can happen in one situation. frame: 0, TASK or FLOW; environment: the values of variables;

    regime: what all lanes share.
    """

    __slots__ = ("environment", "facts", "frame", "lanes", "moves", "notes", "places", "regime")

    def __init__(self, facts: Facts, lanes: Lanes, places: Places, frame: int) -> None:
        self.facts, self.lanes, self.places, self.frame = facts, lanes, places, frame
        self.environment, self.regime = facts.environment, lanes.regime
        self.moves: list[Edge[State]] = []
        self.notes: list[Note] = []

    def flow(self, point: Point) -> Flow:
        """The flow in which a point stands."""
        return self.facts.program.codes[point.flow].flow

    def go(self, target: int, state: State, why: str) -> None:
        """On, within the same task."""
        self.moves.append(Edge(MoveKind.GO, target, self.environment.trim(state, target), why))

    def out(self, point: Point, key: str, state: State, why: str = "") -> None:
        """On, through an output; a missing one falls through."""
        out = point.out(key)
        self.take(point, out, state, why)

    def take(self, point: Point, out: Out | None, state: State, why: str = "") -> None:
        """On, through this output, or to the next action without one."""
        self.go(out.target if out is not None else point.next, state, why or (out.words if out is not None else ""))

    def every_way(self, point: Point, state: State, why: str = "") -> None:
        """On, through each output, or to the next action when there is none."""
        for out in point.outs:
            self.take(point, out, state, why)
        if not point.outs:
            self.go(point.next, state, why)

    @property
    def called(self) -> bool:
        """Whether there is a caller to return to."""
        return self.frame != 0

    def call(self, target: int, state: State, why: str, frame: int) -> None:
        """Into something that returns."""
        self.moves.append(Edge(MoveKind.CALL, target, self.environment.trim(state, target), why, "", frame))

    def jump(self, point: Point, target: int, state: State, why: str) -> None:
        """To another task or menu of the flow: called tasks are abandoned (A10), a called module or bot is not."""
        if self.frame != TASK or self.regime.resumes:
            self.go(target, state, why)
        elif self.flow(point).type in _CALLED_FLOWS:
            self.leave(f"{JUMPED}{target}", state, why)
        else:
            self.enter(target, state, f"{why}, which does not return")

    def leave(self, output: str, state: State, why: str) -> None:
        """Back to the caller."""
        self.moves.append(Edge(MoveKind.LEAVE, -1, state, why, output))

    def enter(self, target: int, state: State, why: str) -> None:
        """To a point that does not return here."""
        self.moves.append(Edge(MoveKind.ENTER, target, self.environment.trim(state, target), why))

    def enter_place(self, place: Place, state: State, why: str) -> None:
        """To where no flow runs."""
        self.moves.append(Edge(MoveKind.ENTER, self.places.id(place), state, why))

    def stop(self, state: State, why: str) -> None:
        """The call ends."""
        self.moves.append(Edge(MoveKind.STOP, -1, replace(effects.flushed(state), place=Where.ENDED, hidden=0), why))

    def note(self, kind: Kind, subject: int, state: State, extra: str = "") -> None:
        """An observation."""
        self.notes.append(note(kind, subject, state, extra))

    def taint(self, point: int, state: State, reason: str) -> State:
        """Something is not understood."""
        return effects.tainted(state, point, reason, self.notes)

    def enter_flow(self, index: int, state: State, why: str, point: int) -> None:
        """A call flow takes over. point: who says so, for what is not understood."""
        code = self.facts.program.codes[index]
        if code.start is None:
            what = "is known, but its content is not in the export" if not code.flow.body else "has no known start"
            state = self.taint(point, state, f'flow "{code.flow.name}" {what}')
            self.stop(state, why)
            return
        state = self.environment.fresh(state, index)
        if code.flow.type is not FlowType.IN_QUEUE_CALL or state.place is not Where.WAITING:
            state = replace(state, place=Where.FLOW, hidden=self._hidden(code.flow), queue=-1, via=-1)
        if index in self.facts.greetings:
            state = effects.announced(state)
        self.enter(code.start, effects.settled(state, self.lanes, self.notes, why), why)

    def _hidden(self, flow: Flow) -> int:
        """The lanes in which a flow hides the call from recording."""
        if flow.type is FlowType.SECURE_CALL:
            return self.lanes.every
        computed = isinstance(flow.suppress_recording, Expression)
        unset = self.lanes.hides_computed if computed else self.lanes.hides_flow
        return self._in_lanes(flow.suppress_recording, unset) if flow.type in SUPPRESSIBLE else 0

    def _in_lanes(self, value: Setting[bool], unset: int) -> int:
        """The lanes in which a setting is on. unset: those in which it is when it is not known."""
        if isinstance(value, Known):
            return self.lanes.every if value.value else 0
        return unset

    def wait(self, queue: int, flow: int | None, state: State, why: str, point: int) -> None:
        """The call waits in a queue. flow: the in-queue flow, as in Wait; point: the action that put it there."""
        queues = self.facts.program.organisation.queues
        unset = self.lanes.hides_queue
        hidden = self._in_lanes(queues[queue].suppress, unset) if queue >= 0 else unset
        via = point if flow is not None and flow >= 0 and self.facts.may_ask(flow) else -1
        state = replace(self.environment.shared_only(state), place=Where.WAITING, hidden=hidden, queue=queue, via=via)
        self.enter_place(Wait(queue, flow), effects.settled(state, self.lanes, self.notes, why), why)

    def connect(self, endpoint: Endpoint, state: State, why: str) -> None:
        """An internal participant has the call."""
        state = replace(effects.flushed(state), place=Where.CONNECTED, hidden=0, queue=-1, via=-1)
        state = effects.settled(self.environment.shared_only(state), self.lanes, self.notes, why)
        state = effects.done(state, "service", self.notes)
        place = Connected(endpoint)
        self.note(Kind.CONNECTED, self.places.id(place), state, why)
        self.enter_place(place, state, why)

    def answer_from_queue(self, state: State) -> None:
        """While the call waits an agent may answer at any time; a queue without any member has none."""
        if self.facts.nobody(state.queue):
            return
        if state.via >= 0:
            self.note(Kind.REACHED, state.via, state)
        self.connect(InQueue(state.queue), state, "an agent answers")

    def error(self, point: Point, state: State, why: str = "an error occurs") -> None:
        """Flow error handling: an edge from every action that can raise."""
        handling = self.flow(point).error_handling
        code = self.facts.program.code_of(point)
        if handling is None and self.called and self.flow(point).type in _CALLED_FLOWS:
            self.leave(RAISED, state, why)
            return
        match handling.kind if handling is not None else Handling.DISCONNECT:
            case Handling.DISCONNECT:
                self.stop(state, f"{why}; error handling disconnects")
            case Handling.QUEUE:
                from auditor.analysis.handing import to_queue  # the two need each other

                assert handling is not None
                to_queue(self, point, handling.queue, None, state, f"{why}; error handling transfers to a queue")
            case Handling.MENU | Handling.TASK | Handling.STATE:
                assert handling is not None
                target = code.starts.get(handling.container or "")
                if target is None:
                    state = self.taint(point.id, state, "error handling leads to a container that is missing")
                    self.stop(state, why)
                else:
                    self.jump(point, target, state, f"{why}; error handling takes over")
            case Handling.END if self.called:
                self.leave("default", state, why)
            case Handling.END:
                self.stop(state, f"{why}; error handling ends the flow")
            case Handling.UNKNOWN:
                self.stop(self.taint(point.id, state, "the flow's error handling is not understood"), why)


def setting(value: Setting[bool], otherwise: bool) -> bool:
    """The value of a setting in a run: its own when known, else the one this regime explores."""
    return value.value if isinstance(value, Known) else otherwise
