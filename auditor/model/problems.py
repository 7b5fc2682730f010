"""What was not understood (RX9xx): a typed value with a place, never an exception that ends the audit."""

from __future__ import annotations

from msgspec import Struct

from auditor.model.location import Location


class Problem(Struct, frozen=True, gc=False):
    """Something the audit could not read or resolve. code: RX901..RX909; subject: what it concerns.

    subject is a key such as "flow:<name>" or "file:<path>", used to tell whether a run passes there;
    doubtful: it is not known for certain what the subject is like: a file may describe it or another object of that
    name, or files contradict each other.
    """

    code: str
    message: str
    location: Location
    hint: str
    subject: str = ""
    doubtful: bool = False

    @property
    def unread(self) -> bool:
        """Whether something is missing as a whole: a file or part that could not be read, a listing cut off."""
        return self.code in ("RX905", "RX906")


class InputFile(Struct, frozen=True, gc=False):
    """One file that was looked at. status: understood, partly, not; kind: e.g. "archy yaml flow"; reason if not."""

    path: str
    sha256: str
    kind: str
    status: str
    objects: int
    reason: str = ""
