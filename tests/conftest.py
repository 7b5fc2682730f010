"""What holds for every test."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# Reports and organisations stay in memory while a worker runs; to look through them for garbage again and again costs
# a fifth of the time.
gc.set_threshold(1_000_000, 50, 100)

# How long an example takes hangs on what else the machine does.
settings.register_profile("without a deadline", deadline=None)
settings.load_profile("without a deadline")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than processors: some tests wait for a browser, a cluster or a database."""
    return (os.cpu_count() or 1) + 1
