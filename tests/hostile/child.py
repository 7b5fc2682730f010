"""A process of its own that audits: bounded in memory and processor time, watched, and telling how much it took.

Run as `python child.py SAID ARGUMENT...`; SAID is the file that gets what was seen, as JSON.
"""

from __future__ import annotations

import atexit
import json
import os
import resource
import sys
from pathlib import Path

ADDRESSES = 6 * 1024**3
"""Bytes of address space: a fault ends this process, not the machine."""
SECONDS = 600
"""Of processor time."""
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGING = ("os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.truncate")
_RUNNING = ("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "subprocess.Popen")
_FETCHING = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.")

seen: list[list[str]] = []


def watch(event: str, args: tuple[object, ...]) -> None:
    """Notes what writes, runs or fetches anything."""
    if event == "open":
        path, _, flags = args
        if isinstance(flags, int) and flags & _WRITING and not isinstance(path, int):
            seen.append(["write", os.fsdecode(path) if isinstance(path, str | bytes) else str(path)])
    elif event in _CHANGING:
        seen.append(["change", str(args[0])])
    elif event in _RUNNING:
        seen.append(["run", str(args[0]) if args else event])
    elif event.startswith(_FETCHING):
        seen.append(["fetch", event])


def tell(path: str) -> None:
    """The highest resident memory of this process in bytes, and what was seen."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    status = Path("/proc/self/status")
    if status.exists():  # the other number may be that of the process this one was forked from
        peak = next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line[:6] == "VmHWM:")
    used = resource.getrusage(resource.RUSAGE_SELF)
    said = {"peak": peak, "seconds": used.ru_utime + used.ru_stime, "seen": list(seen)}
    with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
        json.dump(said, stream)


def main() -> None:
    """Audit under watch."""
    said, *arguments = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.argv = ["auditor", *arguments]
    from auditor.cli.main import main as auditor

    atexit.register(tell, said)
    sys.addaudithook(watch)
    auditor()


if __name__ == "__main__":
    main()
