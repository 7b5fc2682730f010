"""Inputs that are too much: of bytes, of values, of mistakes, of depth."""

from __future__ import annotations

import base64
import json
import urllib.parse

from msgspec.structs import replace

from tests.hostile.making import AUDIT, BYE, Hostile, asking, flow, made, sparse, text

MIB = 1024 * 1024
DEEP = 100_000
_TOO_DEEP = "nested more than"


def _deep(opening: str, closing: str, inside: str = "") -> str:
    return opening * DEEP + inside + closing * DEEP


def _encoded(document: str) -> bytes:
    return base64.b64encode(urllib.parse.quote(document, safe="").encode())


def _users(count: int) -> str:
    rows = ({"id": f"u{i}", "name": f"User {i}", "selfUri": f"/api/v2/users/u{i}"} for i in range(count))
    return json.dumps({"entities": list(rows)})


_SPARSE = (
    Hostile("1 GB of nothing, named .json", sparse("a.json", 1024 * MIB, b"{"), 5, "larger than 128 MiB"),
    Hostile("1 GB of nothing, named .yaml", sparse("a.yaml", 1024 * MIB), 5, "larger than 128 MiB"),
    Hostile("1 GB of nothing, named .tf", sparse("a.tf", 1024 * MIB), 5, "larger than 128 MiB"),
    Hostile("1 GB of nothing, named .i3inboundcall", sparse("a.i3inboundcall", 1024 * MIB), 5, "larger than 128 MiB"),
)
_LARGE = (
    Hostile("100 MB of nothing", sparse("a.json", 100 * MIB, b"{"), 5, "not valid JSON", 800),
    Hostile("100 MB of line breaks before a key", made("a", lambda: "\n" * (100 * MIB) + "x:"), 4, '"text"', 600),
    Hostile("20 MB YAML", made("a.yaml", lambda: flow(BYE) + "# x\n" * (5 * MIB)), 5, "longer than 16 MiB"),
    Hostile("a text of 60 MB", made("a.json", lambda: json.dumps(["\U0001f600" + "a" * (60 * MIB)])), 4, "", 900),
    Hostile(
        "six million numbers", made("a.json", lambda: "[" + "0," * 6_000_000 + "0]"), 5, "more than 5000000 values"
    ),
    Hostile(
        "two million lists",
        made("a.json", lambda: "[" + "[]," * 2_000_000 + "[]]"),
        4,
        "nothing to audit",
        700,
    ),
    Hostile(
        "two million objects in a listing",
        made("queues.json", lambda: '{"entities":[' + "{}," * 2_000_000 + "{}]}"),
        5,
        "more than 100000 objects of no known kind",
        700,
    ),
    Hostile(
        "150,000 broken queues",
        made(
            "queues.json",
            lambda: (
                '{"entities":['
                + ",".join(f'{{"id":[],"selfUri":"/api/v2/routing/queues/{i}"}}' for i in range(150_000))
                + "]}"
            ),
        ),
        5,
        "more than 100000 mistakes",
        700,
    ),
    Hostile(
        "a million lines that are no JSON", made("a.jsonl", lambda: "x\n" * 1_000_000), 5, "more than 100000 lines", 400
    ),
    Hostile(
        "4,000 users where 1,000 are allowed",
        lambda folder: (text("users.json", _users(4000))(folder), ("--max-objects", "1000", *AUDIT))[1],
        1,
        "holds 4000 users; those after the first 1000",
        250,
    ),
    Hostile(
        "a listing of a million elements in HCL", made("a.tf", lambda: "x = [" + "0," * MIB + "0]\n"), 5, "1 MiB", 900
    ),
    Hostile(
        "a million attributes in HCL", made("a.tf", lambda: "".join(f"a{i} = 1\n" for i in range(MIB))), 4, "", 900
    ),
    Hostile(
        ".i3 export of 32 MB of escapes",
        made("a.i3x", lambda: _encoded('{"a": "' + "é" * (4 * MIB) + '"}')),
        4,
        "",
        400,
    ),
)
SIZES = (*_SPARSE, *(replace(hostile, heavy=True) for hostile in _LARGE))
"""Too much of everything."""

