"""Deciders about vended credentials: what they are, and what can be done with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakebook.checks.plain import shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lakebook.lake.access import Attempt, Outcome
    from lakebook.lake.catalog import Vended
    from lakebook.lake.http import Answer

_SECRETS = {"s3.access-key-id", "s3.secret-access-key", "s3.session-token", "token"}
_SECRET_STARTS = ("adls.sas-token", "adls.account-key", "gcs.oauth2.token")


def temporary(vended: Vended, own_keys: Iterable[str], *, now: datetime) -> Decision:
    """Hold where credentials are none of the `own_keys`, and have a session token and an expiry ahead of `now`."""
    expiry = datetime.fromtimestamp(vended.expires_at_ms / 1000, UTC) if vended.expires_at_ms else None
    got = {
        "the catalog's own key": vended.keys.key_id in set(own_keys),
        "session token": bool(vended.keys.session_token),
        "expiry": "ahead" if expiry and expiry > now else str(expiry),
    }
    expected = {"the catalog's own key": False, "session token": True, "expiry": "ahead"}
    return Decision(
        got == expected, expected, got, vended.prefix, "whoever loads a table holds these keys: vend by AssumeRole"
    )


def all_allowed(attempts: Sequence[Attempt]) -> Decision:
    """Hold where every operation was allowed."""
    return _all(attempts, "allowed", "the key is too narrow for its own table: look at the catalog's policy")


def all_refused(attempts: Sequence[Attempt]) -> Decision:
    """Hold where every operation was refused. One that failed for another reason leaves it undecided."""
    return _all(attempts, "refused", "the key opens more than its table: look at the catalog's policy")


def _all(attempts: Sequence[Attempt], wanted: Outcome, todo: str) -> Decision:
    other = [attempt for attempt in attempts if attempt.outcome != wanted]
    undecided = not attempts or (other and all(attempt.outcome == "undecided" for attempt in other))
    return Decision(
        None if undecided else not other,
        f"{len(attempts)} of {len(attempts)} operations {wanted}",
        shown(other) if other else f"{len(attempts)} of {len(attempts)} operations {wanted}",
        todo=todo,
    )


def none_returned(answer: Answer) -> Decision:
    """Hold where the catalog answered loadTable, and its answer carried no credentials."""
    fields = credential_fields(answer.body)
    return Decision(
        answer.status == 200 and not fields,
        {"status": 200, "credentials in the answer": []},
        {"status": answer.status, "credentials in the answer": list(fields)},
        answer.request,
        "a catalog must send credentials only where the delegation header asks for them",
    )


def credential_fields(body: Any) -> tuple[str, ...]:
    """Return where in an answer to loadTable credentials stand: the place and the property's name."""
    return tuple(f"{place}: {name}" for place, config in _configs(body) for name in config if _is_secret(name))


def credential_values(body: Any) -> list[str]:
    """Return the credentials themselves, to be kept out of everything that is written."""
    return [value for _, config in _configs(body) for name, value in config.items() if _is_secret(name)]


def _configs(body: Any) -> list[tuple[str, dict[str, str]]]:
    if not isinstance(body, dict):
        return []
    entries = body.get("storage-credentials") or []
    return [
        ("config", body.get("config") or {}),
        *((f"storage-credentials {e['prefix']}", e["config"]) for e in entries),
    ]


def _is_secret(name: str) -> bool:
    return name in _SECRETS or name.startswith(_SECRET_STARTS)


def round_trip(steps: Sequence[tuple[str, str]]) -> Decision:
    """Hold where every step of a round trip ended in "done"."""
    return Decision(
        bool(steps) and all(outcome == "done" for _, outcome in steps),
        [{"step": step, "outcome": "done"} for step, _ in steps],
        [{"step": step, "outcome": outcome} for step, outcome in steps],
        todo="the first step that is not done says what the client was refused",
    )
