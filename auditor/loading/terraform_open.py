"""What Terraform leaves to values that the export does not have, attribute by attribute (RX902)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set

from msgspec import Struct

from auditor.loading.merging import subject_of
from auditor.loading.pointers import escaped
from auditor.loading.terraform_documents import Block, Origin
from auditor.loading.terraform_templates import has_template
from auditor.loading.terraform_translation import Ref, Translated
from auditor.model.location import Location
from auditor.model.problems import Problem

_REFERENCES = ("${genesyscloud_", "${data.")
"""What these leave open is a reference that leads nowhere, which is told as such (RX901)."""
_BEFORE = (
    "Give the values in terraform.tfvars or *.auto.tfvars, without .tfvars files that differ, the state, or"
    " `terraform show -json` of the plan."
)
_AFTER_PLANNING = "The plan does not tell it: give the configuration with its values, or the state once it is applied."


def open_values(block: Block, kind: str, name: str, made: Translated, loaded: object, unset: Set[str]) -> list[Problem]:
    """One problem for a block, if anything that was loaded of it hangs on an expression.

    made: the object as the API would have it; loaded: what was read of it; unset: expressions without a value.
    """
    read = [text for text in _texts(loaded) if has_template(text)]
    mine = {text for text in unset if not text.startswith(_REFERENCES) and any(text in value for value in read)}
    found: dict[str, list[str]] = {}
    for pointer, value in _strings(made.value, "") if mine else ():
        for text in sorted(text for text in mine if text in value):
            texts = found.setdefault(_attribute(pointer, made.places), [])
            texts += [text] if text not in texts else []
    found.pop("", None)
    if not found:
        return []
    told = ", ".join(f"{key.replace('/', '.')} is {' and '.join(texts)}" for key, texts in found.items())
    first = "/" + next(iter(found)).split("/")[0]
    at = Location(block.at.file, block.lines.get(first, block.at.line), block.at.pointer + first)
    return [
        Problem(
            "RX902",
            f'{kind.replace("_", " ").capitalize()} "{name}": {told}, and the export does not say what that is.',
            at,
            _AFTER_PLANNING if block.origin is Origin.PLAN else _BEFORE,
            subject_of(kind, name),
        )
    ]


def _attribute(pointer: str, places: Mapping[str, str]) -> str:
    """The attribute from which something in the object was made, without the numbers of its blocks; "" for none.

    Of what is kept as it stands, such as `properties`, the first key below is told too.
    """
    known = pointer
    while known and known not in places:
        known = known.rpartition("/")[0]
    if not known:
        return ""
    steps = [*places[known].split("/")[1:], *pointer[len(known) :].split("/")[1:2]]
    return "/".join(step for step in steps if not step.isdigit())


def _strings(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict) and not isinstance(value, Ref):
        for key, inner in value.items():
            yield from _strings(inner, f"{pointer}/{escaped(str(key))}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _strings(inner, f"{pointer}/{index}")


def _texts(value: object) -> Iterator[str]:
    """Every text in loaded objects."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Location):
        return
    elif isinstance(value, Mapping):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, Iterable):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
