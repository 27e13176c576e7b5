"""Short-lived credentials for one table: in S3, a role assumed for each answer, with a policy for that table alone.

In Azure storage they are a signature (`azure_sas`), in Google's a downscoped token (`gcs_tokens`), where the catalog
has one of its own; in local files nothing is vended.

The policy is sent with AssumeRole in either way of vending. Where the store honours session policies, that is all: one
role, which may reach the whole warehouse, serves all tables. Where it does not, the role is the table's own (`roles`).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tinylake.catalog import aws, azure_sas, delegation, gcs_tokens, policy
from tinylake.catalog.roles import Roles

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.settings import Principal, Settings
    from tinylake.catalog.tables import Pointer


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary keys, and when the store stops taking them (milliseconds since 1970)."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at_ms: int


class Vendor:
    """Assumes roles: the one of the settings, or the table's own."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._on_s3 = settings.scheme == "s3"
        self._roles = Roles(settings) if self._on_s3 and settings.vending == "role_policy" else None

    @cached_property
    def _sts(self) -> Any:
        return aws.client(self._settings, "sts")

    def connect(self) -> None:
        """Makes the clients now."""
        if self._on_s3:
            _ = self._sts
        if self._roles:
            self._roles.connect()

    def assume(self, pointer: Pointer, principal: Principal) -> Session:
        """A new session that may do at the table's location what the principal's grant says."""
        allowed = json.dumps(policy.for_table(pointer.location, principal.grant), separators=(",", ":"))
        with aws.reaching(self._settings.s3_endpoint):
            answer = self._sts.assume_role(
                RoleArn=self._roles.arn(pointer, principal.grant, allowed) if self._roles else self._settings.role_arn,
                RoleSessionName=session_name(principal),
                DurationSeconds=self._settings.credential_seconds,
                Policy=allowed,
            )["Credentials"]
        expires_at_ms = int(answer["Expiration"].timestamp() * 1000)
        return Session(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], expires_at_ms)

    def forget(self, pointer: Pointer) -> None:
        """Removes what was made for a table that is dropped; its sessions end by themselves."""
        if self._roles:
            self._roles.forget(pointer)


def session_name(principal: Principal) -> str:
    """The principal in the letters that STS takes, 2 to 64 of them: it is what the store's audit log shows."""
    return re.sub(r"[^\w+=,.@-]", "_", principal.principal, flags=re.ASCII)[:62].ljust(2, "_")


def credentials(vendor: Vendor, settings: Settings, pointer: Pointer, principal: Principal) -> dict[str, str]:
    """The properties that let a client reach this table and no other, for a while; none where nothing is vended."""
    if settings.scheme == "s3":
        return {**delegation.store(settings), **_keys(vendor.assume(pointer, principal))}
    if settings.scheme == "abfss":
        return {**delegation.store(settings), **azure_sas.credentials(settings, pointer, principal.grant)}
    if settings.scheme == "gs" and settings.gcs_token.get_secret_value():
        return {**delegation.store(settings), **gcs_tokens.credentials(settings, pointer, principal.grant)}
    return {}


def _keys(session: Session) -> dict[str, str]:
    return {
        "s3.access-key-id": session.access_key_id,
        "s3.secret-access-key": session.secret_access_key,
        "s3.session-token": session.session_token,
        "s3.session-token-expires-at-ms": str(session.expires_at_ms),
    }


def listed(pointer: Pointer, properties: Mapping[str, str]) -> list[dict[str, Any]]:
    """The specification's `storage-credentials`: one for the whole table, or none where nothing is vended."""
    return [{"prefix": pointer.location, "config": dict(properties)}] if properties else []
