"""What a thorough check of an export found, in words: `auditor validate`."""

from __future__ import annotations

from auditor.loading.shapes import Census, schema
from auditor.model.organisation import Organisation
from auditor.model.problems import Problem
from auditor.report.coverage import problem_lines
from auditor.report.grid import grid
from auditor.report.inputs import inputs_table


def shapes_report(organisation: Organisation, census: Census, width: int) -> str:
    """Files, objects of each kind with how many have not its shape, and every problem of what was read."""
    counts = census.checked.items()
    rows = sorted((str(schema(kind)["title"]), str(count), str(census.wrong[kind])) for kind, count in counts)
    blocks = [
        inputs_table(organisation.inputs, width).rstrip("\n"),
        "OBJECTS\n" + grid(("of the platform API", "checked", "not valid"), rows, width) if rows else "",
        "\n".join(problem_lines(unreadable(organisation), width)),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def unreadable(organisation: Organisation) -> tuple[Problem, ...]:
    """The problems that say that something was not read."""
    return tuple(problem for problem in organisation.problems if problem.unread)
