"""Small pieces of exports from which hostile ones are made."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

AUDIT = ("audit", ".", "--format", "json")
FLOW = """inboundCall:
  name: {name}
  startUpRef: /inboundCall/tasks/task[a]
  settingsSpeechRec:
    suppressRecording: false
  tasks:
    - task:
        name: Task
        refId: a
        actions:
{actions}"""
BYE = "          - disconnect:\n              name: Bye\n"

Make = Callable[[Path], "Sequence[str] | None"]


class Hostile(Struct, frozen=True):
    """A hostile input. make: writes it into an empty folder, and gives the arguments unless they are the usual ones.

    code: of the exit; says: what standard output or error holds; most: mebibytes of memory; never: what must not be in
    the output; heavy: takes more than a moment, so that `make hostile` tries it and `make test` does not.
    """

    name: str
    make: Make
    code: int
    says: str
    most: int = 160
    never: tuple[str, ...] = ()
    heavy: bool = False


def text(name: str, content: str | bytes) -> Make:
    """One file."""

    def make(folder: Path) -> None:
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
        (folder / name).write_bytes(data)

    return make


def made(name: str, content: Callable[[], str | bytes]) -> Make:
    """One file that is made when it is needed."""
    return lambda folder: text(name, content())(folder)


def sparse(name: str, size: int, start: bytes = b"") -> Make:
    """A file of that size which takes no room on the disk."""

    def make(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.write(start)
            stream.truncate(size)

    return make


def flow(actions: str, name: str = "Main") -> str:
    """An Archy flow of one task."""
    return FLOW.format(name=json.dumps(name), actions=actions)


def asking(expression: str) -> str:
    """A flow that enables recording if an expression holds: wrong wherever it may hold."""
    return flow(
        f"""          - decision:
              name: Which
              condition:
                exp: {expression}
              outputs:
                "yes":
                  actions:
                    - enableParticipantRecord:
                        name: Enable
{BYE}"""
    )


def listing(address: str, *objects: object, **more: object) -> str:
    """A page of the platform API."""
    entities = [{"selfUri": f"{address}/x{number}", **dict(each)} for number, each in enumerate(objects)]  # type: ignore[call-overload]
    return json.dumps({"entities": entities, "total": len(objects), **more})
