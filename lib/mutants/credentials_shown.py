"""Answers show the credentials of a source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(_original: Callable[..., Any]) -> Callable[..., Any]:
    def public_credentials(credentials: Any) -> dict[str, Any]:
        return dict(credentials)

    return public_credentials


MUTANT = Mutant(
    name="credentials_shown",
    sentence="answers show the credentials of a source",
    role="ingestion",
    service="tinylake.autoloader",
    target="tinylake.autoloader.secrecy:public_credentials",
    replacement=_replacement,
    finds=("ING-35",),
)

if __name__ == "__main__":
    MUTANT.serve()
