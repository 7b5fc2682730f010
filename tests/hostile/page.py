"""The page of the documentation about hostile inputs: how each ended, and what that took on the machine of the run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.hostile.making import Hostile
from tests.hostile.running import Ran
from tests.hostile.table import GROUPS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "hostile-input.md"
_ROW = re.compile(r"^\| (.+?) \| [0-9]+ \|", re.MULTILINE)
_SPECIAL = re.compile(r"([|`*_<>\[\]\\])")
_MIB = 1024 * 1024

HEAD = """# Hostile input

Exports come from elsewhere. Each input below was given to `auditor` in a process of its own; `make hostile` runs them
all and writes this page. No run may write, execute or fetch anything, show what it must not show, take more memory than
it is allowed, or end with exit code 3.

| result | meaning |
|---|---|
| exit code | [as always](exit-codes.md): 5 where something could not be read, so that nothing is passed in silence |
| says | words of the report or of the message |
| memory | the highest resident memory of the process; {least} MiB are the program itself |
| time | of the processor |
"""

TAIL = """
## Limits

| what | limit | option |
|---|---|---|
| size of a file, also in an archive | 128 MiB | `--max-file-size` |
| values (texts, numbers, lists, objects) in a file | 5,000,000 | `--max-values` |
| objects of one kind in an export | 100,000 | `--max-objects` |
| size and nesting of YAML | 16 MiB, 200 deep | |
| a text in YAML, a template that is filled in | 1 MiB | |
| an archive | 50,000 files, 1 GiB unpacked, 200 to 1 | |
| mistakes told of one file | 100,000 | |

The options stand before the command: `auditor --max-file-size 512 audit export`.

## Fuzzing

`make fuzz` changes the exports, policies, rules, packs, archives and expressions of the tests for ten minutes, led by
the coverage that atheris sees. Exports are audited, reported in every format and described for the history. A run of
20 targets and 375,788 documents found one that ended with exit code 3 (broken JSON with a number of thousands of
digits). It is mended, is tried in every test run, and 2,294 more documents of its kind found nothing. A later run of
eleven minutes, 20 targets and 602,169 documents, ended with nothing found.

Whole exports of several files are changed too, one file at a time: they are audited, given to one of the commands, and
audited with a cache that knows them as they were, where the report must be the same to the byte; certificates of what
is proved must hold. So are answers that a browser or Postman recorded, listings in YAML and snake_case, several
documents in one file, override files and OpenTofu, and damaged caches. The first documents of that kind found one
fault: with a cache, flows without call routes ended with exit code 3. It is mended. A run of ten minutes after that, 31
targets and 343,915 documents, ended with nothing found. So did one of 700 seconds over Terraform alone,
43,091 documents, when plans, modules and expressions were read further, and one of 700 seconds over all 31 targets,
438,518 documents, when the search passed over more.
"""


def page(tried: Mapping[str, Ran]) -> str:
    """The page. tried: the run over each input, by its name."""
    parts = [HEAD.format(least=_memory(min(ran.peak for ran in tried.values())))]
    for group, members in GROUPS.items():
        parts += [f"\n## {group}\n\n| input | exit code | says | memory (MiB) | time (s) |\n|---|---|---|---|---|\n"]
        parts += [_row(hostile, tried[hostile.name]) for hostile in members]
    return "".join([*parts, TAIL])


def named(text: str) -> list[str]:
    """The names of the inputs in the page."""
    return [re.sub(r"\\(.)", r"\1", name) for name in _ROW.findall(text)]


def _row(hostile: Hostile, ran: Ran) -> str:
    cells: Sequence[object] = (
        _SPECIAL.sub(r"\\\1", hostile.name),
        ran.code,
        _SPECIAL.sub(r"\\\1", hostile.says) or "nothing of it",
        _memory(ran.peak),
        f"{ran.seconds:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} |\n"


def _memory(peak: int) -> int:
    """In mebibytes, to the next ten: the exact number differs from run to run."""
    return -(-peak // (10 * _MIB)) * 10
