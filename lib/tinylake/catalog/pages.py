"""Pages of sorted names: a token says after which name the next page begins, so every name is listed once."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query
from pydantic import BaseModel

from tinylake.catalog import errors

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_SIZE = 1_000


class Page(BaseModel):
    """What a client asked for; without a token everything fits on one page."""

    page_token: str | None = None
    page_size: int | None = None

    def cut(self, names: Sequence[str]) -> tuple[list[str], str | None]:
        """The names of this page, and the token of the next one or None. `names` may be in any order."""
        last = decode(self.page_token) if self.page_token else ""
        rest = sorted(name for name in names if name > last)
        if self.page_token is None and self.page_size is None:
            return rest, None
        size = self.page_size or DEFAULT_SIZE
        return rest[:size], encode(rest[size - 1]) if len(rest) > size else None


def asked(
    token: Annotated[str | None, Query(alias="pageToken")] = None,
    size: Annotated[int | None, Query(alias="pageSize", ge=1)] = None,
) -> Page:
    """The page of a request's query; an empty token begins a listing."""
    return Page(page_token=token, page_size=size)


Asked = Annotated[Page, Depends(asked)]


def encode(name: str) -> str:
    """An opaque token."""
    return base64.urlsafe_b64encode(name.encode()).decode()


def decode(token: str) -> str:
    """The name in a token; 400 for what is none."""
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True).decode()
    except ValueError as error:
        raise errors.bad_request("pageToken is not one that this catalog gave") from error
