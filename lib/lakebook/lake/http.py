"""One HTTP exchange, as a notebook sees it: the status and the body, whatever they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from lakebook import secret, web
from lakebook.errors import ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service answered. `body` is its JSON; a field of it is also an attribute: `answer.impact`."""

    status: int
    body: Any
    request: str

    def __getattr__(self, name: str) -> Any:
        if isinstance(self.body, dict) and name in self.body:
            return self.body[name]
        raise AttributeError(f"{self.request} answered {self.status} without {name}: {self.body!r:.300}")

    def require(self, *statuses: int) -> Answer:
        """Return this answer. Raises ServiceError where its status is another one."""
        if self.status not in statuses:
            raise ServiceError(
                f"{self.request} was answered with {self.status}",
                expected=" or ".join(map(str, statuses)),
                got=secret.redact(f"{self.status} {self.body!r:.500}"),
                where=self.request,
                todo="read the service's log: lakebook status",
            )
        return self


@dataclass(frozen=True, slots=True)
class Http:
    """A client of one service. No retries: an answer is evidence."""

    service: str
    client: httpx.Client

    @classmethod
    def at(cls, service: str, url: str, headers: Mapping[str, str] | None = None) -> Http:
        """Return a client of the service at a base URL."""
        return cls(service, web.client(base_url=url, headers=headers, timeout=TIMEOUTS.http))

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """Return what the service answers. Raises ServiceError where none comes."""
        try:
            answer = self.client.request(method, path, **options)
        except httpx.TransportError as error:
            raise ServiceError(
                f"{self.service} does not answer",
                expected=f"an answer to {method} {path} within {TIMEOUTS.http:g} s",
                got=f"{type(error).__name__}: {error}",
                where=str(self.client.base_url),
                todo="lakebook status, then lakebook up",
            ) from None
        return Answer(answer.status_code, _body(answer), f"{method} {path}")


def _body(answer: httpx.Response) -> Any:
    try:
        return answer.json() if answer.content else None
    except ValueError:
        return answer.text[:2000]
