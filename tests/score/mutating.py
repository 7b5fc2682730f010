"""Mutants: small faults put into the code, by mutmut's operators and two of our own.

Left out is what no test could tell: imports, annotations, decorators (data classes, properties, caches), docstrings,
aliases of types, and what stands behind `assert_never`.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("auditor/analysis", "auditor/policy")
_TYPES = {"cast", "TypeVar", "assert_never", "AssertionError"}
_GENERIC = {"dict", "set", "list", "tuple", "frozenset", "Counter", "defaultdict", "deque", "OrderedDict"}
_NAMES = {
    "arg removal": "argument",
    "swap op": "operator",
    "keywords": "keyword",
    "remove unary ops": "negation",
    "if exp": "choice",
}
_NAMES |= {"match": "case", "name": "boolean"}
_SMALL: tuple[Any, ...] = (cst.BinaryOperation, cst.BooleanOperation, cst.UnaryOperation)
_SMALL += (cst.ComparisonTarget, cst.AugAssign)
_SMALL += (cst.BaseCompOp, cst.Break, cst.Continue)
"""All that the operators for any node change: to ask them about every node takes a minute."""
_CONTEXT = 44
_LONGEST = 50


@dataclass(frozen=True, slots=True)
class Mutant:
    """A change of one place. lines: first and last that it concerns; function: the outermost one around it, or ""."""

    file: str
    place: str
    operator: str
    before: str
    after: str
    lines: tuple[int, int] = field(compare=False)
    function: str = field(compare=False)
    number: int = 0
    make: Callable[[], str] = field(default=str, compare=False)
    """The whole file with the change."""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        return self.file, self.place, self.before, self.after, self.number

    @property
    def name(self) -> str:
        return " | ".join(map(str, self.key))

    def rank(self, seed: int) -> str:
        """Samples are the mutants of the lowest ranks: a change elsewhere in the code leaves the others as they are."""
        return hashlib.sha256(repr((seed, *self.key)).encode()).hexdigest()


def mutants() -> list[Mutant]:
    """Every mutant of the packages."""
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return [
        mutant for path in paths for mutant in of_source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))
    ]


def of_source(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of one file, those alike numbered."""
    wrapper = MetadataWrapper(cst.parse_module(source))
    positions = wrapper.resolve(PositionProvider)
    seen = Counter[tuple[str, str, str]]()
    for mutant in _below(_Walk(file, wrapper.module, positions), wrapper.module, ()):
        if mutant.before != mutant.after:
            alike = (mutant.place, mutant.before, mutant.after)
            yield replace(mutant, number=seen[alike])
            seen[alike] += 1


@dataclass(frozen=True, slots=True)
class _Walk:
    file: str
    module: Any
    positions: Any


def _below(walk: _Walk, node: Any, scope: tuple[Any, ...]) -> Iterator[Mutant]:
    """scope: the functions and classes around the node."""
    if _untold(node, scope):
        return
    yield from _here(walk, node, scope)
    inner = (*scope, node) if isinstance(node, cst.FunctionDef | cst.ClassDef) else scope
    for child in node.children:
        if not _part_untold(node, child):
            yield from _below(walk, child, inner)


def _untold(node: Any, scope: tuple[Any, ...]) -> bool:
    """Whether nothing in the node can be told by running the code."""
    match node:
        case cst.Annotation() | cst.Decorator() | cst.Import() | cst.ImportFrom():
            return True
        case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
            return True
        case cst.Call(func=cst.Name(value=name)):
            return name in _TYPES
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))]):
            return not scope and re.fullmatch(r"[A-Z][a-z]\w*|[A-Z](_co)?", name) is not None
        case cst.If(test=cst.Name(value="TYPE_CHECKING")):
            return True
        case _:
            return False


def _part_untold(node: Any, child: Any) -> bool:
    """Whether the child only says of what type the elements are."""
    match node:
        case cst.Subscript(value=cst.Name(value=name)):
            return name in _GENERIC and child is not node.value
        case _:
            return False


