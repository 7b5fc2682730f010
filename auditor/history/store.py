"""Runs in a database: one table a kind of row, added whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from auditor.errors import UsageError
from auditor.history.database import Busy, Row, Session, Value, session
from auditor.history.records import Call, Found, Header, Judged, Read, Run, Thing

VERSION = 1
_ATTEMPTS = 5
_TABLES = {
    "auditor_history": "version INTEGER NOT NULL",
    "auditor_runs": (
        "number INTEGER PRIMARY KEY, series TEXT NOT NULL, at TEXT NOT NULL, tool TEXT NOT NULL, rules TEXT NOT NULL,"
        " policy TEXT NOT NULL, export TEXT NOT NULL, exit_code INTEGER NOT NULL, incomplete INTEGER NOT NULL"
    ),
    "auditor_inputs": "path TEXT NOT NULL, sha256 TEXT NOT NULL, kind TEXT NOT NULL, status TEXT NOT NULL",
    "auditor_verdicts": (
        "kind TEXT NOT NULL, name TEXT NOT NULL, direction TEXT NOT NULL, trunk TEXT NOT NULL, line TEXT NOT NULL,"
        " gate TEXT NOT NULL, mode TEXT NOT NULL, verdict TEXT NOT NULL, effect TEXT NOT NULL, findings TEXT NOT NULL"
    ),
    "auditor_findings": (
        "fingerprint TEXT NOT NULL, rule TEXT NOT NULL, name TEXT NOT NULL, severity TEXT NOT NULL,"
        " confidence TEXT NOT NULL, latent INTEGER NOT NULL, subject TEXT NOT NULL, file TEXT NOT NULL, line INTEGER,"
        " message TEXT NOT NULL, waived INTEGER NOT NULL, baselined INTEGER NOT NULL, touches TEXT NOT NULL"
    ),
    "auditor_things": "kind TEXT NOT NULL, name TEXT NOT NULL, digest VARCHAR(64) NOT NULL",
    "auditor_settings": "digest VARCHAR(64) PRIMARY KEY, fields TEXT NOT NULL",
}
_OWN = ("auditor_inputs", "auditor_verdicts", "auditor_findings", "auditor_things")
"""Tables whose rows belong to a run and keep their order."""


class History:
    """The history at a place: the path of an SQLite file, or a database URL."""

    def __init__(self, place: str) -> None:
        self._place = place

    def add(self, run: Run) -> Run:
        """Keep a run under the next number, which the run then has."""
        for _ in range(_ATTEMPTS):
            try:
                with session(self._place, create=True) as database:
                    _prepare(database)
                    return _add(database, run)
            except Busy:
                continue
        raise UsageError("Others are adding runs to this history all the time.", hint="Try again a little later.")

    def headers(self, series: str) -> tuple[Header, ...]:
        """The runs of a series in order: by the time of the run, then by number."""
        with session(self._place) as database:
            _check(database)
            names = ", ".join(Header.__struct_fields__)
            query = f"SELECT {names} FROM auditor_runs WHERE series = :series"  # nosec B608 # names of fields of a class
            rows = database.rows(query, {"series": _in(series)})
            found = (_header(row) for row in rows)
            return tuple(sorted(found, key=lambda header: (header.at, header.number)))

    def series(self) -> tuple[str, ...]:
        """The names of all series."""
        with session(self._place) as database:
            _check(database)
            return tuple(sorted(_out(row[0]) for row in database.rows("SELECT DISTINCT series FROM auditor_runs")))

    def fingerprints(self, headers: Sequence[Header]) -> list[tuple[Header, frozenset[str]]]:
        """The fingerprints of the findings of each run."""
        with session(self._place) as database:
            found: dict[int, set[str]] = {}
            for run, fingerprint in database.rows("SELECT run, fingerprint FROM auditor_findings"):
                found.setdefault(_whole(run), set()).add(_out(fingerprint))
            return [(header, frozenset(found.get(header.number, ()))) for header in headers]

    def runs(self, headers: Iterable[Header]) -> tuple[Run, ...]:
        """All that is kept of some runs."""
        with session(self._place) as database:
            return tuple(_run(database, header) for header in headers)


def _prepare(database: Session) -> None:
    for table, columns in _TABLES.items():
        own = "run INTEGER NOT NULL, place INTEGER NOT NULL, " if table in _OWN else ""
        key = ", PRIMARY KEY (run, place)" if table in _OWN else ""
        database.rows(f"CREATE TABLE IF NOT EXISTS {table} ({own}{columns}{key})")
    if not database.rows("SELECT version FROM auditor_history"):
        database.write("INSERT INTO auditor_history (version) VALUES (:version)", [{"version": VERSION}])
    _check(database)


def _check(database: Session) -> None:
    [version, *_] = database.rows("SELECT version FROM auditor_history")
    if version[0] != VERSION:
        raise UsageError(
            f"This history has version {version[0]}; this auditor writes version {VERSION}.",
            hint="Use the auditor that wrote it, or begin a new history.",
        )


def _add(database: Session, run: Run) -> Run:
    # Changes nothing, but whoever adds a run waits here until the one before has finished, also on a server.
    database.rows("UPDATE auditor_history SET version = version")
    [highest] = database.rows("SELECT COALESCE(MAX(number), 0) FROM auditor_runs")
    number = _whole(highest[0]) + 1
    header = replace(run.header, number=number)
    _insert(database, "auditor_runs", [{name: _in(getattr(header, name)) for name in Header.__struct_fields__}])
    _insert(database, "auditor_inputs", _own(number, (_columns(each) for each in run.inputs)))
    _insert(database, "auditor_verdicts", _own(number, (_judged_columns(each) for each in run.judged)))
    _insert(database, "auditor_findings", _own(number, (_columns(each) for each in run.found)))
    rows = ({"kind": _in(t.kind), "name": _in(t.name), "digest": t.digest} for t in run.things)
    _insert(database, "auditor_things", _own(number, rows))
    kept = {_out(row[0]) for row in database.rows("SELECT digest FROM auditor_settings")}
    settings: dict[str, str] = {thing.digest: thing.text for thing in run.things if thing.digest not in kept}
    _insert(database, "auditor_settings", [{"digest": d, "fields": text} for d, text in settings.items()])
    return replace(run, header=header)


def _insert(database: Session, table: str, rows: Sequence[dict[str, Value]]) -> None:
    if rows:
        names = list(rows[0])
        values = ", ".join(f":{name}" for name in names)
        query = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({values})"  # nosec B608 # words of this file
        database.write(query, rows)


def _own(number: int, rows: Iterable[dict[str, Value]]) -> list[dict[str, Value]]:
    return [{"run": number, "place": place, **row} for place, row in enumerate(rows)]


def _columns(record: Found | Read) -> dict[str, Value]:
    return {name: _in(getattr(record, name)) for name in record.__struct_fields__}


def _judged_columns(judged: Judged) -> dict[str, Value]:
    call = {name: _in(getattr(judged.call, name)) for name in Call.__struct_fields__}
    rest = {name: _in(getattr(judged, name)) for name in Judged.__struct_fields__ if name != "call"}
    return {**call, **rest}


def _in(value: object) -> Value:
    """As databases can hold it: no NUL, no lone surrogate; lists as JSON."""
    match value:
        case bool():
            return int(value)
        case None | int():
            return value
        case tuple():
            return json.dumps(value)
        case _:
            text = str(value).replace("\\", "\\\\").replace("\0", "\\0")
            return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _out(value: Value) -> str:
    """The text that `_in` was given; lone surrogates stay as they were written."""
    return "\\".join(part.replace("\\0", "\0") for part in str(value).split("\\\\"))


def _whole(value: Value) -> int:
    return int(value or 0)


def _header(row: Row) -> Header:
    number, series, at, tool, rules, policy, export, exit_code, incomplete = row
    return Header(
        _whole(number), _out(series), _out(at), _out(tool), _out(rules), _out(policy), _out(export),
        _whole(exit_code), bool(incomplete),
    )  # fmt: skip


def _run(database: Session, header: Header) -> Run:
    inputs = _select(database, header, "auditor_inputs", "path, sha256, kind, status")
    calls = _select(
        database, header, "auditor_verdicts",
        "kind, name, direction, trunk, line, gate, mode, verdict, effect, findings",
    )  # fmt: skip
    findings = _select(database, header, "auditor_findings", ", ".join(Found.__struct_fields__))
    things = database.rows(
        "SELECT t.kind, t.name, s.fields FROM auditor_things t JOIN auditor_settings s ON s.digest = t.digest"
        " WHERE t.run = :run ORDER BY t.place",
        {"run": header.number},
    )
    return Run(
        header,
        tuple(Read(*(_out(value) for value in row)) for row in inputs),
        tuple(_judged(row) for row in calls),
        tuple(_found(row) for row in findings),
        tuple(Thing(_out(kind), _out(name), _pairs(text)) for kind, name, text in things),
    )


def _select(database: Session, header: Header, table: str, columns: str) -> list[Row]:
    query = f"SELECT {columns} FROM {table} WHERE run = :run ORDER BY place"  # nosec B608 # words of this file
    return database.rows(query, {"run": header.number})


def _judged(row: Row) -> Judged:
    *texts, findings = row
    kind, name, direction, trunk, line, gate, mode, verdict, effect = (_out(value) for value in texts)
    return Judged(Call(kind, name, direction, trunk), line, gate, mode, verdict, effect, _list(findings))


def _found(row: Row) -> Found:
    values = dict(zip(Found.__struct_fields__, row, strict=True))
    line = values["line"]
    return Found(
        fingerprint=_out(values["fingerprint"]),
        rule=_out(values["rule"]),
        name=_out(values["name"]),
        severity=_out(values["severity"]),
        confidence=_out(values["confidence"]),
        latent=bool(values["latent"]),
        subject=_out(values["subject"]),
        file=_out(values["file"]),
        line=None if line is None else _whole(line),
        message=_out(values["message"]),
        waived=bool(values["waived"]),
        baselined=bool(values["baselined"]),
        touches=_list(values["touches"]),
    )


def _list(text: Value) -> tuple[str, ...]:
    return tuple(str(each) for each in json.loads(str(text)))


def _pairs(text: Value) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(value)) for name, value in json.loads(str(text)))
