"""One piece of work in a process of its own: python -m benchmarks.steps STEP FOLDER prints what it cost, as JSON.

cpu: seconds of the whole process, its start included; peak: bytes; wall: seconds of the step; helpers: cpu of the
processes that it started; the rest is what the step itself measured.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.policy.judgement import Judgement

Figures = dict[str, float]


def plain(folder: Path) -> Figures:
    """What a script would do: yaml.load with the C loader, json.loads."""
    import yaml

    for path in _files(folder):
        text = path.read_text(encoding="utf-8")
        _ = json.loads(text) if path.suffix == ".json" else yaml.load(text, Loader=yaml.CSafeLoader)
    return {}


def parse(folder: Path) -> Figures:
    """The auditor's own front end, reading and hashing included, nothing kept."""
    from auditor.loading.files import decode, read, walk
    from auditor.loading.json_reader import read_json
    from auditor.loading.yaml_reader import read_yaml

    begin = time.process_time()
    with _without_collections():
        for found in walk([folder]):
            text = decode(read(found).data)
            _ = read_json(text) if found.path.suffix == ".json" else read_yaml(text)
    return {"parse": time.process_time() - begin}


def load(folder: Path) -> Figures:
    """Files to program points. retained: bytes of memory that stay."""
    from auditor.graph.program import Program
    from auditor.loading.load import load
    from auditor.model.sites import action_sites

    before = _resident()
    begin = time.process_time()
    organisation = load([folder])
    loaded = time.process_time()
    program = Program(organisation)
    end = time.process_time()
    gc.collect()
    retained = _resident() - before
    actions = sum(1 for flow in organisation.flows for _ in action_sites(flow))
    return {
        "load": loaded - begin,
        "program": end - loaded,
        "actions": actions,
        "points": len(program.points),
        "retained": retained,
    }


def analysis(folder: Path) -> Figures:
    """Questions, values, summaries, observations, witnesses: everything between program points and the report."""
    return _analysis(folder, values=True)


def analysis_without_values(folder: Path) -> Figures:
    """The same without tracking values of variables."""
    return _analysis(folder, values=False)


def _analysis(folder: Path, *, values: bool) -> Figures:
    begin: list[float] = []
    judgement = analysed(folder, values=values, told=lambda: begin.append(time.process_time()))
    end = time.process_time()
    return {
        "analysis": end - begin[0],
        "visits": judgement.analysis.visits,
        "findings": len(judgement.findings),
    }


def analysed(folder: Path, *, values: bool, told: Callable[[], object] = lambda: None) -> Judgement:
    """An export judged. told: called when it is loaded and its points are made."""
    from auditor.audit import find_questions, judge
    from auditor.cli.main import collect_rarely
    from auditor.graph.program import Program
    from auditor.loading.load import load
    from auditor.loading.rules import read_rules
    from auditor.loading.tables import read_assumptions
    from auditor.loading.vocabulary import read_vocabulary
    from auditor.model.policy import Policy
    from auditor.policy.options import AuditOptions

    collect_rarely()
    program = Program(load([folder]))
    rules, policy = read_rules(), Policy()
    options = AuditOptions(read_assumptions(), read_vocabulary(), values=values)
    told()
    return judge(program, find_questions(program, policy, options.vocabulary), rules, policy, options)


def audit(folder: Path) -> Figures:
    """The whole of `auditor audit --format json`, in this process."""
    return _audit(folder)


def by_two(folder: Path) -> Figures:
    """The same in two processes, this one and another."""
    return _audit(folder, "--jobs", "2")


def remembered(folder: Path) -> Figures:
    """The same with a cache: what the first run keeps, the others only look up."""
    return _audit(folder, "--cache", str(_cache(folder)))


def remembered_but_for_one(folder: Path) -> Figures:
    """The same again after one flow has been changed. The flow is put back as it was."""
    flow = min(path for path in _files(folder) if "inboundcall" in path.read_text(encoding="utf-8")[:200].lower())
    before = flow.read_bytes()
    try:
        flow.write_bytes(before + b"\n" * (1 + secrets.randbelow(5000)))  # unlike what the cache knows of other rounds
        return _audit(folder, "--cache", str(_cache(folder)))
    finally:
        flow.write_bytes(before)


def _audit(folder: Path, *options: str) -> Figures:
    from auditor.cli.main import main

    with tempfile.TemporaryDirectory() as name:
        output = Path(name) / "report.json"
        given = ["--format", "json", "--output", str(output), "--quiet", "--jobs", "1"]
        sys.argv = ["auditor", "audit", str(folder), *given, *options]
        with contextlib.suppress(SystemExit):
            main()
        return {"report": output.stat().st_size}


def _cache(folder: Path) -> Path:
    """Beside the organisation, so that it is no part of it."""
    return folder.parent / f"cache-{folder.name}"


STEPS: dict[str, Callable[[Path], Figures]] = {
    "plain": plain,
    "parse": parse,
    "load": load,
    "analysis": analysis,
    "analysis without values": analysis_without_values,
    "audit": audit,
    "audit by two": by_two,
    "cached": remembered,
    "warm": remembered,
    "one flow changed": remembered_but_for_one,
}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


@contextlib.contextmanager
def _without_collections() -> Iterator[None]:
    """As the auditor reads: what is parsed holds no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _resident() -> int:
    """Bytes of memory in use, as Linux counts them."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Runs one step."""
    begin = time.perf_counter()
    figures = STEPS[sys.argv[1]](Path(sys.argv[2]))
    wall = time.perf_counter() - begin
    used, helped = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    figures |= {"cpu": used.ru_utime + used.ru_stime, "peak": used.ru_maxrss * 1024, "wall": wall}
    figures["helpers"] = helped.ru_utime + helped.ru_stime
    sys.stdout.write(json.dumps(figures) + "\n")


if __name__ == "__main__":
    main()