def _here(walk: _Walk, node: Any, scope: tuple[Any, ...]) -> Iterator[Mutant]:
    for operator, changed in _changes(node):
        before, after = difference(_code(walk, node), _code(walk, changed))
        name = ".".join(each.name.value for each in scope) or "(module)"
        make = _maker(walk, node, changed)
        yield Mutant(walk.file, name, operator, before, after, _lines(walk, node), _outermost(scope), 0, make)


def _changes(node: Any) -> Iterator[tuple[str, Any]]:
    """The nodes that could stand instead, each with the name of the operator."""
    for kind, operator in mutation_operators:
        if isinstance(node, kind if kind is not cst.CSTNode else _SMALL):
            name = operator.__name__.removeprefix("operator_").replace("_", " ")
            for number, changed in enumerate(operator(node)):
                if not _idle(name, node, number, changed):
                    yield _NAMES.get(name, name), changed
    match node:
        case cst.If() | cst.CompIf() | cst.While():
            yield "condition", node.with_changes(test=_not(node.test))
        case cst.MatchCase(guard=cst.BaseExpression()):
            yield "condition", node.with_changes(guard=_not(node.guard))
        case cst.Expr(value=cst.Call() | cst.Yield()):
            yield "statement", cst.Expr(cst.Ellipsis())


def _idle(operator: str, node: Any, number: int, changed: Any) -> bool:
    """Of a text one change is enough; a call that lacks an argument fails at once; what cannot happen may go."""
    match operator:
        case "string":
            return number > 0
        case "arg removal":
            return len(changed.args) < len(node.args)
        case "match":
            return _impossible(node.cases[number])
        case _:
            return False


def _impossible(case: Any) -> bool:
    return any(isinstance(each, cst.Name) and each.value == "assert_never" for each in _all(case.body))


def _all(node: Any) -> Iterator[Any]:
    yield node
    for child in node.children:
        yield from _all(child)


def _not(test: Any) -> Any:
    inner = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    return cst.UnaryOperation(cst.Not(), inner, lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


def _maker(walk: _Walk, node: Any, changed: Any) -> Callable[[], str]:
    def make() -> str:
        return str(walk.module.deep_replace(node, changed).code)

    return make


def _code(walk: _Walk, node: Any) -> str:
    return re.sub(r"\s+", " ", walk.module.code_for_node(node)).strip()


def _lines(walk: _Walk, node: Any) -> tuple[int, int]:
    """Of a compound statement those of what decides."""
    whole = walk.positions[node]
    match node:
        case cst.If() | cst.While():
            return whole.start.line, walk.positions[node.test].end.line
        case cst.MatchCase():
            return whole.start.line, walk.positions[node.guard].end.line
        case cst.Match():
            return whole.start.line, walk.positions[node.subject].end.line
        case _:
            return whole.start.line, whole.end.line


def _outermost(scope: tuple[Any, ...]) -> str:
    """The dotted name of the function that is no part of another one."""
    names: list[str] = []
    for each in scope:
        names.append(each.name.value)
        if isinstance(each, cst.FunctionDef):
            return ".".join(names)
    return ""


def difference(before: str, after: str) -> tuple[str, str]:
    """What differs between two texts, with a little of what stands around it."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    return _around(before, start, len(before) - end), _around(after, start, len(after) - end)


def _around(text: str, start: int, end: int) -> str:
    left = 0 if start <= _CONTEXT else text.find(" ", start - _CONTEXT, start) + 1 or start - _CONTEXT
    right = len(text) if len(text) - end <= _CONTEXT else text.rfind(" ", end, end + _CONTEXT) + 1 or end + _CONTEXT
    inner = (
        text[start:end]
        if end - start <= 2 * _LONGEST
        else f"{text[start : start + _LONGEST]} … {text[end - _LONGEST : end]}"
    )
    return (
        f"{'… ' if left else ''}{text[left:start]}{inner}{text[end:right].rstrip()}{' …' if right < len(text) else ''}"
    )
