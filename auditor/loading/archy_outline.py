"""What stands in an Archy flow, wherever it is: one look at all of it spares its readers others."""

from __future__ import annotations

from msgspec import Struct, field

from auditor.loading.yaml_reader import YamlList, YamlMap

_NAMING = frozenset({"var", "variable"})


class Outline(Struct):
    """keys: of all mappings; lists: all of them; naming: identities of mappings below which a variable may be named."""

    keys: set[str] = field(default_factory=set)
    lists: list[YamlList] = field(default_factory=list)
    naming: set[int] = field(default_factory=set)


def outline_of(body: YamlMap) -> Outline:
    """The outline of a flow. Nesting is bounded by that of the YAML."""
    outline = Outline()
    _mapping(body, outline.keys, outline.lists, outline.naming)
    return outline


# No closures: two that call each other are a cycle, and would keep the whole tree where garbage is collected late.
def _mapping(node: YamlMap, keys: set[str], lists: list[YamlList], naming: set[int]) -> bool:
    names = False
    for key, value in node.items():
        if key not in keys:
            keys.add(key)
        kind = type(value)
        if kind is YamlMap:
            if _mapping(value, keys, lists, naming):  # type: ignore[arg-type]  # the kind says so, faster than isinstance
                names = True
        elif kind is YamlList:
            if _items(value, keys, lists, naming):  # type: ignore[arg-type]
                names = True
        elif key in _NAMING:
            names = True
    if names:
        naming.add(id(node))
    return names


def _items(node: YamlList, keys: set[str], lists: list[YamlList], naming: set[int]) -> bool:
    lists.append(node)
    names = False
    for value in node:
        if isinstance(value, YamlMap):
            names |= _mapping(value, keys, lists, naming)
        elif isinstance(value, YamlList):
            names |= _items(value, keys, lists, naming)
    return names
