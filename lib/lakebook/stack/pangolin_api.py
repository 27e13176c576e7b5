"""Pangolin's own API: what it has of a kind, made where it is not there, and brought to what is asked where it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lakebook import log, web
from lakebook.errors import ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import httpx


class Api:
    """Pangolin's own API, as one user."""

    def __init__(self, url: str, **options: Any) -> None:
        self._http = web.client(base_url=f"{url}/api/v1/", timeout=TIMEOUTS.http, **options)

    def made(self, what: str, body: Mapping[str, Any], *, by: str = "name", **options: Any) -> dict[str, Any]:
        """Return the entry of this name, made where there is none; one that is there stays as it is."""
        for entry in self.listed(what, **options):
            if entry.get(by) == body[by]:
                return entry
        return self.sent("POST", what, body, expect=(201,), **options)

    def as_asked(self, what: str, body: Mapping[str, Any]) -> None:
        """Have an entry that is as it is asked for: made where there is none of its name, changed where it is another.

        Raises ServiceError, which names what differs, where Pangolin keeps it as it was.
        """
        there = self.made(what, body)
        if not (other := differences(there, body)):
            return
        place = f"{what}/{body['name']}"
        self.sent("PUT", place, {name: body[name] for name in body if there.get(name) != body[name]}, expect=(200,))
        if kept := differences(self.made(what, body), body):
            raise ServiceError(
                f"pangolin has {place} already, for something else, and keeps it so",
                expected="what this profile asks for",
                got="; ".join(kept),
                where=str(self._http.base_url.join(place)),
                todo="drop it there, if nobody needs it, or use another Pangolin for this profile",
            )
        log.get().warning("what pangolin had of an earlier set-up was changed", entry=place, was="; ".join(other))

    def listed(self, what: str, **options: Any) -> list[dict[str, Any]]:
        """Return every entry of a kind."""
        answer = self._http.get(what, params={"limit": 1000}, **options)
        return [dict(entry) for entry in _required(answer, (200,))]

    def sent(
        self, method: str, path: str, body: Mapping[str, Any], *, expect: Sequence[int], **options: Any
    ) -> dict[str, Any]:
        """Return the answer to a request that must succeed."""
        return dict(_required(self._http.request(method, path, json=body, **options), expect))


def _required(answer: httpx.Response, expect: Sequence[int]) -> Any:
    if answer.status_code not in expect:
        raise ServiceError(
            "pangolin refused to be set up",
            expected=" or ".join(map(str, expect)),
            got=f"{answer.status_code} {answer.text:.300}",
            where=f"{answer.request.method} {answer.request.url.path}",
            todo="look at its log; is it the version that the results state?",
        )
    return answer.json()


def differences(there: Mapping[str, Any], asked: Mapping[str, Any]) -> list[str]:
    """Return what of an entry is not as it is asked for, by name, both values beside it; of a key the name alone."""
    got, expected = _flat({name: there.get(name) for name in asked}), _flat(asked)
    names = [name for name in {**expected, **got} if got.get(name) != expected.get(name)]
    return [
        f"{name} is another"
        if _is_secret(name)
        else f"{name} is {got.get(name, 'absent')}, and must be {expected.get(name, 'absent')}"
        for name in names
    ]


def _flat(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, dict):
        within = [_flat(item, f"{name}.{key}" if name else key) for key, item in value.items()]
        return {path: text for one in within for path, text in one.items()}
    return {name: json.dumps(value)}


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("key", "secret", "token"))
