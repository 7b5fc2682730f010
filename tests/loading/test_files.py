from __future__ import annotations

import hashlib
import itertools
import os
from pathlib import Path

import pytest

from auditor.errors import DocumentError
from auditor.loading.files import Found, decode, read, walk
from auditor.loading.limits import Limits, limited


def names(*paths: Path) -> list[str]:
    return [found.name for found in walk(paths)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b/z.json", "b/a.json", "a.yaml", ".git/config", ".hidden/x.json", "b/.svn/entries"):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    return tmp_path


def test_files_come_in_one_order_and_hidden_copies_not_at_all(folder: Path) -> None:
    at = folder.as_posix()
    assert names(folder) == [f"{at}/.hidden/x.json", f"{at}/a.yaml", f"{at}/b/a.json", f"{at}/b/z.json"]


def test_every_file_is_found_once_whatever_the_order_of_the_arguments(folder: Path) -> None:
    arguments = [folder / "b", folder / "b" / "a.json", folder / "b" / ".." / "b" / "z.json"]
    found = {tuple(names(*order)) for order in itertools.permutations(arguments)}
    assert found == {(f"{folder.as_posix()}/b/a.json", f"{folder.as_posix()}/b/z.json")}


def test_a_link_is_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.json").write_text("{}", encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "real.json").write_text("{}", encoding="utf-8")
    (inside / "again.json").symlink_to(inside / "real.json")
    (inside / "out.json").symlink_to(tmp_path / "outside" / "secret.json")
    (inside / "folder").symlink_to(tmp_path / "outside")
    (inside / "loop").symlink_to(inside)
    (inside / "broken.json").symlink_to(tmp_path / "nowhere")
    found = {Path(f.name).name: f for f in walk([inside])}
    assert sorted(name for name, f in found.items() if not f.skipped and not f.error) == ["real.json"]
    assert found["out.json"].skipped == "a link out of the folder"
    assert found["folder"].skipped == "a link out of the folder"
    assert "cannot be read" in found["broken.json"].error


def test_a_link_given_on_the_command_line_is_meant(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.json").write_text("{}", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert names(tmp_path / "link") == [f"{(tmp_path / 'link').as_posix()}/a.json"]


def test_pipes_are_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    (found,) = walk([tmp_path])
    assert "no regular file" in found.skipped


def test_a_path_that_is_not_there_is_an_error_of_that_path(tmp_path: Path) -> None:
    (found,) = walk([tmp_path / "gone"])
    assert "cannot be read" in found.error


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may read everything")
def test_a_folder_that_may_not_be_read_is_an_error(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0)
    (found,) = walk([tmp_path])
    closed.chmod(0o700)
    assert "cannot be read" in found.error


def test_names_are_printable(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/bad\xff.json"
    Path(os.fsdecode(path)).write_text("{}", encoding="utf-8")
    (found,) = walk([tmp_path])
    assert found.name.encode("utf-8").endswith(b"bad\\udcff.json")
    assert read(found).data == b"{}"


def test_content_and_its_hash(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    content = read(Found("a", tmp_path / "a"))
    assert content.data == b"abc"
    assert content.sha256 == hashlib.sha256(b"abc").hexdigest()


def test_large_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abcd")
    with limited(Limits(file_bytes=4)):
        assert read(Found("a", tmp_path / "a")).data == b"abcd"
    with limited(Limits(file_bytes=3)), pytest.raises(DocumentError, match="larger than"):
        read(Found("a", tmp_path / "a"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_known_encodings(encoding: str) -> None:
    assert decode("Grüße".encode(encoding)) == "Grüße"


@pytest.mark.parametrize(("data", "line"), [(b"a\nb\n\xe4", 3), ("ä".encode("latin-1"), 1), (b"\xff\xfea", None)])
def test_other_encodings_are_refused_with_the_line(data: bytes, line: int | None) -> None:
    with pytest.raises(DocumentError, match="not UTF-8") as caught:
        decode(data)
    assert caught.value.line == line


def test_a_state_put_aside_is_left_alone_beside_the_state_itself(tmp_path: Path) -> None:
    for name in (
        "a/terraform.tfstate",
        "a/terraform.tfstate.backup",
        "a/terraform.tfstate.17.backup",
        "b/x.tfstate.backup",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    left = [(found.name.removeprefix(f"{tmp_path.as_posix()}/"), bool(found.skipped)) for found in walk([tmp_path])]
    assert left == [
        ("a/terraform.tfstate", False),
        ("a/terraform.tfstate.17.backup", True),
        ("a/terraform.tfstate.backup", True),
        ("b/x.tfstate.backup", False),
    ]
