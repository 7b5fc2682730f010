from __future__ import annotations

import json
import stat
import zipfile
from pathlib import Path

import pytest

from auditor.loading import archives
from auditor.loading.load import load
from auditor.loading.positions import with_lines
from tests.loading.exports import addressed, write
from tests.loading.terraform_source import ARCHY


def archive(path: Path, **files: object) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            text = content if isinstance(content, str | bytes) else json.dumps(content, indent=1)
            made.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return path


def refused(path: Path) -> list[tuple[str, str]]:
    return [(p.location.file.rpartition("/")[2], p.message) for p in load([path]).problems if p.code == "RX906"]


def test_files_in_an_archive_are_read_where_they_are(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip", flows__Main_dot_yaml=ARCHY, queues_dot_json={"entities": [addressed("queues")]})
    organisation = load([tmp_path])
    assert [file.path for file in organisation.inputs] == [
        f"{path.as_posix()}/flows/Main.yaml",
        f"{path.as_posix()}/queues.json",
    ]
    assert [flow.name for flow in organisation.flows] == ["Main"]
    place = organisation.queues[0].location
    assert with_lines([place])[place].line == 3
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.zip"]


def test_an_archive_says_what_its_files_say(tmp_path: Path) -> None:
    files = {"queues_dot_json": {"entities": [addressed("queues")]}, "users_dot_json": addressed("users")}
    packed = load([archive(tmp_path / "x.zip", **files)])
    for name, content in files.items():
        write(tmp_path / "plain", name.replace("_dot_", "."), content)
    plain = load([tmp_path / "plain"])
    assert [q.name for q in packed.queues] == [q.name for q in plain.queues]
    assert [(f.sha256, f.objects) for f in packed.inputs] != [] and len(packed.problems) == len(plain.problems)


@pytest.mark.parametrize("name", ["../out.json", "/etc/out.json", "C:/out.json", "a/../../b.json", "..\\out.json"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(name, "{}")
        made.writestr("good.json", json.dumps(addressed("queues")))
    assert [message for _, message in refused(path)] == [
        f"{path.as_posix()}/{name.replace(chr(92), '/')}: The name of this file leads out of the archive."
    ]
    assert [queue.name for queue in load([path]).queues] == ["Sales"]


def test_links_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    link = zipfile.ZipInfo("link.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(link, "/etc/passwd")
    ((_, message),) = refused(path)
    assert "link" in message


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = archive(tmp_path / "x.zip", a_dot_json=b" " * (4 * archives.SMALL), b_dot_json=addressed("queues"))
    assert ["packed more than" in message for _, message in refused(path)] == [True]
    monkeypatch.setattr(archives, "MOST_ENTRIES", 1)
    assert ["more than 1 files" in message for _, message in refused(path)] == [True]
    monkeypatch.setattr(archives, "MOST_ENTRIES", 9)
    monkeypatch.setattr(archives, "MOST_BYTES", 1000)
    assert ["unpacks to more" in message for _, message in refused(path)] == [True]


def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as made, pytest.warns(UserWarning):
        made.writestr("a.json", json.dumps(addressed("queues")))
        made.writestr("a.json", json.dumps(addressed("users")))
    assert ["two files of this name" in message for _, message in refused(path)] == [True]


@pytest.mark.parametrize("cut", [10, 60, -30])
def test_damaged_archives_are_told(tmp_path: Path, cut: int) -> None:
    whole = archive(tmp_path / "whole.zip", a_dot_json=addressed("queues"), b_dot_json=addressed("users")).read_bytes()
    path = tmp_path / "x.zip"
    path.write_bytes(whole[:cut])
    assert len(refused(path)) == 1


def test_a_damaged_entry_is_told(tmp_path: Path) -> None:
    path = archive(tmp_path / "x.zip", a_dot_json=" ".join(map(str, range(400))), b_dot_json=addressed("users"))
    data = bytearray(path.read_bytes())
    data[40:46] = b"\xff" * 6
    path.write_bytes(bytes(data))
    assert [name for name, _ in refused(path)] == ["a.json"]
    assert [user.name for user in load([path]).users] == ["Ada"]


def test_what_is_only_named_like_an_archive_is_looked_at_as_a_file(tmp_path: Path) -> None:
    write(tmp_path, "x.zip", "no archive")
    (file,) = load([tmp_path]).inputs
    assert (file.status, file.kind) == ("not", "text")
