"""Problems met while one flow is read: kept in order, unknown action types counted once each."""

from __future__ import annotations

from msgspec import Struct, field

from auditor.model.location import Location
from auditor.model.problems import Problem


class _Unknown(Struct):
    location: Location
    name: str
    count: int = 0


class Notes(Struct):
    """The problems of one flow. flow: its name, for messages and for Problem.subject."""

    flow: str
    _problems: list[Problem] = field(default_factory=list)
    _unknown: dict[str, _Unknown] = field(default_factory=dict)

    def add(self, code: str, message: str, location: Location, hint: str) -> None:
        """Notes a problem in this flow."""
        self._problems.append(Problem(code, message, location, hint, self._subject))

    def dangling(self, what: str, location: Location) -> None:
        """Notes a reference that leads nowhere in this flow."""
        hint = "Export the flow again; a flow in this state cannot be published."
        self.add("RX901", f'In flow "{self.flow}": {what}.', location, hint)

    def unreadable(self, what: str, location: Location) -> None:
        """Notes a part of the flow that is not understood and was left out."""
        self.add("RX906", f'In flow "{self.flow}": {what}.', location, "Export the flow again; compare with Architect.")

    def unknown_action(self, type: str, name: str, location: Location) -> None:
        """Notes an action whose type the table does not hold."""
        self._unknown.setdefault(type, _Unknown(location, name)).count += 1

    def problems(self) -> tuple[Problem, ...]:
        """Everything noted, unknown action types last."""
        return (*self._problems, *(self._without_model(type, seen) for type, seen in self._unknown.items()))

    def _without_model(self, type: str, seen: _Unknown) -> Problem:
        often = "" if seen.count == 1 else f" ({seen.count} times)"
        message = f'In flow "{self.flow}": action type {type} has no model{often}; the first is "{seen.name}".'
        hint = "What it does to recording is not known (assumption A8); its outputs are followed all the same."
        return Problem("RX903", message, seen.location, hint, self._subject)

    @property
    def _subject(self) -> str:
        return f"flow:{self.flow}"
