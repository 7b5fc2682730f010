"""Platform API objects in other dress: written by an SDK in snake_case, or as YAML by a command line tool."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from auditor.loading.harvest import Harvest
from auditor.loading.moved import moved
from auditor.loading.objects import Objects
from auditor.loading.yaml_reader import Quoted, YamlMap, YamlValue, read_yaml
from auditor.model.location import Location

_ADDRESSED = re.compile(r"""^[ \t-]*["']?self_?uri["']?:[ \t]""", re.MULTILINE | re.IGNORECASE)
_PART = re.compile(r"_([a-z0-9])")
_LIST = re.compile(r"(?:[ \t]*(?:#[^\n]*+)?\r?\n|---[ \t]*\r?\n)*+- ")
_START = re.compile(r"^---[ \t]*$", re.MULTILINE)
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,14})")
_BROKEN = re.compile(r"-?\d{1,15}\.\d{1,15}")
_WORDS = {"true": True, "false": False, "null": None, "~": None, "": None}
_AS_THEY_STAND = frozenset({"properties", "schema"})
"""What is below has keys of its own."""


class Renamed(Struct):
    """A document with the keys of the API. names: what each key was called in the file."""

    document: object
    names: Mapping[str, str]

    def back(self, at: Location) -> Location:
        """A place in the document as a place in the file."""
        steps = (self.names.get(step, step) for step in at.pointer.split("/"))
        return Location(at.file, at.line, "/".join(steps))


def in_snake_case(text: str) -> bool:
    """Whether JSON was written by an SDK that has names in snake_case, such as the one for Python."""
    return '"self_uri"' in text


def renamed(document: object) -> Renamed:
    """The document under the names of the API. Rows of data tables and settings of trunks and phones keep theirs."""
    names = _Names()
    return Renamed(names.whole(document), names.known)


class _Names(Struct):
    known: dict[str, str] = field(default_factory=dict)

    def whole(self, value: object, kept: bool = False) -> object:
        """A value; kept: the keys of this object, though not of those in it, are no names of the API."""
        if isinstance(value, list):
            return [self.whole(item) for item in value]
        if not isinstance(value, dict):
            return value
        rows = "/datatables/" in str(value.get("self_uri") or "")
        result: dict[str, object] = {}
        for key, item in value.items():
            name = key if kept else self._name(key)
            alone = name in _AS_THEY_STAND or (rows and name == "entities")
            result[name] = item if alone else self.whole(item, kept=name == "responses")
        return result

    def _name(self, key: str) -> str:
        name = _PART.sub(lambda match: match[1].upper(), key)
        if name != key:
            self.known.setdefault(name, key)
        return name


def listing_in_yaml(text: str) -> bool:
    """Whether YAML holds objects of the platform API: they tell their addresses."""
    return _ADDRESSED.search(text) is not None


def is_list(text: str) -> bool:
    """Whether a YAML document is a list."""
    return _LIST.match(text) is not None


def collect_yaml(text: str, file: str, stem: str) -> Harvest:
    """The objects in YAML, each with its line. Raises DocumentError where it is none."""
    listed = is_list(text)
    tree = read_yaml("entities:\n" + _START.sub("", text, count=1) if listed else text)
    shown = renamed(_plain(tree))

    def placed(at: Location) -> Location:
        found = shown.back(at)
        line = _line(tree, found.pointer) - int(listed)
        return Location(at.file, max(line, 1), found.pointer.removeprefix("/entities") if listed else found.pointer)

    harvest = Harvest()
    Objects(harvest, stem).collect(shown.document, Location(file))
    return relocated(harvest, placed)


def relocated(harvest: Harvest, change: Callable[[Location], Location]) -> Harvest:
    """The harvest with every place changed."""
    for kind, things in harvest.objects.items():
        harvest.objects[kind] = [moved(thing, change) for thing in things]
    harvest.flows = [moved(flow, change) for flow in harvest.flows]
    harvest.pages = [moved(page, change) for page in harvest.pages]
    harvest.problems = [moved(problem, change) for problem in harvest.problems]
    harvest.unknown = [change(at) for at in harvest.unknown]
    return harvest


def _plain(value: YamlValue) -> object:
    """The value as JSON would have it; only words that are written bare are true, false, nothing or a number."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Quoted):
        return str(value)
    if value.lower() in _WORDS:
        return _WORDS[value.lower()]
    if _WHOLE.fullmatch(value):
        return int(value)
    return float(value) if _BROKEN.fullmatch(value) else value


def _line(tree: YamlMap, pointer: str) -> int:
    node: YamlValue = tree
    line = tree.line
    for step in pointer.split("/")[1:]:
        step = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, YamlMap) and step in node:
            line, node = node.line_of(step), node[step]
        elif isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
            line = getattr(node, "line", line)
        else:
            break
    return line
