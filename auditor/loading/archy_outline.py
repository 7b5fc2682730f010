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
    keys, lists, naming = outline.keys, outline.lists, outline.naming

    def mapping(node: YamlMap) -> bool:
        names = False
        for key, value in node.items():
            if key not in keys:
                keys.add(key)
            kind = type(value)
            if kind is YamlMap:
                if mapping(value):  # type: ignore[arg-type]  # the kind says what it is, faster than isinstance
                    names = True
            elif kind is YamlList:
                if items(value):  # type: ignore[arg-type]
                    names = True
            elif key in _NAMING:
                names = True
        if names:
            naming.add(id(node))
        return names

    def items(node: YamlList) -> bool:
        lists.append(node)
        names = False
        for value in node:
            if isinstance(value, YamlMap):
                names |= mapping(value)
            elif isinstance(value, YamlList):
                names |= items(value)
        return names

    mapping(body)
    return outline
