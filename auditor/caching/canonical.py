"""Values as text, the same in every run: what keys are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from datetime import date
from enum import Enum

from msgspec import Struct


def canonical(value: object) -> str:
    """A text that is the same for equal values, and another one for others. Raises TypeError for unknown types.

    Unlike repr, it does not depend on the order in which a set happens to be walked.
    """
    match value:
        case Enum():
            return f"{type(value).__qualname__}.{value.name}"
        case None | bool() | int() | float() | str() | bytes() | date():
            return repr(value)
        case re.Pattern():
            return repr((value.pattern, value.flags))
        case tuple() | list():
            return f"[{','.join(map(canonical, value))}]"
        case Mapping():
            return f"{{{','.join(f'{canonical(key)}:{canonical(each)}' for key, each in value.items())}}}"
        case Set():
            return f"<{','.join(sorted(map(canonical, value)))}>"
        case Struct():
            inner = ",".join(f"{name}={canonical(getattr(value, name))}" for name in value.__struct_fields__)
            return f"{type(value).__qualname__}({inner})"
        case _:
            raise TypeError(f"no text for {type(value)}")
