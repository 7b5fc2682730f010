"""A certificate as it is written: names instead of numbers, tables instead of repetition, one form byte for byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Annotated

import msgspec

SCHEMA_VERSION = "1.0"
MOST_BYTES = 512 * 1024 * 1024

Row = Annotated[int, msgspec.Meta(ge=0)]
"""The number of a row in a table of the certificate."""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What all parts have in common: nothing in them changes, and nothing is in them that is not read."""


class NamedForm(Form, frozen=True):
    """An object of the export."""

    name: str
    id: str | None


class EntryForm(Form, frozen=True):
    """One way in which a call can begin. ordinal: 0 for the first entry of this kind, name and id."""

    kind: str
    name: str
    id: str | None
    ordinal: int


class LegForm(Form, frozen=True):
    """What the call brings along. line to hold: "on", "off" or "unset"."""

    direction: str
    line: str
    gate: str
    consult: str
    external: str
    hold: str
    trunks: tuple[NamedForm, ...]


class Claim(Form, frozen=True):
    """What is proved: no call of this entry on this leg is recorded while the mode is not satisfied."""

    entry: EntryForm
    leg: LegForm
    mode: str


class SumForm(Form, frozen=True):
    """Files by name and content. sha256: of the lines "HASH  NAME" of all, as `sha256sum` writes them, by name."""

    files: int
    sha256: str


class Basis(Form, frozen=True):
    """What the claim rests on. tool: version; rules: codes of those that nothing may break; rule_files: with all tables
    that ship with them; policy, substitutions: hashes of the files, None without one.
    """

    tool: str
    as_of: date
    inputs: SumForm
    rules: tuple[str, ...]
    rule_files: SumForm
    policy: str | None
    substitutions: str | None
    assumptions: dict[str, str]


def sum_of(files: Iterable[tuple[str, str]]) -> SumForm:
    """The form of files as (name, SHA-256)."""
    lines = [f"{digest}  {name}\n" for name, digest in sorted(files)]
    return SumForm(len(lines), hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest())


class PointsForm(Form, frozen=True):
    """Points of a container of a flow, in the order of the flow. points: name or id of the action with its number."""

    flow: str
    container: str
    points: tuple[str, ...]


class ValuesForm(Form, frozen=True):
    """What a variable may hold: the values, or with negated any but them. A value: its kind and its text."""

    variable: str
    negated: bool
    values: tuple[tuple[str, str], ...]


class StateForm(Form, frozen=True, omit_defaults=True):
    """The state of a call (State), without what is as at the beginning. Masks have a bit for each regime.

    via: the place that put the call into the queue; last: the last consent point and its answer; pending: what is still
    to be done, by which place it was ordered, and a mask; copies: what goes on, and the place that switched it on; env:
    variables that will still be read, as numbers in the table of values; others may hold anything.
    """

    consent: str
    place: str
    queued: bool = False
    noticed: bool = False
    enabled: bool = False
    granted: bool = False
    since: int = 0
    captured: int = 0
    hidden: int = 0
    queue: str | None = None
    via: Row | None = None
    tainted: bool = False
    doubt: int = 0
    last: tuple[Row, str] | None = None
    pending: tuple[tuple[str, Row, int], ...] = ()
    copies: tuple[tuple[str, Row], ...] = ()
    post: str | None = None
    env: tuple[Row, ...] = ()


class ContextForm(Form, frozen=True):
    """What is reached from one place entered in one state. Places and states: numbers in the certificate's tables.

    frame: 0 when it does not return, 1 for a called task, 2 for a called module or bot; situations: states, each group
    with the places reached in all of them, as first and last of each run; exits: (output, place it jumps to or -1,
    state).
    """

    place: Row
    state: Row
    frame: int
    situations: tuple[tuple[tuple[Row, ...], tuple[Row, ...]], ...]
    exits: tuple[tuple[str, int, Row], ...]


class InvariantForm(Form, frozen=True):
    """The contexts of a call under these regimes. regimes: of each, the names of what holds in it; masks have a bit for
    each, in this order.
    """

    regimes: tuple[tuple[str, ...], ...]
    contexts: tuple[ContextForm, ...]


class Certificate(Form, frozen=True):
    """A whole certificate. Places are numbered through points and places; sha256: of all the rest."""

    schema_version: str
    claim: Claim
    basis: Basis
    points: tuple[PointsForm, ...]
    places: tuple[tuple[str, ...], ...]
    values: tuple[ValuesForm, ...]
    states: tuple[StateForm, ...]
    invariants: tuple[InvariantForm, ...]
    sha256: str = ""


class BadForm(ValueError):
    """The bytes are no certificate; the text says why."""


def sealed(certificate: Certificate) -> bytes:
    """The bytes of a certificate, with the hash of all the rest in them."""
    digest = hashlib.sha256(_encoded(msgspec.structs.replace(certificate, sha256=""))).hexdigest()
    return _encoded(msgspec.structs.replace(certificate, sha256=digest)) + b"\n"


def opened(data: bytes) -> Certificate:
    """The certificate in these bytes; raises BadForm unless they are exactly those that `sealed` makes of it."""
    if len(data) > MOST_BYTES:
        raise BadForm(f"it is larger than {MOST_BYTES // 2**20} MiB")
    try:
        certificate = msgspec.json.decode(data, type=Certificate)
        again = sealed(certificate)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise BadForm(f"it is no certificate: {error}") from error
    if certificate.schema_version != SCHEMA_VERSION:
        raise BadForm(f"its form has the version {certificate.schema_version}; this is {SCHEMA_VERSION}")
    if again != data:
        raise BadForm("it has been changed: its hash is not that of its content")
    return certificate


def _encoded(certificate: Certificate) -> bytes:
    return msgspec.json.encode(certificate, order="sorted")