DEPTHS = (
    Hostile("100,000 lists in JSON", text("a.json", _deep("[", "]")), 5, _TOO_DEEP),
    Hostile("100,000 objects in JSON", text("a.json", _deep('{"a":', "}", "0")), 5, _TOO_DEEP),
    Hostile("100,000 lists that never close", text("a.json", "[" * DEEP), 5, _TOO_DEEP),
    Hostile(
        "100,000 lists in a JSON text of properties",
        made(
            "trunkbasesettings.json",
            lambda: json.dumps(
                {
                    "id": "1",
                    "name": "x",
                    "trunkType": "EXTERNAL",
                    "properties": _deep("[", "]"),
                    "selfUri": "/api/v2/telephony/providers/edges/trunkbasesettings/1",
                }
            ),
        ),
        5,
        "holds no JSON object",
    ),
    Hostile(
        "100,000 lists in an .i3 export",
        made("a.i3x", lambda: _encoded('{"a": ' + _deep("[", "]") + "}")),
        5,
        _TOO_DEEP,
    ),
    Hostile("100,000 lists in YAML", text("a.yaml", "inboundCall:\n  name: " + _deep("[", "]")), 5, "nested deeper"),
    Hostile("100,000 maps in YAML", text("a.yaml", "inboundCall:\n  name: " + _deep("{a: ", "}")), 5, "nested deeper"),
    Hostile("100,000 lists in a YAML block", text("a.yaml", "inboundCall:\n  - " + "- " * DEEP), 5, "nested deeper"),
    Hostile("100,000 questions in YAML", text("a.yaml", "inboundCall:\n  " + "? " * DEEP), 5, "A key is no text"),
    Hostile("100,000 lists in HCL", text("a.tf", f"x = {_deep('[', ']')}\n"), 5, _TOO_DEEP, 300),
    Hostile("100,000 objects in HCL", text("a.tf", f"x = {_deep('{a=', '}', '1')}\n"), 5, _TOO_DEEP, 400),
    Hostile("100,000 parentheses in HCL", text("a.tf", f"x = {_deep('(', ')', '1')}\n"), 4, "", 300),
    Hostile("100,000 blocks in HCL", text("a.tf", _deep("a {\n", "}\n")), 5, _TOO_DEEP, 400),
    Hostile(
        "100,000 templates in HCL",
        text("a.tf", "x = " + _deep('"${', '}"', "1") + "\n"),
        5,
        "not valid HCL",
        500,
        heavy=True,
    ),
    Hostile("100,000 heredocs in HCL", text("a.tf", "x = " + "<<E\n${" * DEEP), 5, "not valid HCL", 500, heavy=True),
    Hostile("100,000 parentheses in an expression", text("a.yaml", asking(_deep("(", ")", "1"))), 1, "RC102"),
    Hostile("100,000 negations in an expression", text("a.yaml", asking(json.dumps("!" * DEEP + "true"))), 1, "RC102"),
    Hostile("100,000 indices in an expression", text("a.yaml", asking(_deep("Flow.a[", "]", "0"))), 1, "RC102"),
    Hostile("100,000 calls in an expression", text("a.yaml", asking(_deep("Append(", ")", '""'))), 1, "RC102"),
    Hostile("100,000 sums in an expression", text("a.yaml", asking(" + ".join(["Flow.a"] * DEEP))), 1, "RC102"),
    Hostile(
        "100,000 choices in an expression", text("a.yaml", asking(json.dumps("Flow.a?1:" * DEEP + "2"))), 1, "RC102"
    ),
    Hostile(
        "100,000 lists in a policy file",
        lambda folder: (text("auditor.toml", "a = " + _deep("[", "]"))(folder), text("a.yaml", flow(BYE))(folder))[1],
        2,
        "nested too deeply",
    ),
    Hostile(
        "a number of 5,000 digits in a policy file",
        lambda folder: (text("auditor.toml", "a = " + "9" * 5000)(folder), text("a.yaml", flow(BYE))(folder))[1],
        2,
        "not valid TOML",
    ),
)
"""Too deep. Expressions that are not read stay as text, and what hangs on them may go either way."""
