"""What expressions mean inside one Terraform module: variables, locals, and attributes of its blocks."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from auditor.errors import DocumentError
from auditor.loading.hcl import read_expression
from auditor.loading.hcl_parts import taken_apart
from auditor.loading.terraform_budget import Budget
from auditor.loading.terraform_documents import Block, Origin, TerraformDocument, applies_by_itself
from auditor.loading.terraform_dynamic import made
from auditor.loading.terraform_functions import UNKNOWN, computed, holds_templates
from auditor.loading.terraform_templates import Steps, evaluated, has_template, steps_of
from auditor.loading.terraform_translation import Ref
from auditor.loading.terraform_variables import conformed

MAX_DEPTH = 40
NOTHING: Mapping[str, object] = {}
_HERE = {"module", "root", "cwd"}
_ALONE = re.compile(r"\$\{((?:[^{}]|\{[^{}]*\})*)\}", re.DOTALL)
_INDEX = re.compile(r"\[\s*([A-Za-z_][\w-]*(?:\.[\w-]+)+)\s*\]")


class Scope:
    """The documents of one folder (or one plan), as often as it is called as a module.

    refer: gives the reference to a block that something names; key: as blocks name the scope; parent: the module
    that calls this one; given: what it gives, in its own expressions; turn: what `each` or `count` is there; numbered:
    it calls it as often as an expression says; folder: as seen from that of the root; children: the modules called
    here, by name; open: expressions that have no value, here or in modules above and below.
    """

    def __init__(
        self,
        documents: Sequence[TerraformDocument],
        refer: Callable[[Block], Ref],
        key: str,
        *,
        parent: Scope | None = None,
        given: Mapping[str, object] = NOTHING,
        turn: Mapping[str, object] | None = None,
        numbered: bool = False,
        folder: str = ".",
    ) -> None:
        self._refer, self.key = refer, key
        self._parent, self._given, self.numbered, self._folder = parent, given, numbered, folder
        self._budget: Budget = Budget() if parent is None else parent._budget
        self._values: dict[str, object] = {}
        self._locals: dict[str, object] = {}
        self._outputs: dict[str, object] = {}
        self._types: dict[str, object] = {}
        self._sensitive: set[str] = set()
        self._named: dict[object, object] = {}
        self._conformed: dict[str, tuple[object, object]] = {}
        self._resolving: set[object] = set()
        self._each: Mapping[str, object] = NOTHING
        self._turn = turn or NOTHING
        self._made: Mapping[str, Mapping[str, object]] = {}
        self.children: dict[str, Scope] = {}
        self.open: set[str] = set() if parent is None else parent.open
        self.written: dict[tuple[bool, str, str], list[Block]] = defaultdict(list)
        self.states: dict[tuple[bool, str, str], list[Block]] = defaultdict(list)
        for document in documents:
            self._values.update(document.variables)
            self._types.update(document.types)
            self._sensitive |= document.sensitive
            self._locals.update(document.locals_)
            self._outputs.update(document.outputs)
        for document in sorted(documents, key=lambda d: d.file.endswith((".auto.tfvars", ".auto.tfvars.json"))):
            if parent is None and applies_by_itself(document.file):
                self._values.update(document.assigned)

    def doubt(self, assigned: Mapping[str, object]) -> None:
        """Values of a file that Terraform uses when it is told to: variables with other ones are not known then."""
        for name, value in assigned.items():
            if self._values.get(name, value) != value:
                del self._values[name]

    def add(self, block: Block) -> None:
        """A block that stands here."""
        held = self.states if block.origin is Origin.STATE else self.written
        held[block.address].append(block)

    def repeat(self, block: Block, blocks: Sequence[Block]) -> None:
        """Puts several blocks in the place of one that says how often it exists."""
        held = self.written[block.address]
        at = held.index(block)
        held[at : at + 1] = blocks

    def constant(self, value: object, depth: int = 0) -> object:
        """The value of an expression that names nothing but variables and locals with plain values; None: any other."""
        if depth > MAX_DEPTH or not isinstance(value, str) or not has_template(value):
            return None if holds_templates(value) else value
        inner = _ALONE.fullmatch(value)
        words = inner[1].strip() if inner else ""
        match steps_of(words):
            case ("var", str(name), *rest) if self._parent is not None and name in self._given:
                return _inside(self._typed(name, self._parent.constant(self._given[name], depth + 1)), rest)
            case ("var", str(name), *rest) if name in self._values and name not in self._sensitive:
                return _inside(self._typed(name, self.constant(self._values[name], depth + 1)), rest)
            case ("local", str(name), *rest) if name in self._locals:
                return _inside(self.constant(self._locals[name], depth + 1), rest)
        if words.startswith(("[", "{")):
            with suppress(DocumentError):
                return self.constant(read_expression(words), depth + 1)
            return None
        parts = taken_apart(words)
        if parts is None:
            return None

        def operand(value: object) -> object:
            found = self.constant(value, depth + 1)
            return value if found is None else found

        found = computed(*parts, operand)
        return None if found is UNKNOWN or holds_templates(found) else found

    def values(self, block: Block) -> dict[str, object]:
        """The attributes of a block with everything resolved that can be."""
        with self.within(block.each):
            return self._all_of(block)

    @contextmanager
    def within(self, each: Mapping[str, object]) -> Iterator[None]:
        """While this lasts, `each` and `count` are those of a block, or of a call."""
        before, self._each = self._each, each
        try:
            yield
        finally:
            self._each = before

    def _all_of(self, block: Block) -> dict[str, object]:
        if block.origin is not Origin.CONFIGURATION:
            return {**block.values, **{key: self.whole(value) for key, value in block.references.items()}}
        found = {key: self.whole(value) for key, value in block.values.items()}
        for type, blocks in made(block, self).items():
            held = found.get(type, [])
            found[type] = [*(held if isinstance(held, list) else [held]), *blocks]
        return found

    def unmade(self, block: Block) -> list[str]:
        """The inner blocks that an expression makes, and nobody knows how many."""
        with self.within(block.each):
            return sorted(block.dynamic.keys() - made(block, self).keys())

    @contextmanager
    def making(self, iterator: str, item: Mapping[str, object]) -> Iterator[None]:
        """While this lasts, an inner block is made of an item: its `key` and `value`."""
        before, self._made = self._made, {**self._made, iterator: item}
        try:
            yield
        finally:
            self._made = before

    def attribute(self, block: Block, key: str) -> object:
        """One attribute, as `values` would give it; what only the state has comes from there."""
        with self.within(block.each):
            return self._one_of(block, key)

    def _one_of(self, block: Block, key: str) -> object:
        found = block.values.get(key)
        if block.origin is not Origin.CONFIGURATION:
            return self.whole(block.references.get(key)) if found is None else found
        states = self.states.get(block.address, [])
        if found is None and len(states) == 1:
            return states[0].values.get(key)
        return self.whole(found)

    def whole(self, value: object) -> object:
        """An attribute with its templates resolved, unless that is more than may be looked at."""
        return self._budget.granted(self.evaluate(value), value)

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
            return {self._key(key, depth + 1): self.evaluate(item, depth + 1) for key, item in value.items()}
        return value

    def _key(self, key: object, depth: int) -> object:
        """The key of an object, which may be an expression too."""
        said = _shown(self.evaluate(key, depth)) if isinstance(key, str) and has_template(key) else None
        return key if said is None else said

    def _expression(self, text: str, depth: int) -> object:
        steps = steps_of(_INDEX.sub(lambda match: self._indexed(match, depth), text))
        if steps is not None:
            return self._traversal(steps, text, depth)
        if text.startswith("jsonencode("):
            try:
                return self.evaluate(read_expression(text), depth)
            except DocumentError:
                return self._left(text)
        parts = taken_apart(text)
        found = computed(*parts, lambda operand: self.evaluate(operand, depth)) if parts is not None else UNKNOWN
        return self._left(text) if found is UNKNOWN else found

    def _indexed(self, match: re.Match[str], depth: int) -> str:
        """An index that is named, the key of this block say, as it is when it is written."""
        value = self._expression(match[1], depth + 1) if depth <= MAX_DEPTH else None
        if isinstance(value, str) and not has_template(value) and '"' not in value:
            return f'["{value}"]'
        return f"[{value}]" if isinstance(value, int) and not isinstance(value, bool) else match[0]

    def _traversal(self, steps: Steps, text: str, depth: int) -> object:
        match steps:
            case ("var", str(name), *rest) if self._parent is not None and name in self._given:
                with self._parent.within(self._turn):
                    value = self._once(("var", name), self._given[name], text, depth, self._parent)
                return self._told(name, self._below(self._typed(name, value), rest, text), text)
            case ("var", str(name), *rest) if name in self._values:
                value = self._once(("var", name), self._values[name], text, depth)
                return self._told(name, self._below(self._typed(name, value), rest, text), text)
            case ("local", str(name), *rest) if name in self._locals:
                return self._below(self._once(("local", name), self._locals[name], text, depth), rest, text)
            case ("module", str(name), str(key), *rest) if name in self.children:
                return self._below(self.children[name].output(key, text, depth), rest, text)
            case ("module", str(name), str() | int() as at, str(key), *rest) if called(name, at) in self.children:
                return self._below(self.children[called(name, at)].output(key, text, depth), rest, text)
            case (str(iterator), "key" | "value" as part, *rest) if iterator in self._made:
                return self._below(self._made[iterator][part], rest, text)
            case ("each" | "count", str(key), *rest) if key in self._each:
                return self._below(self.evaluate(self._each[key], depth + 1), rest, text)
            case ("path", str(where)) if where in _HERE:
                return self._folder if where == "module" else "."
            case ("data", str(type), str(label), *rest):
                return self._of_block((True, type, label), rest, text, depth)
            case (str(type), str(label), *rest):
                return self._of_block((False, type, label), rest, text, depth)
            case _:
                return self._left(text)

    def _of_block(self, address: tuple[bool, str, str], rest: list[str | int], text: str, depth: int) -> object:
        written, states = self.written.get(address, []), self.states.get(address, [])
        if any(block.numbered for block in (*written, *states)) and rest and rest[0] != "id":
            index = str(rest.pop(0))
            states = [block for block in states if block.index == index]
            written = [] if states else [block for block in written if block.index in ("", index)]
        known = [*written[:1], *states[:1]]
        if not known or len(states) > 1 or len({block.index for block in written}) > 1:
            return self._left(text)
        if rest == ["id"] or not rest:
            return self._refer(known[0])
        for block in known:
            key = rest[0]
            if isinstance(key, str) and block.values.get(key) is not None:
                found = block.values[key]
                if block.origin is Origin.CONFIGURATION:
                    with self.within(block.each):
                        found = self._once((block.key, key), found, text, depth)
                return self._below(found, rest[1:], text)
        return self._left(text)

    def output(self, name: str, text: str, depth: int) -> object:
        """What the module that calls this one reads as `module.x.name`; text: how it says that."""
        if name not in self._outputs or self.numbered:
            return self._left(text)
        found = self._once(("output", name), self._outputs[name], text, depth)
        return self._left(text) if found is None else found

    def _once(self, name: object, value: object, text: str, depth: int, where: Scope | None = None) -> object:
        """The value of something named, evaluated once: names that refer to each other would never end.

        where: the scope whose words the value uses, if it is not this one.
        """
        if name in self._resolving:
            return self._left(text)
        if name not in self._named:
            self._resolving.add(name)
            self._named[name] = (where or self).evaluate(value, depth)
            self._resolving.discard(name)
        return self._named[name]

    def _typed(self, name: str, value: object) -> object:
        """The value of a variable as its type has it; worked out once for each value."""
        type = self._types.get(name)
        if type is None or value is None:
            return value
        known = self._conformed.get(name)
        if known is None or known[0] is not value:
            known = self._conformed[name] = (value, conformed(value, type))
        return known[1]

    def _told(self, name: str, value: object, text: str) -> object:
        """The value of a variable, unless it is a text that Terraform itself would not show."""
        return self._left(text) if name in self._sensitive and isinstance(value, str) else value

    def _left(self, text: str) -> str:
        """An expression that has no value here stays as it stands."""
        whole = "${" + text + "}"
        self.open.add(whole)
        return whole

    def _below(self, value: object, steps: Sequence[str | int], text: str) -> object:
        found = _inside(value, steps, UNKNOWN)
        return self._left(text) if found is UNKNOWN else found


def _inside(value: object, steps: Sequence[str | int], none: object = None) -> object:
    """What stands below a value; none: what it is when there is nothing."""
    for step in steps:
        match value, step:
            case dict() as held, str() if step in held:
                value = held[step]
            case list() as items, int() if step < len(items):
                value = items[step]
            case _:
                return none
    return value


def called(name: str, key: object) -> str:
    """A module that is called with this key, as plans and states name it."""
    return f"{name}[{key}]" if isinstance(key, int) else f'{name}["{key}"]'


def _shown(value: object) -> str | None:
    """A value inside a longer text."""
    match value:
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case Ref():
            return str(value.get("id") or value.get("name") or "")
        case _:
            return None
