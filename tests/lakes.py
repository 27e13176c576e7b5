"""A session on a stack of a test's own."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lakebook import profile
from lakebook.lake import session
from lakebook.stack import stack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.lake.session import Lake


@contextmanager
def lent(name: str, profile_name: str = "embedded") -> Iterator[Lake]:
    """Lend a session of this name on a profile, whose stack starts and ends with the block."""
    found = profile.load(profile_name)
    with stack.lent(found) as running:
        lake = session.session(found, running.state, f"{session.NAME_PREFIX}{name}_1_abcdef")
        yield lake
        for other in lake.others:
            other.stop()
        lake.engine.stop()
