"""Where tables may lie: below the warehouse, never in one another, and spelled so that a policy can name them.

A location has its last slash here, and none in metadata files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.names import Namespace
    from tinylake.catalog.settings import Settings

# An asterisk, a question mark or ${...} would widen an IAM policy; a percent sign is decoded by some clients.
SEGMENT = re.compile(r"[\w .=+,@~!():&;'-]+")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
PLAIN = re.compile(r"[^A-Za-z0-9_.=-]")


def within(root: str, location: str) -> str:
    """`location` with its last slash, when it is a well-spelled place below `root`; else 400."""
    place = f"{location.rstrip('/')}/"
    if not place.startswith(root) or place == root:
        raise errors.bad_request(f"location {location!r} is not below this warehouse's {root}")
    for segment in place.removeprefix(root)[:-1].split("/"):
        if not SEGMENT.fullmatch(segment) or segment in {".", ".."}:
            raise errors.bad_request(f"location {location!r} has a part that cannot be used: {segment!r}")
    return place


def of_namespace(root: str, namespace: Namespace, properties: Mapping[str, str]) -> str:
    """Where the tables of a namespace lie: at its `location` property, else at its name."""
    if own := properties.get("location"):
        return within(root, own)
    return root + "".join(f"{plain(level)}/" for level in namespace)


def of_table(root: str, home: str, given: str) -> str:
    """The place that a client named: absolute, or (without a scheme) below its namespace's home."""
    return within(root, given if SCHEME.match(given) else home + given.lstrip("/"))


def asked(settings: Settings, given: str | None) -> str | None:
    """The location that a client named, or None where the catalog is to choose: none was named, or a foreign one.

    A catalog may override what was requested; this one refuses it (`within`), unless its settings say `replace`.
    """
    foreign = given and SCHEME.match(given) and not given.startswith(settings.location)
    return None if foreign and settings.foreign_locations == "replace" else given


def plain(name: str) -> str:
    """A name as a part of a location: letters, digits and a few signs, and never `.` or `..`."""
    return PLAIN.sub("_", name).replace("..", "__").strip(".") or "_"
