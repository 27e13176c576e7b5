"""One request and what became of it."""

from __future__ import annotations

from dataclasses import dataclass

DROPPED = "dropped"
GONE = "gone"


@dataclass(frozen=True, slots=True)
class Exchange:
    """One line of a proxy's record.

    `at` are the seconds from the proxy's start to the request, `seconds` those until the exchange was over. `upstream`
    is the status with which the service answered, None where it was not asked or did not answer. `client` is what its
    client was told: a status, "dropped" where the connection was closed instead, or "gone" where the client no longer
    listened. `fault` is the name of the fault that was applied, empty where none was.
    """

    number: int
    at: float
    method: str
    path: str
    upstream: int | None
    client: int | str
    fault: str
    seconds: float
