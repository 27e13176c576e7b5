"""The decider about secrets that stand where they can be read."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING
from urllib.parse import quote

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping


def nowhere(secrets: Mapping[str, str], places: Mapping[str, str], controls: Mapping[str, str]) -> Decision:
    """Hold where none of the secrets stands in any of the places, plain or encoded.

    `places` are texts by where they were found: "answer 3: GET /x", "log of a". `controls` say for each kind of place,
    by the first word of its name, a text that must be found there. Where one is not, the search has not seen what it
    should, and nothing is decided. What was found is told by name, never by value.
    """
    found = [
        f"{name} in {place}" for name, value in secrets.items() for place, text in places.items() if _in(value, text)
    ]
    unseen = [kind for kind, control in controls.items() if not _anywhere(kind, control, places)]
    searched = ", ".join(f"{kind}: {sum(place.startswith(kind) for place in places)}" for kind in controls)
    blind = unseen or not controls or not secrets or not all(secrets.values())
    decided = None if blind and not found else not found
    return Decision(
        decided,
        {"secrets found": [], "searched in vain for what must be there, in": []},
        {"secrets found": found, "searched in vain for what must be there, in": unseen},
        f"{len(secrets)} secrets, searched for in places of the kind {searched}",
        "mask secrets where they come in, not where they go out; change the keys that were shown",
    )


def _anywhere(kind: str, control: str, places: Mapping[str, str]) -> bool:
    return any(_in(control, text) for place, text in places.items() if place.startswith(kind))


def _in(value: str, text: str) -> bool:
    return bool(value) and any(form in text for form in _forms(value))


def _forms(value: str) -> set[str]:
    """Return a value as it may stand in a text: plain, in JSON, in a URL, in base64."""
    plain = value.encode()
    return {value, json.dumps(value)[1:-1], quote(value, safe=""), base64.b64encode(plain).decode().rstrip("=")}
