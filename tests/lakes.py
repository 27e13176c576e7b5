"""A session on a stack of a test's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from lakebook import profile
from lakebook.lake import session
from lakebook.stack import pool, stack

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from lakebook.lake.session import Lake
    from lakebook.profile import Profile


@contextmanager
def lent(name: str, found: Profile | None = None) -> Iterator[Lake]:
    """Lend a session of this name on a profile, the embedded one unless told; its stack lives as long as the block."""
    found = found or profile.load("embedded")
    with stack.lent(found) as running:
        lake = session.session(found, running.state, f"{session.NAME_PREFIX}{name}_1_abcdef")
        yield lake
        for other in lake.others:
            other.stop()
        lake.engine.stop()


@contextmanager
def two_on(engine: str) -> Iterator[list[Lake]]:
    """Lend two sessions, each on a stack of its own, whose engine is of this kind; the stacks start side by side."""
    found = changed(engine={"service": engine})
    with pool.kept(), ThreadPoolExecutor(2) as threads, ExitStack() as ends:
        yield list(threads.map(ends.enter_context, [lent(name, found) for name in ("one", "other")]))


def changed(**roles: Mapping[str, str]) -> Profile:
    """Return the embedded profile with services of its roles changed, or their settings: `catalog={"service": ...}`."""
    found = profile.load("embedded")
    others = {
        role: profile.Role(given["service"], {name: value for name, value in given.items() if name != "service"})
        for role, given in roles.items()
    }
    return replace(found, roles={**found.roles, **others})
