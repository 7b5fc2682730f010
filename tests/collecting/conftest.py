from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from auditor.cli.collect import ID, SECRET, CollectRequest, Rim, collect
from auditor.cli.guard import guarded
from auditor.collecting.http import HttpTransport, Patience
from auditor.collecting.transport import Transport
from tests.cli.conftest import Desk
from tests.collecting import platform as stub
from tests.collecting.demo import platform as demo
from tests.collecting.platform import Platform, serving

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUICK = Patience(connect=1.0, read=0.2, whole=0.4)


@dataclass
class Office:
    """Runs of `auditor collect` against a platform, with a clock that only sleeping moves."""

    platform: Platform
    out: Path
    desk: Desk = field(default_factory=Desk)
    slept: list[float] = field(default_factory=list)
    transport: Callable[[], Transport] = field(default=lambda: HttpTransport(QUICK))

    def __post_init__(self) -> None:
        self.desk.environ.update({ID: stub.ID, SECRET: stub.SECRET})

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.desk.now += seconds

    def now(self) -> datetime:
        return START + timedelta(seconds=self.desk.now)

    @property
    def waits(self) -> list[float]:
        """The sleeps that the rate does not explain."""
        return [seconds for seconds in self.slept if seconds >= 1]

    def run(self, **options: object) -> int:
        """The exit code of a run; what it says is in the desk."""
        request = replace(CollectRequest("test.example", self.out), **options)
        rim = Rim(self.transport, self.sleep, self.now, lambda region: self.platform.hosts)
        return guarded(lambda: collect(request, self.desk.around, rim), self.desk.around)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The demonstration organisation behind a server."""
    with serving(demo()) as platform:
        yield Office(platform, tmp_path / "collected")
