"""Inputs that mean more than they say: aliases, archives, files that are none, names that act."""

from __future__ import annotations

import io
import os
import socket
import stat
import warnings
import zipfile
from pathlib import Path

from tests.hostile.making import BYE, Hostile, Make, flow, listing, made, text

OWNED = "owned-by-an-export"
"""A file that nothing may make."""


def _laughs() -> str:
    rows = [f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)]
    return "inboundCall:\n  name: x\n  a0: &a0 [lol]\n" + "".join(rows)


def _doubling() -> str:
    """Terraform locals of which each holds the one before twice."""
    rows = [f"  a{i} = [local.a{i - 1}, local.a{i - 1}]\n" for i in range(1, 60)]
    return (
        "locals {\n  a0 = [\"x\"]\n" + "".join(rows) + "}\n"
        'resource "genesyscloud_routing_queue" "Q" {\n  name = "Q"\n  members = local.a59\n  description = "${local.a59}"\n}\n'
    )  # fmt: skip


def _archive(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> Make:
    def make(folder: Path) -> None:
        with warnings.catch_warnings(), zipfile.ZipFile(folder / "a.zip", "w", method) as made:
            warnings.simplefilter("ignore")
            for name, data in entries:
                made.writestr(name, data)

    return make


def _link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _nameless() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("a", b"{}")
    data = stream.getvalue()
    for mark, length in ((b"PK\x03\x04", 26), (b"PK\x01\x02", 28)):
        at = data.find(mark)
        name = at + (30 if length == 26 else 46)
        data = data[: at + length] + b"\0\0" + data[at + length + 2 : name] + data[name + 1 :]
    end = data.rfind(b"PK\x05\x06")
    start = data.find(b"PK\x01\x02")
    return data[: end + 12] + (end - start).to_bytes(4, "little") + start.to_bytes(4, "little") + b"\0\0"


def _lying() -> bytes:
    """An archive whose directory says that ten megabytes are ten bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.json", b" " * 10_000_000)
    data = bytearray(stream.getvalue())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def _crowded() -> bytes:
    """An archive that says its list of files takes a gigabyte, in a file that has as much."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        for number in range(60_000):
            made.writestr(f"{number}.json", b"{}")
    return stream.getvalue()


def _endless(folder: Path) -> None:
    """A list of files of one gigabyte, most of it not even on the disk."""
    size = 1024 * 1024 * 1024
    with (folder / "a.zip").open("wb") as stream:
        stream.write(b"PK\x03\x04")
        stream.seek(4 + size)
        stream.write(b"PK\x05\x06" + b"\0" * 4 + b"\xff\xff" * 2 + size.to_bytes(4, "little") + b"\x04\0\0\0\0\0")


def _nested_archives() -> bytes:
    data = b"{}"
    for _ in range(20):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
            made.writestr("a.zip", data)
        data = stream.getvalue()
    return data


def _bomb(megabytes: int, each: int = 0) -> bytes:
    stream = io.BytesIO()
    size = (each or megabytes) * 1_048_576
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9 if not each else 1) as made:
        for number in range(megabytes // each if each else 1):
            with made.open(f"{number}.json", "w", force_zip64=True) as entry:
                for _ in range(size // 1_048_576):
                    entry.write(b" " * 1_048_576)
    return stream.getvalue()


def _queues(count: int, more: str = "") -> str:
    return "".join(
        f'resource "genesyscloud_routing_queue" "q{i}" {{\n{more}  name = "Q{i}"\n}}\n' for i in range(count)
    )


def _called(calls: int, count: int) -> Make:
    """Calls of one module with many blocks."""

    def make(folder: Path) -> None:
        each = (f'module "m{n}" {{\n  source = "./m"\n  count  = {count}\n}}\n' for n in range(calls))
        (folder / "a.tf").write_text("".join(each), encoding="utf-8")
        (folder / "m").mkdir()
        (folder / "m" / "a.tf").write_text(_queues(4000), encoding="utf-8")

    return make


ALIASES = (
    Hostile("YAML aliases, a billion laughs", made("a.yaml", _laughs), 5, "all aliases stand for more than"),
    Hostile(
        "a YAML alias of itself", text("a.yaml", "inboundCall: &a\n  name: x\n  tasks: *a\n"), 5, "is not followed"
    ),
    Hostile("YAML that merges maps", text("a.yaml", "inboundCall:\n  <<: {name: x}\n  name: y\n"), 5, "is merged into"),
    Hostile(
        "YAML that asks for a call",
        text("a.yaml", flow(BYE, "x") + f'  more: !!python/object/apply:os.system ["touch {OWNED}"]\n'),
        5,
        "RX908",
    ),
    Hostile("60 Terraform locals, each twice the one before", text("a.tf", _doubling()), 4, "", 300),
    Hostile(
        "400 Terraform blocks, 1,000 times each",
        made("a.tf", lambda: _queues(400, "  count = 1000\n")),
        5,
        "exists as often as an expression",
        400,
        heavy=True,
    ),
    Hostile("a Terraform module of 4,000 blocks, 990 times", _called(1, 990), 5, "exists as often as an expression"),
    Hostile("990 calls of such a module", _called(990, 1), 5, "is left out: with it", 900, heavy=True),
    Hostile("a million templates", made("a.yaml", lambda: flow(BYE, "{{a}}" * 200_000)), 5, "longer than 1048576"),
    Hostile(
        "functions of Terraform",
        text(
            "a.tf",
            f'resource "genesyscloud_user" "U" {{\n  name = "${{file("/etc/passwd")}}"\n  email = '
            f'templatefile("/etc/passwd", {{}})\n}}\ndata "external" "x" {{\n  program = ["touch", "{OWNED}"]\n}}\n',
        ),
        1,
        "findings",
    ),
)

ARCHIVES = (
    Hostile("zip: 1 GB in 1 MB", made("a.zip", lambda: _bomb(1000)), 5, "packed more than 200 to 1", heavy=True),
    Hostile(
        "zip: 1.5 GB in entries of 1 MB",
        made("a.zip", lambda: _bomb(1500, 1)),
        5,
        "unpacks to more than 1 GiB",
        250,
        heavy=True,
    ),
    Hostile("zip: 60,000 entries", made("a.zip", _crowded), 5, "more than 50000 files", 300, heavy=True),
    Hostile("zip: a directory of 1 GB", _endless, 5, "list of files takes more than 16 MiB"),
    Hostile("zip: sizes that lie", made("a.zip", _lying), 5, "cannot be unpacked"),
    Hostile(
        "zip: names with ../",
        _archive(("../../out.json", b"{}"), ("..\\out.json", b"{}")),
        5,
        "leads out of the archive",
    ),
    Hostile(
        "zip: absolute names", _archive(("/tmp/out.json", b"{}"), ("C:/out.json", b"{}")), 5, "leads out of the archive"
    ),
    Hostile("zip: a link", _archive((_link("a.json"), b"/etc/passwd")), 5, "links in archives are not"),
    Hostile("zip: an entry without a name", made("a.zip", _nameless), 5, "has no name"),
    Hostile("zip: packed with LZMA", _archive(("a.json", b"{}"), method=zipfile.ZIP_LZMA), 5, "in an unusual way"),
    Hostile("zip in zip, twenty deep", made("a.zip", _nested_archives), 4, "binary file"),
)


def _out(folder: Path) -> tuple[str, ...]:
    outside = folder / "outside"
    outside.mkdir()
    (outside / "secret.json").write_text(listing("/api/v2/users", {"id": "1", "name": "Outside"}), encoding="utf-8")
    inside = folder / "inside"
    inside.mkdir()
    (inside / "a.yaml").write_text(flow(BYE), encoding="utf-8")
    (inside / "out.json").symlink_to(outside / "secret.json")
    (inside / "far.json").symlink_to("/etc/passwd")
    (inside / "folder").symlink_to(outside)
    (inside / "loop").symlink_to(inside)
    (inside / "itself.json").symlink_to("itself.json")
    return ("audit", "inside", "--format", "json")


def _no_files(folder: Path) -> None:
    os.mkfifo(folder / "pipe.json")
    os.mkfifo(folder / "pipe.zip")
    (folder / "zero.json").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket.json"))
    (folder / "a.yaml").write_text(flow(BYE), encoding="utf-8")


def _deep_folders(folder: Path) -> None:
    """A path longer than the system takes at once."""
    before = Path.cwd()
    try:
        for _ in range(60):
            os.chdir(folder)
            os.mkdir("d" * 100)
            folder = Path("d" * 100)
        os.chdir(folder)
        Path("a.yaml").write_text(flow(BYE), encoding="utf-8")
    finally:
        os.chdir(before)


def _names(folder: Path) -> None:
    for name in (
        b"new\nline.yaml",
        b"\x1b[31mred.yaml",
        b"not \xff UTF-8.yaml",
        "rtl\u202elmay.yaml".encode(),
        b"=1+1.yaml",
    ):
        Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text(
            flow(BYE, f"Flow {len(name)}"), encoding="utf-8"
        )


FILES = (
    Hostile("links out of the folder and in circles", _out, 5, "not a file to read", never=("Outside", "root:")),
    Hostile("pipes, sockets and a link to /dev/zero", _no_files, 5, "not a file to read"),
    Hostile("/dev/zero itself", lambda folder: ("audit", "/dev/zero"), 4, "nothing to audit"),
    Hostile("a folder 60 deep with long names", _deep_folders, 5, "cannot be read"),
    Hostile("names of files with escapes, line breaks, no UTF-8", _names, 5, "new\\nline", never=("\x1b", "\u202e")),
)
