"""Tools that can answer the question of `benchmarks.facts`, each by its own means; only finding the answer is timed.

python -m benchmarks.engines ENGINE FOLDER: the folder holds the exported facts and gets `sites-ENGINE.json`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.facts import BAD, STATES, TRANSITIONS, after, read
from benchmarks.steps import Figures

Sites = set[tuple[int, int]]
"""Checked points and the wrong states they are reached in."""

Found = tuple[Sites, float]
"""The answer, and CPU seconds it took."""

_RULES = """
reached(X, 0) :- start(X).
reached(Y, T) :- reached(X, S), edge(X, Y, E), after(E, S, T).
site(X, S) :- reached(X, S), checked(X, K), bad(K, S).
"""


def product(folder: Path) -> Found:
    """A breadth-first search over points times states, in plain Python."""
    flat, starts = read(folder, "edges"), read(folder, "starts")
    begin = time.process_time()
    size = max(flat) + 1
    out: list[list[tuple[int, int]]] = [[] for _ in range(size)]
    for source, target, effect in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        out[source].append((target, effect))
    table = [[after(effect, state) for state in range(STATES)] for effect in range(5)]
    pending = [(start, 0) for start in starts]
    seen = set(pending)
    while pending:
        point, state = pending.pop()
        for target, effect in out[point]:
            situation = (target, table[effect][state])
            if situation not in seen:
                seen.add(situation)
                pending.append(situation)
    return _checked(folder, seen), time.process_time() - begin


def networkx(folder: Path) -> Found:
    """The product as a graph, and what can be reached from its starts."""
    import networkx as nx

    flat, starts = read(folder, "edges"), read(folder, "starts")
    begin = time.process_time()
    graph: nx.DiGraph[tuple[int, int]] = nx.DiGraph()
    for source, target, effect in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
        graph.add_edges_from(((source, state), (target, after(effect, state))) for state in range(STATES))
    origin = (-1, 0)
    graph.add_edges_from((origin, (start, 0)) for start in starts)
    seen = nx.descendants(graph, origin)
    return _checked(folder, seen), time.process_time() - begin


def duckdb(folder: Path) -> Found:
    """A recursive query; one thread, so that CPU time compares."""
    import duckdb as db

    connection = db.connect(config={"threads": 1})
    for name, columns in _TABLES.items():
        rows = folder / f"{name}.csv"
        rows.write_text("\n".join(",".join(map(str, row)) for row in _rows(folder, name)), encoding="ascii")
        typed = ", ".join(f"'{column}': 'INTEGER'" for column in columns)
        connection.execute(f"create table {name} as from read_csv('{rows}', header=false, columns={{{typed}}})")
    begin = time.process_time()
    found = connection.execute(
        """
        with recursive reached(x, s) as (
            select x, 0 from start
            union
            select y, t from reached join edge using (x) join after using (e, s)
        )
        select checked.x, reached.s from reached join checked on reached.x = checked.x join bad using (k, s)
        """
    ).fetchall()
    return {(x, s) for x, s in found}, time.process_time() - begin


def clingo(folder: Path) -> Found:
    """Rules, grounded and solved."""
    import clingo as asp

    program = folder / "facts.lp"
    program.write_text(_facts(folder) + _RULES + "#show site/2.\n", encoding="ascii")
    control = asp.Control(["--warn=none"])
    control.load(str(program))
    begin = time.process_time()
    control.ground([("base", [])])
    sites: Sites = set()
    with control.solve(yield_=True) as models:
        for model in models:
            shown = (symbol.arguments for symbol in model.symbols(shown=True))
            sites = {(x.number, s.number) for x, s in shown}
    return sites, time.process_time() - begin


def swi_prolog(folder: Path) -> Found:
    """Rules with tabling."""
    program = folder / "facts.pl"
    head = ":- table reached/2.\n" + "".join(f":- discontiguous {n}/{len(c)}.\n" for n, c in _TABLES.items())
    program.write_text(head + _facts(folder) + _RULES, encoding="ascii")
    goal = (
        "statistics(cputime,A),forall(site(X,S),(write(X-S),nl)),statistics(cputime,B),C is B-A,"
        "write(seconds(C)),nl,halt"
    )
    command = ["swipl", "--stack-limit=16g", "--table-space=16g", "-q", "-f", str(program), "-g", goal]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    *lines, last = done.stdout.split()
    sites = {(int(x), int(s)) for x, s in (line.split("-") for line in lines)}
    return sites, float(last.removeprefix("seconds(").removesuffix(")"))


_TABLES: dict[str, tuple[str, ...]] = {
    "edge": ("x", "y", "e"),
    "start": ("x",),
    "checked": ("x", "k"),
    "after": ("e", "s", "t"),
    "bad": ("k", "s"),
}


def _rows(folder: Path, name: str) -> list[tuple[int, ...]]:
    match name:
        case "edge":
            flat = read(folder, "edges")
            return list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        case "start":
            return [(start,) for start in read(folder, "starts")]
        case "checked":
            flat = read(folder, "checked")
            return list(zip(flat[::2], flat[1::2], strict=True))
        case "after":
            return list(TRANSITIONS)
        case _:
            return list(BAD)


def _facts(folder: Path) -> str:
    rows = (f"{name}({','.join(map(str, row))}).\n" for name in _TABLES for row in _rows(folder, name))
    return "".join(rows)


def _checked(folder: Path, seen: set[tuple[int, int]]) -> Sites:
    kinds = {row[0]: row[1] for row in _rows(folder, "checked")}
    return {(x, s) for x, s in seen if x in kinds and (kinds[x], s) in BAD}


ENGINES: dict[str, Callable[[Path], Found]] = {
    "product search in Python": product,
    "networkx product graph": networkx,
    "DuckDB recursive query": duckdb,
    "clingo": clingo,
    "SWI-Prolog tabling": swi_prolog,
}


def main() -> None:
    """Runs one engine."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    sites, seconds = ENGINES[name](folder)
    (folder / f"sites-{name}.json").write_text(json.dumps(sorted(sites)), encoding="ascii")
    who = resource.RUSAGE_CHILDREN if name == "SWI-Prolog tabling" else resource.RUSAGE_SELF
    figures: Figures = {"cpu": seconds, "peak": resource.getrusage(who).ru_maxrss * 1024, "sites": len(sites)}
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
