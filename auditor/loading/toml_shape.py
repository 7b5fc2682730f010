"""A TOML file against its JSON Schema: every mistake at once, with file, line, key path and "did you mean"."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from auditor.errors import PolicyError
from auditor.loading.toml_lines import line_of
from auditor.resources import read_text

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

KeyPath = tuple[str | int, ...]

Fault = tuple[KeyPath, str]
"""What is wrong at which key."""

_KINDS = {
    "string": "text in quotes",
    "array": "a list in brackets",
    "object": "a table",
    "boolean": "true or false",
    "integer": "a whole number",
}


class TomlFile(Struct, frozen=True):
    """A TOML document that was read. name: the path as shown to users; data: its raw tables, dates as ISO text."""

    name: str
    text: str
    data: dict[str, Any]

    def told(self, faults: Iterable[Fault]) -> tuple[str, ...]:
        """The faults in words with their places, in the order of the file, each once."""
        placed = {(line_of(self.text, path) or 0, path, what) for path, what in faults}
        return tuple(self._told(*each) for each in sorted(placed, key=lambda each: (each[0], dotted(each[1]), each[2])))

    def _told(self, line: int, path: KeyPath, what: str) -> str:
        place = f"{self.name}:{line}" if line else self.name
        return f"{place}: {dotted(path)}: {what}" if path else f"{place}: {what}"


def read_toml(path: Path, name: str | None = None) -> TomlFile:
    """Read a TOML file; raises PolicyError when it cannot be read or is no TOML."""
    shown = name or path.as_posix()
    try:
        text = path.read_text(encoding="utf-8-sig")
        return TomlFile(shown, text, _plain(tomllib.loads(text)))
    except OSError as error:
        raise broken((f"{shown}: cannot be read: {error.strerror}",)) from error
    except UnicodeDecodeError as error:
        raise broken((f"{shown}: is not UTF-8 text (byte {error.start})",)) from error
    except ValueError as error:  # also a number of more digits than Python reads
        raise broken((f"{shown}: is not valid TOML: {error}",)) from error
    except RecursionError as error:
        raise broken((f"{shown}: is nested too deeply",)) from error


@cache
def shipped_toml(path: Path, name: str) -> TomlFile:
    """A TOML file that belongs to the tool: read once in a process, and to be left as it is."""
    return read_toml(path, name)


def broken(details: tuple[str, ...]) -> PolicyError:
    """The error for mistakes in a policy or rule file."""
    count = "One mistake" if len(details) == 1 else f"{len(details)} mistakes"
    hint = "Correct the file and run the command again; `auditor schema policy` prints the form of a policy file."
    return PolicyError(f"{count} in policy or rule files.", hint=hint, details=details)


def shape_faults(file: TomlFile, schema: str) -> list[Fault]:
    """What in the file does not fit the shipped schema of that name."""
    return [fault for error in _validator(schema).iter_errors(file.data) for fault in _explain(error)]


@cache
def _validator(schema: str) -> Draft202012Validator:
    from jsonschema import Draft202012Validator

    checker = Draft202012Validator.FORMAT_CHECKER
    return Draft202012Validator(json.loads(read_text(f"schemas/{schema}.schema.json")), format_checker=checker)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A suggestion in parentheses to put behind a mistake, or nothing when no known word is near."""
    by_fold = {each.casefold(): each for each in known}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f' (did you mean "{by_fold[near[0]]}"?)' if near else ""


def dotted(path: KeyPath) -> str:
    """A key path as users write it: `consent_point[2].granting`, counted from 1."""
    text = ""
    for key in path:
        text += f"[{key + 1}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def _explain(error: ValidationError) -> Iterator[Fault]:
    path: KeyPath = tuple(error.absolute_path)
    schema: dict[str, Any] = error.schema if isinstance(error.schema, dict) else {}
    wanted: Any = error.validator_value
    value: Any = error.instance
    match error.validator:
        case "additionalProperties" if wanted is False:
            known = list(schema.get("properties", {}))
            for key in [key for key in value if key not in known]:
                yield (*path, key), "unknown key" + did_you_mean(key, known)
        case "required":
            yield from ((path, f'"{key}" is missing') for key in wanted if key not in value)
        case "enum":
            yield path, _not_among(value, wanted)
        case "anyOf":
            yield from _explain_best(error, path)
        case "oneOf" if not isinstance(value, dict):
            return
        case "oneOf" | "not":
            yield path, str(schema.get("description", "is not allowed"))
        case "pattern" if "propertyNames" in error.absolute_schema_path:
            yield (*path, value), f"a key here looks like {_form(schema, wanted)}"
        case "pattern":
            yield path, f"{_show(value)} does not look like {_form(schema, wanted)}"
        case _:
            yield path, _wrong_value(str(error.validator), wanted, value) or error.message


def _explain_best(error: ValidationError, path: KeyPath) -> Iterator[Fault]:
    """Of the alternatives of an anyOf, the one whose type fits the value is what was meant."""
    meant = [each for each in error.context or () if each.validator != "type" or tuple(each.absolute_path) != path]
    if not meant:
        yield path, "must be text in quotes, or a list of texts"
    for each in meant:
        yield from _explain(each)


def _form(schema: dict[str, Any], pattern: object) -> str:
    """An example when the schema gives one; a regular expression says little to most readers."""
    examples = schema.get("examples")
    return _show(examples[0]) if examples else str(pattern)


def _wrong_value(validator: str, wanted: Any, value: Any) -> str:
    match validator:
        case "type":
            kinds = [str(kind) for kind in (wanted if isinstance(wanted, list) else [wanted])]
            return f"must be {' or '.join(_KINDS.get(kind, kind) for kind in kinds)}, not {_show(value)}"
        case "format":
            return f"{_show(value)} is no date such as 2025-01-31"
        case "minItems" | "minLength" | "minProperties":
            return "must not be empty" if wanted == 1 else "is too short"
        case "uniqueItems":
            return "holds the same value twice"
        case _:
            return ""


def _not_among(value: object, allowed: list[Any]) -> str:
    known = [str(each) for each in allowed]
    word = ("yes" if value else "no") if isinstance(value, bool) else str(value)
    return f"{_show(value)} is none of {', '.join(known)}{did_you_mean(word, known)}"


def _show(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def _plain(value: Any) -> Any:
    """Dates as ISO text, so that a JSON Schema can judge them."""
    match value:
        case dict():
            return {key: _plain(each) for key, each in value.items()}
        case list():
            return [_plain(each) for each in value]
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return value
