"""Explores what a call can do and yields observations and verdicts (semantics, sections 1 to 5).

Why the verdicts are right, in the order in which to read: `state` says what is known of a call, `effects` what
events do to it, `machine` how it moves (one match over all operations; `asking`, `returning`, `deciding`,
`calling`, `handing` and `virtual` are its parts), `explore` that every situation is reached and each by a shortest
run. The rest makes that quick without changing it: `lanes` follow regimes side by side, `situations` and
`numbering` make states numbers, `bearing`, `idle`, `quiet`, `endings`, `regions` and `passages` find what can be
passed over, `realizing` writes runs out with all variables, `storing` looks on from a yes, both step by step
(`walking`), `exploring` and `rounds` share the work. Which questions are about recording is in `points` and its
parts; which variables are tested in `uses`, `tracking` and `liveness`, what they hold in `values`, `evaluate` and
`environment`.
"""
