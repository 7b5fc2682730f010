"""Export files -> Organisation; one module a source form; the only floor with raw dicts."""
