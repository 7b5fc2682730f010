"""An export in other words: the same files, objects and verdicts; nobody's names, numbers or prompts."""

from __future__ import annotations

import base64
import json
import re
import urllib.parse
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

from msgspec import Struct

from auditor.errors import DocumentError
from auditor.loading.anonymous_json import renamed_json
from auditor.loading.anonymous_yaml import renamed_yaml
from auditor.loading.files import decode, unchanged
from auditor.loading.i3 import decode_i3
from auditor.loading.json_reader import read_json
from auditor.loading.overlay import names_below
from auditor.loading.renaming import Renamer
from auditor.model.organisation import Organisation
from auditor.model.policy import Policy, Scope
from auditor.model.problems import InputFile

_DOCUMENTS = frozenset({"platform API JSON", "flow configuration JSON"})
_LINES, _ENCODED = "JSON lines", "i3 flow export"
_YAML = frozenset({"Archy YAML flow", "Archy JSON flow"})


class AnonymousFile(Struct, frozen=True):
    """A file in other words. path: below its folder, with slashes."""

    path: str
    text: str


class Anonymous(Struct, frozen=True):
    """Everything. policy: the policy file that belongs to it; left_out: files that were not copied, and why."""

    files: tuple[AnonymousFile, ...]
    policy: str | None
    left_out: tuple[str, ...]


def anonymized(
    organisation: Organisation, policy: Policy, policy_file: Path | None, known: Callable[[str], bool]
) -> Anonymous:
    """Every file that was understood, in other words. known: whether a word is one of the vocabulary."""
    renamer = Renamer(known, _digits(policy))
    renamer.people(_people(organisation))
    names = names_below([file.path for file in organisation.inputs])
    files: list[AnonymousFile] = []
    left: list[str] = []
    for file in organisation.inputs:
        shown = names[file.path]
        try:
            text = _renamed(file, renamer)
        except DocumentError as error:
            text, why = None, error.message
        else:
            why = f"{file.kind} cannot be rewritten"
        if text is None:
            left.append(f"{shown}: {why}")
        else:
            files.append(AnonymousFile(_path(shown, renamer), text))
    rules = None if policy_file is None else renamed_policy(policy_file.read_text(encoding="utf-8-sig"), renamer)
    return Anonymous(tuple(files), rules, tuple(left))


def _renamed(file: InputFile, renamer: Renamer) -> str | None:
    data = unchanged(file.path, file.sha256)
    if file.kind == _ENCODED:
        text = decode_i3(data)
        made = json.dumps(renamed_json(read_json(text or ""), renamer), ensure_ascii=False)
        return base64.b64encode(urllib.parse.quote(made, safe="").encode("ascii")).decode("ascii")
    if file.kind in _DOCUMENTS:
        return json.dumps(renamed_json(read_json(decode(data)), renamer), ensure_ascii=False, indent=2) + "\n"
    if file.kind == _LINES:
        lines = (line for line in decode(data).split("\n") if line.strip("\ufeff \t\r"))
        return "".join(json.dumps(renamed_json(read_json(x), renamer), ensure_ascii=False) + "\n" for x in lines)
    if file.kind in _YAML:
        return renamed_yaml(decode(data), renamer)
    return None


def _people(organisation: Organisation) -> Iterable[str]:
    for user in organisation.users:
        yield user.name


def _digits(policy: Policy) -> int:
    """So many digits of a number stay that every prefix of the policy file still fits."""
    rows = [*((m.scope, m.values) for m in policy.modes), *((p.scope, p.values) for p in policy.pins)]
    prefixes = [value for scope, values in rows if scope is Scope.NUMBER_PREFIX for value in values]
    return max([5, *(sum(c.isdigit() for c in prefix) for prefix in prefixes)])


def _path(path: str, renamer: Renamer) -> str:
    parts = PurePosixPath(path)
    return PurePosixPath(*(renamer.text(part) for part in parts.parent.parts), _file_name(parts, renamer)).as_posix()


def _file_name(path: PurePosixPath, renamer: Renamer) -> str:
    return renamer.text(path.stem) + path.suffix


_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'')
_WAIVER = re.compile(r"^\[\[waiver\]\]\s*$.*?(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_WORDS = re.compile(r"[a-z_]+|R[CNQ]\d+|[A-Z]{2}(?:-[A-Z]{2,3})?|\+[\d ]+")


def renamed_policy(text: str, renamer: Renamer) -> str:
    """A policy file in other words, without comments and waivers: a fingerprint fits no renamed object."""
    kept = _WAIVER.sub("", "\n".join(_uncommented(line) for line in text.split("\n")))
    return _STRING.sub(lambda m: _string(m.group(), renamer), kept)


def _uncommented(line: str) -> str:
    parts = re.split(r'("(?:[^"\\]|\\.)*"|\'[^\']*\')', line)
    for index, part in enumerate(parts):
        if index % 2 == 0 and "#" in part:
            return "".join(parts[:index]) + part.partition("#")[0].rstrip()
    return line


def _string(quoted: str, renamer: Renamer) -> str:
    inner = quoted[1:-1]
    if _WORDS.fullmatch(inner):
        return quoted
    return f"{quoted[0]}{renamer.text(inner)}{quoted[0]}"
