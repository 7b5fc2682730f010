"""One step being taken: the moves and observations of a situation, and what every kind of step needs."""

from __future__ import annotations

from auditor.analysis import effects
from auditor.analysis.environment import Environment
from auditor.analysis.explore import Edge, MoveKind
from auditor.analysis.facts import Facts
from auditor.analysis.places import Connected, Endpoint, InQueue, Place, Places, Wait
from auditor.analysis.state import Kind, Regime, Seen, State, seen
from auditor.analysis.state import Place as Where
from auditor.graph.points import Out, Point
from auditor.model.flows import SUPPRESSIBLE, Flow, FlowType, Handling
from auditor.model.settings import Known, Setting

RAISED = "!"
"""The output through which an error leaves a module or bot that has no error handling of its own."""
JUMPED = "\u2192"
"""With a point behind it: the output through which a jump leaves the called tasks of a module or bot."""
TASK, FLOW = 1, 2
"""Frames: a called task, a called module or bot flow. 0: nothing returns."""
_CALLED_FLOWS = (FlowType.COMMON_MODULE, FlowType.BOT)


class Step:
    """Collects what can happen in one situation. frame: 0, TASK or FLOW."""

    def __init__(self, facts: Facts, regime: Regime, places: Places, frame: int) -> None:
        self.facts, self.regime, self.places, self.frame = facts, regime, places, frame
        self.moves: list[Edge[State]] = []
        self.notes: list[Seen] = []

    @property
    def environment(self) -> Environment:
        """The values of variables."""
        return self.facts.environment

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
        self.moves.append(Edge(MoveKind.STOP, -1, effects.flushed(state)._replace(place=Where.ENDED), why))

    def note(self, kind: Kind, subject: int, state: State, extra: str = "") -> None:
        """An observation."""
        self.notes.append(seen(kind, subject, state, extra))

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
        if code.flow.type is not FlowType.IN_QUEUE_CALL or state.place not in (Where.WAITING, Where.SUPPRESSED_WAITING):
            hidden = self._hidden(code.flow)
            state = state._replace(place=Where.SUPPRESSED_FLOW if hidden else Where.FLOW, queue=-1, via=-1)
        if index in self.facts.greetings:
            state = effects.announced(state)
        self.enter(code.start, effects.settled(state, self.regime, self.notes, why), why)

    def _hidden(self, flow: Flow) -> bool:
        if flow.type is FlowType.SECURE_CALL:
            return True
        return flow.type in SUPPRESSIBLE and setting(flow.suppress_recording, self.regime.hides_flow)

    def wait(self, queue: int, flow: int | None, state: State, why: str, point: int) -> None:
        """The call waits in a queue. flow: the in-queue flow, as in Wait; point: the action that put it there."""
        queues = self.facts.program.organisation.queues
        hidden = setting(queues[queue].suppress, self.regime.hides_queue) if queue >= 0 else self.regime.hides_queue
        via = point if flow is not None and flow >= 0 and self.facts.may_ask(flow) else -1
        state = self.environment.shared_only(state)._replace(
            place=Where.SUPPRESSED_WAITING if hidden else Where.WAITING, queue=queue, via=via
        )
        self.enter_place(Wait(queue, flow), effects.settled(state, self.regime, self.notes, why), why)

    def connect(self, endpoint: Endpoint, state: State, why: str) -> None:
        """An internal participant has the call."""
        state = effects.flushed(state)._replace(place=Where.CONNECTED, queue=-1, via=-1)
        state = effects.settled(self.environment.shared_only(state), self.regime, self.notes, why)
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
