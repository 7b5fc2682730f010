"""Audio expressions to the parts a caller hears: words, prompts, and what is only known at run time."""

from __future__ import annotations

from auditor.model.expressions import Apply, Empty, Expr, Literal, NotSet, Unparsed, Variable
from auditor.model.operations import Audio, DynamicAudio, PromptRef, Spoken

SYSTEM_PROMPT = "promptsystem."
USER_PROMPT = "prompt."
_FIRST_OPERAND = frozenset({"audioplaybackoptions", "toaudiotts", "toaudio", "tocommunication"})
_ALL_OPERANDS = frozenset({"append", "+", "makecommunication", "makelist"})
_SILENT = frozenset({"toaudioblank"})
_BY_NAME = {"finduserprompt": False, "findsystemprompt": True}


def audio_of(tree: Expr, language: str | None = None) -> Audio:
    """The parts in the order they are heard; silence has none. Depth is bounded by that of expressions."""
    match tree:
        case Apply(function=function, operands=operands):
            return _applied(function, operands, tree, language)
        case Literal(value=value, type="pmt" | "prompt"):
            return (prompt(str(value)),)
        case Literal(value=value):
            return (Spoken(str(value), language),) if str(value).strip() else ()
        case Variable(name=name):
            is_prompt = name.lower().startswith((SYSTEM_PROMPT, USER_PROMPT))
            return (prompt(name),) if is_prompt else (DynamicAudio(tree),)
        case Empty() | NotSet():
            return ()
        case Unparsed():
            return (DynamicAudio(tree),)


def prompt(name: str, id: str | None = None) -> PromptRef:
    """A prompt by the name it has in expressions: `Prompt.x`, `PromptSystem.x`, or just `x`."""
    lower = name.lower()
    for prefix, system in ((SYSTEM_PROMPT, True), (USER_PROMPT, False)):
        if lower.startswith(prefix):
            return PromptRef(name[len(prefix) :], system, id)
    return PromptRef(name, id is not None and id.startswith("__"), id)


def _applied(function: str, operands: tuple[Expr, ...], tree: Expr, language: str | None) -> Audio:
    if function in _FIRST_OPERAND and operands:
        return audio_of(operands[0], language)
    if function in _ALL_OPERANDS:
        return tuple(part for operand in operands for part in audio_of(operand, language))
    if function in _SILENT:
        return ()
    if function in _BY_NAME and operands and isinstance(operands[0], Literal):
        return (PromptRef(str(operands[0].value), _BY_NAME[function]),)
    return (DynamicAudio(tree),)
