"""`make fuzz`: goes on changing documents for some time, led by the coverage that atheris sees where it is installed.

FUZZ_SECONDS says how long (600), FUZZ_TARGET which of the targets (all of them in turn). What makes a target fail is
written below build/fuzz/; copied to tests/fuzzing/found/ as TARGET--what.bin it is tried by every test run.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import time
import traceback
from pathlib import Path
from random import Random

if importlib.util.find_spec("atheris") is not None and len(sys.argv) == 3:
    import atheris

    LED = True
    with atheris.instrument_imports(include=["auditor"]):
        from tests.fuzzing import targets
else:
    LED = importlib.util.find_spec("atheris") is not None
    from tests.fuzzing import targets

from tests.fuzzing.mutating import mutated
from tests.fuzzing.seeds import drawn, seeds

TARGETS = targets.TARGETS
_MOST_SEEDS = 40  # each is run once before anything is changed
_LONGER = 4
OUT = Path(__file__).resolve().parents[2] / "build" / "fuzz"


def main() -> int:
    """Exit code 1 when anything was found. Each target has a process of its own: a crash ends only that."""
    chosen = [name for name in TARGETS if name == os.environ.get("FUZZ_TARGET", name)]
    each = int(os.environ.get("FUZZ_SECONDS", "600")) / max(sum(map(_share, chosen)), 1)
    how = "led by coverage (atheris)" if LED else "without atheris: changes are not led by coverage"
    _say(f"{len(chosen)} targets, {each:.0f} s each, {_LONGER} times as long for whole organisations, {how}")
    OUT.mkdir(parents=True, exist_ok=True)
    bad = [name for name in chosen if not _in_a_process(name, max(int(each * _share(name)), 1))]
    _say(f"{len(bad)} targets failed{': ' if bad else ''}{', '.join(bad)}")
    return 1 if bad or not chosen else 0


def _share(name: str) -> int:
    """Documents of several files take longer, and there is more to find in them."""
    return _LONGER if name in targets.WHOLE else 1


def _in_a_process(name: str, seconds: int) -> bool:
    """Whether the target held; whatever it printed is shown when it did not."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.fuzzing", name, str(seconds)],
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    runs = [
        line
        for line in (done.stdout + done.stderr).splitlines()
        if line.startswith(("Done ", "stat::number_of_executed"))
    ]
    _say(
        f"{name}: {runs[-1] if runs else 'no count'}{'' if done.returncode == 0 else f', exit code {done.returncode}'}"
    )
    if done.returncode:
        _say((done.stdout + done.stderr)[-4000:])
    return done.returncode == 0


def _one(name: str, seconds: int) -> int:
    return _led(name, seconds) if LED else _unled(name, seconds)


def _led(name: str, seconds: int) -> int:
    corpus = OUT / f"corpus-{name.replace(' ', '-')}"
    corpus.mkdir(exist_ok=True)
    first = seeds(name)
    for number, seed in enumerate(first[:: len(first) // _MOST_SEEDS + 1]):
        (corpus / f"seed-{number}").write_bytes(seed)

    def change(data: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)
        return mutated(data, random)[:most] if random.random() < 0.8 else atheris.Mutate(data, most)

    options = [
        f"-max_total_time={seconds}",
        "-max_len=30000",
        "-timeout=60",
        "-rss_limit_mb=4096",
        "-print_final_stats=1",
    ]
    found = f"-artifact_prefix={OUT}/{name.replace(' ', '-')}--"
    atheris.Setup([sys.argv[0], *options, found, str(corpus)], TARGETS[name], custom_mutator=change)
    atheris.Fuzz()
    return 0


def _unled(name: str, seconds: int) -> int:
    end, number = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        random = Random(f"{name} {number} {time.time_ns()}")
        data = mutated(drawn(name, random), random)
        try:
            TARGETS[name](data)
        except Exception:
            (OUT / f"{name}--{number}.bin").write_bytes(data)
            _say(traceback.format_exc())
            return 1
        number += 1
    _say(f"Done {number} runs in {seconds} second(s)")
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(_one(sys.argv[1], int(sys.argv[2])) if len(sys.argv) == 3 else main())
