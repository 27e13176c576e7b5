"""The store takes a temporary key that comes without its session token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.sts.models import sts_backends

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_access_key(account_id: str, partition: str, access_key_id: str, headers: dict[str, str]) -> Any:
        for role in sts_backends[account_id][partition].assumed_roles:
            if role.access_key_id == access_key_id:
                headers = {"X-Amz-Security-Token": role.session_token, **headers}
        return original(account_id, partition, access_key_id, headers)

    return create_access_key


MUTANT = Mutant(
    name="token_optional",
    sentence="the store takes a temporary key that comes without its session token",
    role="storage",
    service="moto.server",
    target="moto.iam.access_control:create_access_key",
    replacement=_replacement,
    finds=("VEND-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
