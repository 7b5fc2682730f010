"""What expressions mean inside one Terraform module: variables, locals, and attributes of its blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from auditor.errors import DocumentError
from auditor.loading.hcl import read_expression
from auditor.loading.terraform_documents import Block, Origin, TerraformDocument, applies_by_itself
from auditor.loading.terraform_templates import Steps, evaluated, has_template, steps_of
from auditor.loading.terraform_translation import Ref

MAX_DEPTH = 40
_HERE = {"module", "root", "cwd"}


class Scope:
    """The documents of one folder (or one plan). refer: gives the reference to a block that something names."""

    def __init__(self, documents: Sequence[TerraformDocument], refer: Callable[[Block], Ref]) -> None:
        self._refer = refer
        self._values: dict[str, object] = {}
        self._locals: dict[str, object] = {}
        self._named: dict[object, object] = {}
        self._resolving: set[object] = set()
        self.written: dict[tuple[bool, str, str], list[Block]] = defaultdict(list)
        self.states: dict[tuple[bool, str, str], list[Block]] = defaultdict(list)
        for document in documents:
            self._values.update(document.variables)
            self._locals.update(document.locals_)
        for document in sorted(documents, key=lambda d: d.file.endswith((".auto.tfvars", ".auto.tfvars.json"))):
            if applies_by_itself(document.file):
                self._values.update(document.assigned)
        for block in (block for document in documents for block in document.blocks):
            held = self.states if block.origin is Origin.STATE else self.written
            if not block.module:
                held[block.address].append(block)

    def values(self, block: Block) -> dict[str, object]:
        """The attributes of a block with everything resolved that can be."""
        if block.origin is Origin.CONFIGURATION:
            return {key: self.evaluate(value) for key, value in block.values.items()}
        unknown = {key: self.evaluate(value) for key, value in block.references.items()}
        return {**block.values, **unknown}

    def attribute(self, block: Block, key: str) -> object:
        """One attribute, as `values` would give it; what only the state has comes from there."""
        found = block.values.get(key)
        if block.origin is not Origin.CONFIGURATION:
            return self.evaluate(block.references.get(key)) if found is None else found
        states = self.states.get(block.address, [])
        if found is None and len(states) == 1:
            return states[0].values.get(key)
        return self.evaluate(found)

    def evaluate(self, value: object, depth: int = 0) -> object:
        """The value with its templates resolved; an expression that is not understood stays `${...}`."""
        if depth > MAX_DEPTH:
            return value
        if isinstance(value, str):
            if not has_template(value):
                return value
            return evaluated(value, lambda text: self._expression(text, depth + 1), _shown)
        if isinstance(value, list):
            return [self.evaluate(item, depth + 1) for item in value]
        if isinstance(value, dict):
            return {key: self.evaluate(item, depth + 1) for key, item in value.items()}
        return value

    def _expression(self, text: str, depth: int) -> object:
        steps = steps_of(text)
        if steps is not None:
            return self._traversal(steps, text, depth)
        if text.startswith("jsonencode("):
            try:
                return self.evaluate(read_expression(text), depth)
            except DocumentError:
                return _left(text)
        return _left(text)

    def _traversal(self, steps: Steps, text: str, depth: int) -> object:
        match steps:
            case ("var", str(name), *rest) if name in self._values:
                return _below(self._once(("var", name), self._values[name], text, depth), rest, text)
            case ("local", str(name), *rest) if name in self._locals:
                return _below(self._once(("local", name), self._locals[name], text, depth), rest, text)
            case ("path", str(where)) if where in _HERE:
                return "."
            case ("data", str(type), str(label), *rest):
                return self._of_block((True, type, label), rest, text, depth)
            case (str(type), str(label), *rest):
                return self._of_block((False, type, label), rest, text, depth)
            case _:
                return _left(text)

    def _of_block(self, address: tuple[bool, str, str], rest: list[str | int], text: str, depth: int) -> object:
        written, states = self.written.get(address, []), self.states.get(address, [])
        if any(block.numbered for block in (*written, *states)) and rest and rest[0] != "id":
            index = str(rest.pop(0))
            states = [block for block in states if block.index == index]
            written = [] if states else written
        known = [*written[:1], *states[:1]]
        if not known or len(states) > 1:
            return _left(text)
        if rest == ["id"] or not rest:
            return self._refer(known[0])
        for block in known:
            key = rest[0]
            if isinstance(key, str) and block.values.get(key) is not None:
                found = block.values[key]
                if block.origin is Origin.CONFIGURATION:
                    found = self._once((block.at, key), found, text, depth)
                return _below(found, rest[1:], text)
        return _left(text)

    def _once(self, name: object, value: object, text: str, depth: int) -> object:
        """The value of something named, evaluated once: names that refer to each other would never end."""
        if name in self._resolving:
            return _left(text)
        if name not in self._named:
            self._resolving.add(name)
            self._named[name] = self.evaluate(value, depth)
            self._resolving.discard(name)
        return self._named[name]


def _left(text: str) -> str:
    return "${" + text + "}"


def _below(value: object, steps: Iterable[str | int], text: str) -> object:
    for step in steps:
        match value, step:
            case dict() as held, str() if step in held:
                value = held[step]
            case list() as items, int() if step < len(items):
                value = items[step]
            case _:
                return _left(text)
    return value


def _shown(value: object) -> str | None:
    """A value inside a longer text."""
    match value:
        case bool():
            return "true" if value else "false"
        case str() | int() | float():
            return str(value)
        case Ref():
            return str(value.get("id") or value.get("name") or "")
        case _:
            return None
