"""What a proxy may do to an exchange: frozen records, made by one function a kind."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from lakebook import poll
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakebook.faults.match import Match

When = Literal["before", "after", "answered"]


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the first `times` exchanges that match.

    In this order: what `calls` has "before" is called; the service is asked, if it is to be `reached`; "after" is
    called; `seconds` pass; the client is answered: with `status`, where it is not 0, or by closing its connection,
    where the answer is `dropped`, else with what the service said; "answered" is called.
    """

    name: str
    match: Match
    reached: bool = True
    status: int = 0
    dropped: bool = False
    seconds: float = 0
    times: int = 1
    calls: Mapping[When, Callable[[], object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not (self.reached or self.status or self.dropped):
            raise ValueError("where the service is not reached, its client needs a status or a closed connection")


def answer(match: Match, status: int, *, reached: bool = True, times: int = 1) -> Fault:
    """Return the fault that puts another status, with an Iceberg error body, in the place of the service's answer."""
    return Fault(f"{status} {_whether(reached)}", match, reached, status, times=times)


def drop(match: Match, *, reached: bool = True, times: int = 1) -> Fault:
    """Return the fault that closes the client's connection in the place of an answer."""
    return Fault(f"dropped {_whether(reached)}", match, reached, dropped=True, times=times)


def delay(match: Match, seconds: float, *, times: int = 1) -> Fault:
    """Return the fault that lets seconds pass between the service's answer and its client's."""
    return Fault(f"delayed by {seconds:g} s", match, seconds=seconds, times=times)


def call(match: Match, function: Callable[[], object], *, when: When, times: int = 1) -> Fault:
    """Return what calls a function `before` the service is asked, `after` it, or once its client is `answered`."""
    return Fault(f"call {when}", match, times=times, calls={when: function})


def kill(match: Match, function: Callable[[], object], *, when: When) -> Fault:
    """Return what kills the client, by calling a function.

    Before the service is asked, which then it is not; after the service has answered, but before the client hears of
    it; or once the client was answered.
    """
    name = {"before": "killed before", "after": "killed after, unanswered", "answered": "killed once answered"}[when]
    return Fault(name, match, reached=when != "before", dropped=when != "answered", calls={when: function})


def _whether(reached: bool) -> str:
    return "after it took effect" if reached else "before it took effect"


@dataclass(frozen=True, slots=True)
class Hold:
    """An exchange that waits at the proxy's door, before the service is asked, until it is released."""

    match: Match
    _arrived: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    @property
    def fault(self) -> Fault:
        """What the proxy applies to the first exchange that matches."""
        return Fault("held", self.match, calls={"before": self._wait})

    def _wait(self) -> None:
        self._arrived.set()
        self._released.wait(TIMEOUTS.ingestion_run)

    def arrived(self) -> None:
        """Return once an exchange waits. Raises DeadlineError where none comes."""
        poll.until(
            self._arrived.is_set, what="a request to arrive at the proxy", deadline_seconds=TIMEOUTS.ingestion_run
        )

    def release(self) -> None:
        """Let the exchange go on, and all that come later."""
        self._released.set()


def hold(match: Match) -> Hold:
    """Return a hold on the first exchange that matches."""
    return Hold(match)
