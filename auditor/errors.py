"""Errors typed by whose fault they are, each with what to do next and the exit code it leads to.

An export file that cannot be read is no error but a Problem: one bad file does not end an audit.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command, whatever the format (README, table "Exit codes")."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    FAILED = 3
    NOTHING = 4
    INCOMPLETE = 5
    INTERRUPTED = 130


class AuditorError(Exception):
    """Something the user is told in words, without a stack trace: here the fault is the tool's own.

    message: one sentence; details: every mistake found, one a line; hint: what to do next.
    """

    exit_code: ExitCode = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.details = details


class UsageError(AuditorError):
    """The command line asks for something that does not exist."""

    exit_code = ExitCode.USAGE


class PolicyError(UsageError):
    """A policy or rule file is wrong; details holds all of its mistakes at once, with file and line."""


class EnvironmentFault(AuditorError):
    """The surroundings fail: a full disk, a folder that cannot be written."""


class DocumentError(Exception):
    """An export document cannot be read; the loader turns it into a Problem (RX906), nobody else sees it."""

    def __init__(self, message: str, line: int | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.hint = hint
