"""Inputs whose values are wrong, endless or bait, and texts that act where they are shown."""

from __future__ import annotations

import json
from pathlib import Path

from tests.hostile.making import AUDIT, BYE, Hostile, Make, asking, flow, listing, made, text

DIGITS = 100_000
TERMINAL = "\x1b[2J\x1b]0;owned\x07\x9b31m\r\x08"
BIDI = "\u202egnp.exe\u2066\u200f"
HTML = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
FORMULA = "=HYPERLINK(0)"
_FIRST = "recording of this call, press 1 to agree "

_QUEUE = "/api/v2/routing/queues"
_HUGE = listing(
    _QUEUE,
    {"id": "1", "name": "x", "memberCount": "@", "acwSettings": {"timeoutMs": "@"}},
    total="@",
    pageCount="@",
)


def _numbers(number: str) -> Make:
    return text("queues.json", _HUGE.replace('"total": 1', '"total": "@"').replace('"@"', number))


def _prompt(words: str) -> str:
    """A flow whose menu asks something."""
    return f"""inboundCall:
  name: Main
  startUpRef: /inboundCall/menus/mainMenu[m]
  settingsSpeechRec:
    suppressRecording: false
  menus:
    - mainMenu:
        name: Consent
        refId: m
        audio:
          tts: {json.dumps(words)}
        choices:
          - menuDisconnect:
              name: One
              dtmf: digit_1
"""


def _growing() -> str:
    """Each of sixty replacements makes ten letters of one."""
    words = json.dumps("a" * 10)
    inner = words
    for _ in range(60):
        inner = f'Replace({inner}, "a", {words})'
    return f"Length({inner}) > 5"


VALUES = (
    Hostile("a number of 100,000 digits", _numbers("9" * DIGITS), 4, "queues"),
    Hostile("the number 1e999", _numbers("1e999"), 4, "queues"),
    Hostile("the number -1e999", _numbers("-1e999"), 4, "queues"),
    Hostile("NaN", _numbers("NaN"), 5, "NaN is not JSON"),
    Hostile(
        "a number of 100,000 digits in an expression", text("a.yaml", asking(f"Flow.a == {'9' * DIGITS}")), 1, "RC102"
    ),
    Hostile("powers of powers in an expression", text("a.yaml", asking("9^9^9^9^9^9 == Flow.a")), 1, "RC102"),
    Hostile("texts that grow in an expression", text("a.yaml", asking(json.dumps(_growing()))), 1, "RC102"),
    Hostile("NUL bytes in JSON", text("a.json", b'{"entities": [\0{}]}'), 5, "not valid JSON"),
    Hostile("NUL bytes in YAML", text("a.yaml", flow(BYE).replace("Bye", "B\0e")), 5, "control characters"),
    Hostile("control characters in JSON", text("a.json", '{"a": "\x01\x1b"}'), 5, "not valid JSON"),
    Hostile(
        "half a pair of surrogates, escaped",
        text("queues.json", listing(_QUEUE, {"id": "1", "name": "\ud800"})),
        4,
        "queues",
    ),
    Hostile("half a pair of surrogates, in UTF-8", text("a.json", '{"a": "\ud800"}'), 5, "not UTF-8"),
    Hostile("half a pair of surrogates, in UTF-16", text("a.json", b"\xff\xfe{\x00\x00\xd8}\x00"), 5, "not UTF-8"),
    Hostile("UTF-7", text("a.json", "+AHsAIgBhACIAOgAxAH0-"), 5, "not valid JSON"),
    Hostile("a key twice in JSON", text("a.json", '{"entities": [], "entities": []}'), 5, "stands twice"),
    Hostile("a key twice in YAML", text("a.yaml", flow(BYE) + "  name: again\n"), 5, "stands twice"),
    Hostile(
        "a JSON text of a million escapes that never ends",
        made("a.json", lambda: '["' + '\\"' * 1_000_000),
        5,
        "not valid JSON",
    ),
)

BAIT = (
    Hostile("a question of 200,000 words", made("a.yaml", lambda: _prompt(_FIRST * 25_000)), 1, "findings", 500, heavy=True),
    Hostile("a question without a full stop", made("a.yaml", lambda: _prompt("press 1 or " * 60_000)), 5, "RX908", 500, heavy=True),
    Hostile("a question of 300,000 digits", made("a.yaml", lambda: _prompt("1" * 300_000 + "x")), 5, "RX908", 300),
    Hostile("a question of 100,000 open tags", made("a.yaml", lambda: _prompt("<p " * 100_000)), 5, "RX908", 300, heavy=True),
    Hostile("a question of 100,000 accents on one letter", made("a.yaml", lambda: _prompt("a" + "\u0301" * 100_000)), 5, "RX908", 300),
    Hostile("a number of 100,000 digits and a letter", made("a.yaml", lambda: asking(json.dumps(f'ToInt("{"1" * 100_000}x") == 1'))),  1, "RN206", 300),
    Hostile("comments of a million dashes", made("a.yaml", lambda: "---" + "-" * 1_000_000 + "\n" + flow(BYE)), 5, "YAML"),
    Hostile("a quote of a million backslashes", made("a.yaml", lambda: asking("'\"" + "\\" * 100_000 + "'")), 1, "RC102", 300),
)  # fmt: skip


def _hostile_names(folder: Path) -> None:
    for number, bad in enumerate((TERMINAL, BIDI, HTML, FORMULA, "a\nb\r\nc", "\u2028|`*_[x](y)")):
        escaped = json.dumps(bad)
        (folder / f"{number}.yaml").write_text(
            flow("          - enableParticipantRecord:\n              name: " + escaped + "\n" + BYE, bad),
            encoding="utf-8",
        )


_SHOWN = ("\x1b", "\x07", "\x9b", "\x08", "\u202e", "\u2066", "\u200f", "\u2028")
_FORMATS = ("table", "json", "jsonl", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html")


def _named(form: str) -> Make:
    def make(folder: Path) -> tuple[str, ...]:
        _hostile_names(folder)
        return (*AUDIT[:-1], form)

    return make


NAMES = tuple(
    Hostile(
        f"names with escapes, bidi marks, HTML, formulas, as {form}",
        _named(form),
        1,
        "RC102" if form != "github" else "::error",
        never=(*_SHOWN, *((HTML,) if form == "html" else ()), *(("\n=", ",=") if form == "csv" else ())),
    )
    for form in _FORMATS
)
