"""The policy of an organisation (`auditor.toml`) as typed values: what counts as consent, and where."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from msgspec import Struct


class Mode(StrEnum):
    """What counts as consent (semantics, section 6)."""

    NONE = "none"
    ANNOUNCEMENT = "announcement"
    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"

    @property
    def strictness(self) -> int:
        """0 for none ... 3 for opt_in: where several modes are candidates, the strictest counts."""
        return list(Mode).index(self)


class Declaration(Struct, frozen=True, gc=False):
    """A `[[consent_point]]` of the policy file. flow: name or id; action: name, tracking id, id, or menu name."""

    flow: str
    action: str
    granting: tuple[str, ...] | None
    refusing: tuple[str, ...] | None


class Scope(StrEnum):
    """What a `[[mode]]` or `[[trunk_pin]]` row selects entries by. NUMBER occurs in pins only."""

    NUMBER_PREFIX = "number_prefix"
    NUMBER = "number"
    ROUTE = "route"
    SITE = "site"
    TRUNK = "trunk"
    DIVISION = "division"
    FLOW = "flow"


class ModeRow(Struct, frozen=True, gc=False):
    """A `[[mode]]` row. values: numbers, names or ids, any of which matches; since: not in effect before that day.

    Exactly one of mode and jurisdiction is set; a jurisdiction stands for the mode of the shipped table.
    """

    scope: Scope
    values: tuple[str, ...]
    mode: Mode | None = None
    jurisdiction: str | None = None
    since: date | None = None
    citation: str = ""


class JurisdictionOverride(Struct, frozen=True, gc=False):
    """A `[jurisdiction.XX]` table: this organisation's own reading of a row of the shipped table."""

    code: str
    mode: Mode
    citation: str = ""


class TrunkPin(Struct, frozen=True, gc=False):
    """A `[[trunk_pin]]`: entries with these numbers or of these routes come in over these trunk bases only."""

    scope: Scope
    values: tuple[str, ...]
    trunks: tuple[str, ...]


class VocabularyAddition(Struct, frozen=True, gc=False):
    """Words added to one category ("recording", "yes", ...) of one language of the vocabulary."""

    language: str
    category: str
    words: tuple[str, ...]


class WaiverRow(Struct, frozen=True, gc=False):
    """A `[[waiver]]`: a finding that does not count until a day, with who accepts it and why.

    fingerprint, or rule and object (name or id, with the flow where several objects share the name); place: the row
    in the policy file, as told in mistakes.
    """

    reason: str
    owner: str
    expires: date
    fingerprint: str | None = None
    rule: str | None = None
    object: str | None = None
    flow: str | None = None
    place: str = ""

    @property
    def words(self) -> str:
        """What it waives, as written."""
        if self.fingerprint is not None:
            return self.fingerprint
        return f'{self.rule} of "{self.object}"' + (f' in flow "{self.flow}"' if self.flow else "")


class Policy(Struct, frozen=True, gc=False):
    """The whole policy file; without one, the defaults. source: its path as given, None for the defaults.

    jurisdictions: their law applies to every call; mode_from_numbers: an entry's numbers name a jurisdiction too;
    unknown_region: mode for numbers of unknown region, None for the strictest that can be reached;
    assumptions, severities: only what the file sets; fail_on: severity word or None.
    """

    source: str | None = None
    declarations: tuple[Declaration, ...] = ()
    default_mode: Mode = Mode.OPT_IN
    default_mode_set: bool = False
    modes: tuple[ModeRow, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    overrides: tuple[JurisdictionOverride, ...] = ()
    mode_from_numbers: bool = False
    unknown_region: Mode | None = None
    pins: tuple[TrunkPin, ...] = ()
    assumptions: tuple[tuple[str, str], ...] = ()
    severities: tuple[tuple[str, str], ...] = ()
    enabled: tuple[str, ...] = ()
    disabled: tuple[str, ...] = ()
    mandatory: tuple[str, ...] = ()
    vocabulary: tuple[VocabularyAddition, ...] = ()
    fail_on: str | None = None
    waivers: tuple[WaiverRow, ...] = ()
