"""`attributes_flat` of a Terraform state (`"members.#": "2"`, `"members.0.user_id": "..."`) -> nested values.

Everything in it is text. Booleans and the few numbers that are read are restored by key; what is a name stays text.
"""

from __future__ import annotations

from collections.abc import Mapping

_COUNT, _SIZE = "#", "%"
_MOST_DEEP = 60
_TEXTS = frozenset({"name", "description", "label", "comments", "text", "tts_string"})
_NUMBERS = frozenset({"order", "ring_num"})
_TRUTHS = {"true": True, "false": False}
_Node = dict[str, object]


def from_flatmap(flat: Mapping[str, object]) -> dict[str, object]:
    """The attributes as `attributes` would hold them; keys that contradict each other are left out."""
    root: _Node = {}
    for key, value in flat.items():
        steps = key.split(".", _MOST_DEEP)
        node: object = root
        for step in steps[:-1]:
            node = node.setdefault(step, {}) if isinstance(node, dict) else None
        if isinstance(node, dict):
            node.setdefault(steps[-1], value)
    return {key: _nested(key, value) for key, value in root.items()}


def _nested(key: str, node: object) -> object:
    if not isinstance(node, dict):
        return _scalar(key, node)
    if _COUNT in node:
        items = sorted((step for step in node if step != _COUNT), key=_order)
        return [_nested(key, node[step]) for step in items]
    if _SIZE in node:
        return dict(_joined(node, ""))
    return {step: _nested(step, inner) for step, inner in node.items()}


def _joined(node: _Node, prefix: str) -> list[tuple[str, object]]:
    """The entries of a map; its keys may hold dots, so that steps belong together."""
    found: list[tuple[str, object]] = []
    for step, inner in node.items():
        if isinstance(inner, dict):
            found.extend(_joined(inner, f"{prefix}{step}."))
        elif step != _SIZE:
            found.append((prefix + step, inner))
    return found


def _order(step: str) -> tuple[int, str]:
    return (int(step), "") if step.isdecimal() and len(step) < 20 else (0, step)


def _scalar(key: str, value: object) -> object:
    if not isinstance(value, str) or key in _TEXTS:
        return value
    if key in _NUMBERS and value.isdecimal() and len(value) < 20:
        return int(value)
    return _TRUTHS.get(value, value)
