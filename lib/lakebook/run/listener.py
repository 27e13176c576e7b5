"""Who hears what a batch does, while it does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from lakebook.run.execute import Result


class Listener(Protocol):
    """Hears each step of a batch."""

    def service(self, profile: str, service: str, what: str) -> None:
        """Hear that a service of a profile is starting, or ready."""

    def begun(self, scenario: str, profile: str) -> None:
        """Hear that a scenario begins on a profile."""

    def ended(self, result: Result) -> None:
        """Hear what came of it."""

    def absent(self, profile: str, error: str) -> None:
        """Hear that a profile did not start."""


class Silent:
    """A listener that tells nobody: what came of the batch is told as a whole."""

    def service(self, profile: str, service: str, what: str) -> None:
        """Hear nothing of it."""

    def begun(self, scenario: str, profile: str) -> None:
        """Hear nothing of it."""

    def ended(self, result: Result) -> None:
        """Hear nothing of it."""

    def absent(self, profile: str, error: str) -> None:
        """Hear nothing of it."""
