"""Deciders about vended credentials: what they are, and what can be done with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lakebook.checks import clouds
from lakebook.checks.plain import shown
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakebook.lake.access import Attempt, Outcome
    from lakebook.lake.http import Answer
    from lakebook.lake.vended import Vended


def temporary(vended: Vended, own_keys: Iterable[str], *, now: datetime) -> Decision:
    """Hold where all credentials that were sent are none of the `own_keys`, with session token and coming expiry."""
    good = {"the catalog's own key": False, "session token": True, "expiry": "ahead"}
    got = {place: _kind(config, set(own_keys), now) for place, config in vended.sets.items()}
    return Decision(
        bool(got) and all(kind == good for kind in got.values()),
        dict.fromkeys(got, good),
        got,
        vended.prefix,
        "whoever loads a table holds these keys: vend by AssumeRole",
    )


def _kind(config: Mapping[str, str], own_keys: set[str], now: datetime) -> dict[str, object]:
    cloud, expires = clouds.named_in(config), expiry(config)
    return {
        "the catalog's own key": not own_keys.isdisjoint(config.values()),
        "session token": bool(cloud and cloud.value(config, cloud.session)),
        "expiry": "ahead" if expires and expires > now else str(expires),
    }


def expiry(config: Mapping[str, str]) -> datetime | None:
    """Return when credentials end, as their properties state it; None where they do not."""
    cloud = clouds.named_in(config)
    stated = cloud.value(config, cloud.expiry) if cloud else ""
    return datetime.fromtimestamp(int(stated) / 1000, UTC) if stated else None


def all_allowed(attempts: Sequence[Attempt]) -> Decision:
    """Hold where every operation was allowed."""
    return _all(attempts, "allowed", "the key is too narrow for its own table: look at the catalog's policy")


def all_refused(attempts: Sequence[Attempt]) -> Decision:
    """Hold where every operation was refused. One that failed for another reason leaves it undecided."""
    return _all(attempts, "refused", "the key opens more than its table: look at the catalog's policy")


def refused_beside(attempts: Sequence[Attempt], controls: Sequence[Attempt]) -> Decision:
    """Hold where every attempt was refused, though the like of it was allowed where it must be: the `controls`.

    Where a control was not allowed, or there is none, a refusal may have any reason: undecided.
    """
    decision = all_refused(attempts)
    failed = [control for control in controls if control.outcome != "allowed"]
    if decision.ok and (failed or not controls):
        got = shown(failed) if failed else "no control was tried"
        return replace(decision, ok=None, got=got, todo="see why the control was not allowed")
    return decision


def _all(attempts: Sequence[Attempt], wanted: Outcome, todo: str) -> Decision:
    other = [attempt for attempt in attempts if attempt.outcome != wanted]
    undecided = not attempts or (other and all(attempt.outcome == "undecided" for attempt in other))
    return Decision(
        None if undecided else not other,
        f"{len(attempts)} of {len(attempts)} operations {wanted}",
        shown(other) if other else f"{len(attempts)} of {len(attempts)} operations {wanted}",
        todo=todo,
    )


def none_returned(answers: Sequence[Answer]) -> Decision:
    """Hold where the catalog answered each request, and no answer carried credentials."""
    expected = {answer.request: "200, no credentials" for answer in answers}
    got = {answer.request: _said(answer) for answer in answers}
    todo = "a catalog must send credentials only where the delegation header asks for them"
    return Decision(bool(answers) and expected == got, expected, got, todo=todo)


def _said(answer: Answer) -> str:
    return f"{answer.status}, {', '.join(named(answer.body)) or 'no credentials'}"


def named(body: Any) -> list[str]:
    """Return the names of the credentials in an answer, each behind the place that holds it."""
    return [
        f"{place}: {name}"
        for place, config in sets(body).items()
        for name, value in config.items()
        if _is_secret(name, value)
    ]


def sets(body: Any) -> dict[str, dict[str, str]]:
    """Return the places of an answer that hold credentials, each with its properties.

    Source: Iceberg REST specification, getConfig and LoadTableResult; clients also merge the table's properties.
    """
    if not isinstance(body, dict):
        return {}
    places = {name: body.get(name) or {} for name in ("config", "defaults", "overrides")}
    places["metadata.properties"] = (body.get("metadata") or {}).get("properties") or {}
    for entry in body.get("storage-credentials") or []:
        places[f"storage-credentials {entry['prefix']}"] = entry["config"]
    return {place: config for place, config in places.items() if any(_is_secret(*one) for one in config.items())}


def values(body: Any) -> list[str]:
    """Return the credentials of an answer themselves, to be kept out of everything that is written."""
    return [value for config in sets(body).values() for name, value in config.items() if _is_secret(name, value)]


def _is_secret(name: str, value: object) -> bool:
    return name == "token" or any(cloud.holds(name, value) for cloud in clouds.CLOUDS)


def round_trip(steps: Sequence[tuple[str, str]]) -> Decision:
    """Hold where every step of a round trip ended in "done"."""
    return Decision(
        bool(steps) and all(outcome == "done" for _, outcome in steps),
        [{"step": step, "outcome": "done"} for step, _ in steps],
        [{"step": step, "outcome": outcome} for step, outcome in steps],
        todo="the first step that is not done says what the client was refused",
    )
