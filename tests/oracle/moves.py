"""How a call moves between positions: outputs, calls that return, jumps, transfers, errors."""

from __future__ import annotations

from collections.abc import Iterator

from auditor.model.flows import ErrorHandling, FlowType, Handling, Task
from auditor.model.operations import (
    CallBot,
    CallModule,
    CallTask,
    Jump,
    Menus,
    Reference,
    Target,
    TransferExtension,
    TransferFlow,
    TransferGroup,
    TransferNumber,
    TransferQueue,
    TransferUser,
    TransferVoicemail,
)
from auditor.model.routing import ObjectRef
from auditor.model.settings import Known
from tests.oracle.endpoints import UNKNOWN_QUEUE, Endpoints
from tests.oracle.expressions import Special, Value
from tests.oracle.program import Program, Spot, is_loop_task, speaks_of_recording
from tests.oracle.state import Config, Event, Frame, Step, abandon, arrive, copied, flush, lost
from tests.oracle.values import Values, pairs_of

Transfer = (
    TransferQueue | TransferFlow | TransferUser | TransferGroup | TransferNumber | TransferVoicemail | TransferExtension
)
MODULES = frozenset({FlowType.COMMON_MODULE})
BOTS = frozenset({FlowType.BOT})


class Moves(Values):
    """depth: calls may be nested so deep; where they would go deeper, `cut` is set."""

    def __init__(self, program: Program, endpoints: Endpoints, depth: int) -> None:
        super().__init__(program)
        self.endpoints = endpoints
        self.depth = depth
        self.cut = False

    def enter_flow(self, index: int, config: Config | None = None) -> Config:
        """A call that arrives in a call flow, with the state of config (a new call without)."""
        flow = self.organisation.flows[index]
        spot = self.program.starts[index]
        c = config if config is not None else Config("flow", None, index)
        if spot is None or not flow.body:
            return lost(c)
        c = c._replace(
            place="flow", host=index, stack=(), handing=None, flow_values=pairs_of(self.fresh(flow.variables))
        )
        if speaks_of_recording(flow.greeting):
            c = c._replace(queued=True)
        return self.enter(c, spot, {})

    def enter_queue(self, queue: int, flow: int | None, config: Config, handing: Spot | None) -> Iterator[Config]:
        """A call that begins to wait; the in-queue flow, if any, begins with fresh variables."""
        c = config._replace(place="waiting", host=queue, handing=handing, stack=(), flow_values=(), task_values=())
        spot = self.program.starts[flow] if flow is not None else None
        if spot is None or flow is None:
            c = c._replace(spot=None, attributes=(), queued=False, language=False)
        else:
            c = c._replace(flow_values=pairs_of(self.fresh(self.organisation.flows[flow].variables)))
            c = self.enter(c, spot, {})
        yield from self.queue_copies(c, queue)

    def queue_copies(self, c: Config, index: int) -> list[Config]:
        """The queue's transcription and monitoring (of a queue that is not known: as they were)."""
        if index < 0:
            return [c]
        queue = self.organisation.queues[index]
        transcribed = copied(c, "transcription", index, queue.transcription)
        return [d for t in transcribed for d in copied(t, "monitoring", index, queue.monitoring)]

    def after_answer(self, c: Config) -> Iterator[Config]:
        """What may follow when an internal participant has answered: no flow but the post-flow runs (A14)."""
        yield c._replace(place="conference")
        yield c._replace(place="consulting", phone=None)
        yield c._replace(place="external", phone=None)
        if c.post is not None:
            yield self.enter_flow(c.post, c._replace(phone=None, post=None))

    def queue_flow(self, index: int) -> int | None:
        """The in-queue flow that a queue names."""
        queue = self.organisation.queues[index]
        if queue.in_queue_flow is None and queue.in_queue_flow_name is None:
            return None
        return self.program.flow_of(ObjectRef(queue.in_queue_flow, queue.in_queue_flow_name))

    def people(self, config: Config, phones: tuple[int, ...]) -> Iterator[Config]:
        """An internal participant answers, at one of these phones."""
        for phone in phones:
            yield arrive(config, "internal", phone)

    def go(self, c: Config, spot: Spot | None) -> Config:
        """Goes on at a position."""
        return lost(c) if spot is None else c._replace(spot=spot)

    def take(self, c: Config, spot: Spot, output: str) -> Iterator[Config]:
        """Leaves an action by an output; one that is not there falls through, a disabled one is no way."""
        assert spot.action is not None
        if output in spot.outs:
            yield self.go(c, spot.outs[output])
        elif not any(o.key == output for o in spot.action.outputs):
            yield self.go(c, spot.next)

    def outputs(self, c: Config, spot: Spot) -> Iterator[Config]:
        """Leaves an action by any of its outputs, or straight on when it has none."""
        assert spot.action is not None
        if not spot.action.outputs:
            yield self.go(c, spot.next)
        for output in spot.action.outputs:
            yield from self.take(c, spot, output.key)

    def enter(self, c: Config, spot: Spot, given: dict[str, Value]) -> Config:
        """Enters a container: after Set Language its first task or menu flushes."""
        if c.language:
            c = flush(c)._replace(language=False)
        variables = spot.container.variables if isinstance(spot.container, Task) else ()
        return c._replace(spot=spot, task_values=self.started(variables, given))

    # -- calls that return ------------------------------------------------------------------------------------

    def call(self, c: Config, spot: Spot, operation: CallTask | CallModule | CallBot) -> Iterator[Config]:
        """Calls a task, common module or bot flow; a missing one taints and falls through."""
        given = self.inputs(c, operation.inputs)
        if given is None:
            yield from self.error(c, spot)
            return
        kind, flow, target = self._callee(spot, operation)
        if target is None:
            yield from self.outputs(c._replace(taint=True), spot)
        elif len(c.stack) >= self.depth:
            self.cut = True
        else:
            saved = c.flow_values if flow is not None else ()
            c = c._replace(stack=(*c.stack, Frame(kind, spot, saved, c.task_values)))
            if flow is None:
                yield self.enter(c, target, given)
            else:
                values = self.started(self.organisation.flows[flow].variables, given)
                yield self.enter(c._replace(flow_values=values), target, {})

    def _callee(self, spot: Spot, op: CallTask | CallModule | CallBot) -> tuple[str, int | None, Spot | None]:
        if isinstance(op, CallTask):
            return "task", None, self.program.containers.get((spot.flow, op.container or ""))
        module = isinstance(op, CallModule)
        flow = self.program.flow_of(op.module if isinstance(op, CallModule) else op.bot, MODULES if module else BOTS)
        return "module" if module else "bot", flow, self.program.starts[flow] if flow is not None else None

    def leave(self, c: Config, output: str) -> Config:
        """The end of a task: returns to the caller; without one the call ends, tainted."""
        assert c.spot is not None
        if c.stack:
            return self._return(c, output)
        if is_loop_task(c.spot.container) and c.place == "waiting":
            return c._replace(spot=self.program.containers[c.spot.flow, c.spot.container.id])
        return lost(c)

    def leave_flow(self, c: Config) -> Config:
        """The end of a module or bot from within."""
        c = abandon(c)
        return self._return(c, "default") if c.stack else lost(c)

    def _return(self, c: Config, output: str) -> Config:
        frame = c.stack[-1]
        assert frame.spot.action is not None
        operation = frame.spot.action.operation
        bindings = operation.bindings if isinstance(operation, CallTask | CallModule | CallBot) else ()
        values = [(b.variable, self.value(c, b.output.casefold())) for b in bindings]
        flow_values = c.flow_values if frame.kind == "task" else frame.flow_values
        c = c._replace(stack=c.stack[:-1], flow_values=flow_values, task_values=frame.task_values)
        for variable, value in values:
            assert not isinstance(value, Special)
            c = self.set(c, variable, value)
        return next(self.take(c, frame.spot, output), lost(c))

    # -- jumps and errors -------------------------------------------------------------------------------------

    def jump(self, c: Config, spot: Spot, operation: Jump) -> Iterator[Config]:
        """Jumps inside a flow."""
        if operation.menu is not None:
            if operation.menu is not Menus.REPEAT or spot.menu is None:
                raise ValueError("previous menu, and repeat menu inside a task, are not generated")
            yield self.enter(abandon(c), spot.menu, {})
            return
        given = self.inputs(c, operation.inputs)
        target = self.program.containers.get((spot.flow, operation.container or ""))
        if given is None:
            yield from self.error(c, spot)
        else:
            yield lost(c) if target is None else self.enter(abandon(c), target, given)

    def error(self, c: Config, spot: Spot) -> Iterator[Config]:
        """Flow error handling: of the flow in which the action stands. None configured: the call ends."""
        handling = self.organisation.flows[spot.flow].error_handling
        if handling is None:
            yield arrive(c, "ended")
            return
        if speaks_of_recording(handling.audio):
            c = c._replace(queued=True)
        yield from self._handled(c, spot, handling)

    def _handled(self, c: Config, spot: Spot, handling: ErrorHandling) -> Iterator[Config]:
        match handling.kind:
            case Handling.DISCONNECT:
                yield arrive(c, "ended")
            case Handling.QUEUE:
                yield from self._to_queue(flush(c), handling.queue, None, spot)
                yield arrive(flush(c), "ended")
            case Handling.MENU | Handling.TASK:
                target = self.program.containers.get((spot.flow, handling.container or ""))
                yield lost(c) if target is None else self.enter(abandon(c), target, {})
            case Handling.END:
                yield self.leave_flow(c)
            case _:
                yield lost(c)

    # -- transfers --------------------------------------------------------------------------------------------

    def transfer(self, c: Config, spot: Spot, operation: Transfer) -> Iterator[Step]:
        """A transfer that succeeds, and one that fails."""
        hand = Event("hand", spot)
        match operation:
            case TransferQueue(queue=queue, in_queue_flow=override):
                yield from ((hand, t) for t in self._to_queue(c, queue, override, spot))
            case TransferFlow(flow=target):
                index = self.program.flow_of(target)
                yield None, lost(c) if index is None else self.enter_flow(index, c)
            case TransferUser(user=user):
                known = c if isinstance(user, Reference) else c._replace(taint=True)
                yield from ((hand, t) for t in self.people(known, self.endpoints.of_user(user)))
            case TransferGroup(group=group):
                known = c if isinstance(group, Reference) else c._replace(taint=True)
                yield from ((hand, t) for t in self.people(known, self.endpoints.of_group(group)))
            case TransferExtension():
                yield from ((hand, t) for t in self.people(c, self.endpoints.anybody))
            case TransferNumber(release_link=release):
                leaves = isinstance(release, Known) and release.value
                yield None, arrive(c, "ended" if leaves else "external")
            case TransferVoicemail():
                yield None, arrive(c, "voicemail")
        yield from ((None, t) for t in self._failed(c, spot))

    def _failed(self, c: Config, spot: Spot) -> Iterator[Config]:
        assert spot.action is not None
        hosts = (spot.flow, c.host) if c.place == "flow" else (spot.flow,)
        if any(self.organisation.flows[h].type is FlowType.SECURE_CALL for h in hosts):
            yield arrive(c, "ended")
        elif spot.menu is not None:
            yield self.enter(c._replace(taint=True), spot.menu, {})
            yield lost(c)
        elif spot.action.outputs:
            yield from self.outputs(c, spot)
        else:
            yield self.go(c, spot.next)

    def _to_queue(self, c: Config, target: Target, override: Target, handing: Spot | None) -> Iterator[Config]:
        index = self.endpoints.queue_index(target)
        if index is None:
            yield from self.enter_queue(UNKNOWN_QUEUE, None, c._replace(taint=True), handing)
            return
        queue = self.organisation.queues[index]
        named = not (override is None and queue.in_queue_flow is None and queue.in_queue_flow_name is None)
        flow = self.program.flow_of(override) if override is not None else self.queue_flow(index)
        yield from self.enter_queue(index, flow, c._replace(taint=True) if named and flow is None else c, handing)
