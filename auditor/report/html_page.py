"""What pages have in common: templates that escape every text, and hashes for their content security policy."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from auditor.report.text import safe


@cache
def environment() -> Environment:
    """Templates of this package; every text that they print is escaped, and harmless in a terminal too."""
    return Environment(
        loader=FunctionLoader(part),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: safe(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def part(name: str) -> str:
    """The text of a template, style sheet or script."""
    return resources.files("auditor.report").joinpath("templates", name).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """By which a content security policy allows an inline style or script."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
