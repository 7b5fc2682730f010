from __future__ import annotations

import struct
from pathlib import Path
from xml.etree import ElementTree

from tests.docs.pictures import PICTURES, photographs, terminal_svg

SVG = "{http://www.w3.org/2000/svg}"


def size(path: Path) -> tuple[int, int]:
    """Width and height of a PNG file."""
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def test_a_terminal_keeps_words_columns_and_colours() -> None:
    root = ElementTree.fromstring(terminal_svg(["a  <b>", "1  \x1b[1;31mcritical\x1b[0m  RC103"]))
    lines = ["".join(text.itertext()).replace("\N{NO-BREAK SPACE}", " ") for text in root.iter(f"{SVG}text")]
    assert lines == ["a  <b>", "1  critical  RC103"]
    [span] = root.iter(f"{SVG}tspan")
    assert (span.text, span.get("font-weight")) == ("critical", "bold")


def test_the_report_is_photographed_light_and_dark(tmp_path: Path) -> None:
    taken = photographs(tmp_path)
    assert [path.name for path in taken] == ["report-light.png", "report-dark.png"]
    for path in taken:
        assert size(path) == size(PICTURES / path.name) == (1100, 900)
        assert path.stat().st_size > 20_000
    assert len({path.read_bytes() for path in taken}) == 2
