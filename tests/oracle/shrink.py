"""Makes disagreements readable: prints an organisation compactly and removes what does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable
from auditor.model.flows import Action, Container, Flow, Menu, Output, Task
from auditor.model.operations import (
    Assign,
    CallBot,
    CallModule,
    CallTask,
    CollectInput,
    Decide,
    EndTask,
    GetParticipantData,
    Jump,
    Lookup,
    Operation,
    Play,
    Reference,
    SetParticipantData,
    Switch,
    TransferFlow,
    TransferQueue,
    TransferUser,
)
from auditor.model.organisation import Organisation
from auditor.model.settings import Known, Setting
from tests.oracle.generate import Sample

Block = tuple[Action, ...]


def describe(sample: Sample) -> str:
    """The organisation, its consent points and how it is audited, in a few lines."""
    o = sample.organisation
    lines = [f"mode {sample.mode}" + (", orphans audited" if sample.orphans else "")]
    lines += [
        f"trunk {t.name}: line {_set(t.line)}, gate {_set(t.gate)}, external {_set(t.external_transfers)}"
        for t in o.trunk_bases
    ]
    for q in o.queues:
        people = "?" if q.members is None else ", ".join(m.user for m in q.members)
        lines.append(f"queue {q.name}: suppress {_set(q.suppress)}, in-queue flow {q.in_queue_flow}, members {people}")
    lines += [f"group {g.name}: {g.members}" for g in o.groups]
    lines += [f"user {u.name}: station {u.default_station}" for u in o.users]
    lines += [f"station {s.name}: phone {s.phone}" for s in o.stations]
    lines += [f"phone {p.name}: records {', '.join(_set(n.recording) for n in p.lines)}" for p in o.phones]
    for r in o.routes:
        slots = (r.open_flow, r.closed_flow, r.holiday_flow)
        lines.append(f"route {r.name} -> " + ", ".join(f.id or "?" for f in slots if f is not None))
    lines += [f"number {d.number} -> {d.owner_type} {d.owner}" for d in o.dids]
    for point in sample.points:
        terms = f"grants {point.granting}" if point.granting is not None else f"refuses {point.refusing}"
        lines.append(f"consent point {point.name}: {terms}" + (f", ignores {point.ignored}" if point.ignored else ""))
    for flow in o.flows:
        lines += _flow(flow)
    return "\n".join(lines)


def _set(setting: Setting[bool]) -> str:
    return ("on" if setting.value else "off") if isinstance(setting, Known) else "unset"


def _flow(flow: Flow) -> Iterator[str]:
    handling = flow.error_handling
    where = "" if handling is None else f", on error {handling.kind} {handling.container or ''}".rstrip()
    directory = f", directory {flow.company_directory}" if flow.company_directory else ""
    yield f"{flow.type} {flow.name}: suppress {_set(flow.suppress_recording)}, starts at {flow.start}{where}{directory}"
    for v in flow.variables:
        yield f"  variable {v.name} {v.type}" + (f" = {_expr(v.initial)}" if v.initial is not None else "")
    for container in flow.containers:
        if isinstance(container, Menu):
            dials = ", dials" if container.listens_for_extension == Known(True) else ""
            yield f"  menu {container.name}: default {container.default}{dials}"
            for choice in container.choices:
                everywhere = " (everywhere)" if choice.global_dtmf else ""
                yield f"    {choice.digit}{everywhere}: {_action(choice.action)}"
        else:
            paths = f" ends {container.output_paths}" if container.output_paths else ""
            yield f"  {container.kind} {container.name}{paths}:"
            yield from _block(container.block, "    ")


def _block(block: Block, indent: str) -> Iterator[str]:
    for action in block:
        yield indent + _action(action)
        for output in action.outputs:
            if output.block:
                yield f"{indent}  {output.key}:"
                yield from _block(output.block, indent + "    ")


def _action(action: Action) -> str:
    return " ".join(x for x in (f"[{action.name}]", action.type, _details(action.operation)) if x)


def _details(operation: Operation) -> str:
    match operation:
        case Decide(condition=condition):
            return _expr(condition)
        case Switch(cases=cases, subject=subject):
            tests = "; ".join(f"{c.output}: {_expr(c.value)}" for c in cases)
            return f"{_expr(subject) + ' is ' if subject is not None else ''}{tests}"
        case Assign(assignments=assignments):
            return "; ".join(f"{v} := {_expr(e)}" for v, e in assignments)
        case CollectInput(variable=variable):
            return f"into {variable}" if variable else ""
        case CallBot(intent=intent):
            return f"intent into {intent}" if intent else ""
        case Lookup(bindings=bindings):
            return ", ".join(f"{x.output} into {x.variable}" for x in bindings)
        case GetParticipantData(attributes=pairs):
            return ", ".join(f"{_expr(n)} into {v}" for n, v in pairs)
        case SetParticipantData(attributes=written):
            return ", ".join(f"{_expr(n)} := {_expr(v)}" for n, v in written)
        case CallTask(container=container, inputs=inputs, bindings=bindings):
            given = ", ".join(f"{a.name} := {_expr(a.value)}" for a in inputs)
            return f"{container} ({given}) -> {[(x.output, x.variable) for x in bindings]}"
        case CallModule(module=module, bindings=bindings):
            return f"{_target(module)} -> {[(x.output, x.variable) for x in bindings]}"
        case Jump(container=container, menu=menu):
            return container or str(menu)
        case Play(flushes=flushes, audio=audio):
            return f"{audio}{' at once' if flushes else ''}"
        case TransferQueue(queue=target) | TransferFlow(flow=target) | TransferUser(user=target):
            return _target(target)
        case EndTask(output=output):
            return output
        case _:
            return ""


def _target(target: object) -> str:
    return (target.id or target.name or "?") if isinstance(target, Reference) else str(target)


def _expr(expr: Expr) -> str:
    match expr:
        case Literal(value=value):
            return f'"{value}"' if isinstance(value, str) else str(value).lower()
        case NotSet() | Empty():
            return "NOT_SET"
        case Variable(name=name):
            return name
        case Unparsed(text=text):
            return text
        case Apply(function=function, operands=operands):
            words = [_expr(o) for o in operands]
            if (function.isalpha() and function not in ("and", "or")) or len(words) == 1:
                return f"{function}({', '.join(words)})"
            return "(" + f" {function} ".join(words) + ")"


# -- shrinking --------------------------------------------------------------------------------------------------


def shrink(sample: Sample, fails: Callable[[Sample], bool], rounds: int = 400) -> Sample:
    """The smallest sample found by removing one thing at a time while it still fails."""
    found = True
    while found and rounds > 0:
        found = False
        for smaller in smaller_ones(sample):
            rounds -= 1
            if rounds <= 0:
                break
            if fails(smaller):
                sample, found = smaller, True
                break
    return sample


def smaller_ones(sample: Sample) -> Iterator[Sample]:
    """Every sample with one thing less, large things first."""
    o = sample.organisation
    routed = {r.id for route in o.routes for r in (route.open_flow, route.closed_flow, route.holiday_flow) if r}
    for index, flow in enumerate(o.flows):
        if flow.id not in routed:
            yield _with(sample, flows=o.flows[:index] + o.flows[index + 1 :])
    for index, route in enumerate(o.routes):
        for changed in (replace(route, closed_flow=None), replace(route, holiday_flow=None)):
            if changed != route:
                yield _with(sample, routes=(*o.routes[:index], changed, *o.routes[index + 1 :]))
    for attribute in ("trunk_bases", "routes", "dids", "phones", "users", "queues", "groups"):
        things = getattr(o, attribute)
        for index in range(
            len(things) if attribute not in ("trunk_bases", "phones", "routes") or len(things) > 1 else 0
        ):
            yield _with(sample, **{attribute: things[:index] + things[index + 1 :]})
    for index, ask in enumerate(sample.asks):
        if any(p.name == ask.name for p in sample.points):
            yield replace(sample, asks=sample.asks[:index] + sample.asks[index + 1 :])
    for index, flow in enumerate(o.flows):
        for smaller in _smaller_flows(flow):
            yield _with(sample, flows=(*o.flows[:index], smaller, *o.flows[index + 1 :]))


def _with(sample: Sample, **things: object) -> Sample:
    organisation: Organisation = replace(sample.organisation, **things)
    return replace(sample, organisation=organisation)


def _smaller_flows(flow: Flow) -> Iterator[Flow]:
    for index, container in enumerate(flow.containers):
        if container.id != flow.start:
            yield replace(flow, containers=flow.containers[:index] + flow.containers[index + 1 :])
    if flow.error_handling is not None:
        yield replace(flow, error_handling=None)
    if flow.company_directory is not None:
        yield replace(flow, company_directory=None)
    for index, container in enumerate(flow.containers):
        for smaller in _smaller_containers(container):
            yield replace(flow, containers=(*flow.containers[:index], smaller, *flow.containers[index + 1 :]))


def _smaller_containers(container: Container) -> Iterator[Container]:
    if isinstance(container, Task):
        for block in _smaller_blocks(container.block):
            yield replace(container, block=block)
        return
    for index, choice in enumerate(container.choices):
        if choice.id != container.default:
            yield replace(container, choices=container.choices[:index] + container.choices[index + 1 :])
    if container.default is not None:
        yield replace(container, default=None)


def _smaller_blocks(block: Block) -> Iterator[Block]:
    for index, action in enumerate(block):
        before, after = block[:index], block[index + 1 :]
        yield before + after
        for output in action.outputs:
            if output.block:
                yield before + output.block + after
        for number, output in enumerate(action.outputs):
            for smaller in _smaller_blocks(output.block):
                outputs: tuple[Output, ...] = action.outputs
                changed = (*outputs[:number], replace(output, block=smaller), *outputs[number + 1 :])
                yield (*before, replace(action, outputs=changed), *after)
