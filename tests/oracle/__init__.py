"""An independent oracle: random organisations, a brute-force interpreter of the semantics, a replayer of witnesses."""
