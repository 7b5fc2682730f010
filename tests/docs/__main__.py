"""`make docs`: writes docs/ anew from the program; `git diff docs README.md` then shows what changed."""

from __future__ import annotations

from pathlib import Path

from tests.docs.generate import refreshed, wholes, written

WHOLE_FOLDERS = ("rules", "schemas")


def main() -> None:
    made = dict(wholes())
    for folder in {path.parent for path in made}:
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            if path.is_file() and path not in made and folder.name in WHOLE_FOLDERS:
                path.unlink()
    for path, text in made.items():
        _write(path, text)
    for path in written():
        for target, text in refreshed(path).items():
            _write(target, text)


def _write(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


main()
