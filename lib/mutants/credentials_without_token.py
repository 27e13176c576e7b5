"""The endpoint for new credentials is served without a token: it was taken for a part of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    async def call(self: Any, scope: Any, receive: Any, send: Any) -> None:
        if not scope.get("path", "").endswith("/credentials"):
            await original(self, scope, receive, send)
            return
        everyone = next(one for one in self._known.values() if one.grant == "write")
        scope.setdefault("state", {})["principal"] = everyone
        await self._app(scope, receive, send)

    return call


MUTANT = Mutant(
    name="credentials_without_token",
    sentence="the endpoint for new credentials is served without a token: it was taken for a part of the store",
    role="catalog",
    service="tinylake.catalog",
    target="tinylake.catalog.edge:Authentication.__call__",
    replacement=_replacement,
    finds=("VEND-15",),
)

if __name__ == "__main__":
    MUTANT.serve()
