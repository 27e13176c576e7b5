"""The store does not compare session tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.sts.models import sts_backends

from mutants.mutant import Mutant

if TYPE_CHECKING:
    from collections.abc import Callable


def _replacement(original: Callable[..., Any]) -> Callable[..., Any]:
    def init(key: Any, account_id: str, partition: str, access_key_id: str, headers: dict[str, str]) -> None:
        for role in sts_backends[account_id][partition].assumed_roles:
            if role.access_key_id == access_key_id:
                headers = {**headers, "X-Amz-Security-Token": role.session_token}
        original(key, account_id, partition, access_key_id, headers)

    return init


MUTANT = Mutant(
    name="token_unchecked",
    sentence="the store does not compare session tokens",
    role="storage",
    service="moto.server",
    target="moto.iam.access_control:AssumedRoleAccessKey.__init__",
    replacement=_replacement,
    finds=("VEND-07",),
)

if __name__ == "__main__":
    MUTANT.serve()
