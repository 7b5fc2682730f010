"""What holds for every test."""

from __future__ import annotations

import gc

# Reports and organisations stay in memory while a worker runs; to look through them for garbage again and again costs
# a fifth of the time.
gc.set_threshold(100_000, 50, 100)
