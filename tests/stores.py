"""Services of a test's own, each by itself: those whose parts are on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lakebook import profile, s3
from lakebook.profile import Role
from lakebook.stack import launcher, presence, services

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lakebook.stack.launcher import Running

STORES = ("moto", "minio", "radosgw")
WITH_SESSION_POLICIES = ("minio", "radosgw")


def here(*kinds: str) -> list[str]:
    """Those of some kinds whose parts are on this machine."""
    return [kind for kind in kinds if all(part.find() for part in services.get(kind).parts)]


def asked_for(profile_name: str) -> pytest.MarkDecorator:
    """Skip, and say why, where a profile's parts are absent and LAKEBOOK_PROFILES does not name it; else be red."""
    found = presence.of(profile_name)
    left_out = not found.complete and profile_name not in profile.defaults()
    why = f"LAKEBOOK_PROFILES does not name {profile_name}, nor is it here: lakebook install --profile {profile_name}"
    return pytest.mark.skipif(left_out, reason=why)


def site(kind: str, folder: Path, **settings: object) -> launcher.Site:
    """Where a service of this kind is to run, below a folder."""
    return launcher.site(Role(kind, settings), services.get(kind), folder / kind, {})


def start(place: launcher.Site, folder: Path) -> Running:
    """Start a service where it is to run; its log is in the folder."""
    service = services.get(place.folder.name)
    return launcher.start(
        service, place, log_file=folder / f"{service.kind}.log", ends_with=folder, launched=lambda _: None
    )


@contextmanager
def running(kind: str, folder: Path, **settings: object) -> Iterator[Running]:
    """Lend a service of this kind, ready, for the time of a `with` block."""
    started = start(site(kind, folder, **settings), folder)
    try:
        yield started
    finally:
        started.stop()


def keys(store: Running, user: str) -> s3.Keys:
    """The key of one of a store's users."""
    return s3.Keys(store.endpoint.secrets[f"{user}_key"], store.endpoint.secrets[f"{user}_secret"])
