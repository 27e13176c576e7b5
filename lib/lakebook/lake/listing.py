"""Listings read page by page, as the REST specification has it."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from lakebook.checks import answers
from lakebook.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lakebook.lake.http import Answer

_MOST_PAGES = 1_000


def pages(listing: Callable[..., Answer], *place: Any, size: int) -> Iterator[list[str]]:
    """Yield the names on each page, as they come: between two of them, anything may happen.

    `listing` is one of Rest's, `place` what it lists. Raises ServiceError for an error, and where no page is the last.
    """
    token = ""
    for number in count(1):
        answer = listing(*place, pageToken=token, pageSize=size).require(200)
        yield [name[-1] for name in answers.names(answer)]
        token = answer.body.get("next-page-token") or ""
        if not token:
            return
        if number == _MOST_PAGES:
            raise ServiceError(
                "a listing does not end",
                expected="a last page, without next-page-token",
                got=f"{number} pages",
                where=answer.request,
                todo="compare the tokens of two pages",
            )
