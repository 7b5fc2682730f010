"""`auditor anonymize`: an export that tells nothing of whose it is, and audits to the same verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from auditor.cli.around import Around
from auditor.cli.changing import ChangeRequest, Loaded, loaded
from auditor.cli.output import check_folder, write_whole
from auditor.cli.progress import Progress
from auditor.errors import EnvironmentFault, ExitCode
from auditor.report.text import counted, safe

if TYPE_CHECKING:
    from auditor.loading.anonymize import Anonymous

EXPORT, POLICY = "export", "auditor.toml"
_MOST = 10


def anonymize(request: ChangeRequest, output: Path, around: Around) -> int:
    """Write the copy and audit it: 0 when it says the same, 5 when it does not or lacks files, 4 for nothing."""
    from auditor.analysis.known_words import word_test
    from auditor.loading.anonymize import anonymized
    from auditor.loading.policy_file import find_policy

    check_folder(output, "--output")
    progress = Progress(around, quiet=request.quiet)
    try:
        base = loaded(request, progress)
        file = request.policy or find_policy(request.paths)
        made = anonymized(
            base.organisation, base.prepared.policy, file, word_test(base.prepared.options.vocabulary)
        )  # fmt: skip
        if not made.files:
            around.say(f"auditor: nothing to anonymize in {', '.join(str(path) for path in request.paths)}")
            return ExitCode.NOTHING
        _write(made, output)
        differing = _check(base, made, output, request, progress)
    finally:
        progress.clear()
    return _tell(made, differing, output, around)


def _write(made: Anonymous, output: Path) -> None:
    try:
        for file in made.files:
            path = output / EXPORT / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, file.text)
        if made.policy is not None:
            write_whole(output / POLICY, made.policy)
    except OSError as error:
        raise EnvironmentFault(f"{output} cannot be written: {error.strerror}.") from error


def _check(
    base: Loaded, made: Anonymous, output: Path, request: ChangeRequest, progress: Progress
) -> tuple[str, ...]:  # fmt: skip
    """What the copy says otherwise."""
    from auditor.policy.alike import unlike

    policy = output / POLICY if made.policy is not None else None
    copy = loaded(replace(request, paths=(output / EXPORT,), policy=policy), progress)
    if policy is None:
        copy = Loaded(base.prepared, copy.organisation)
    return unlike(base.audit(base.organisation), copy.audit(copy.organisation))


def _tell(made: Anonymous, differing: Sequence[str], output: Path, around: Around) -> int:
    for text in made.left_out:
        around.say(f"auditor: left out: {safe(text)}")
    around.say(f"auditor: {counted(len(made.files), 'file')} in {output}; look through them before you pass them on")
    if not differing:
        around.say("auditor: the copy audits to the same verdicts")
        return ExitCode.INCOMPLETE if made.left_out else ExitCode.CLEAN
    around.say("auditor: the copy does not audit to the same verdicts:")
    for text in differing[:_MOST]:
        around.say(f"  {safe(text)}")
    return ExitCode.INCOMPLETE
