"""Short-lived credentials for one table: a role whose policy covers that table alone, assumed anew for each answer.

The policy is sent with AssumeRole as well: stores that honour session policies are then right even where a role was
given too much.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from tinylake.catalog import aws, delegation, policy
from tinylake.catalog.settings import Grant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tinylake.catalog.settings import Principal, Settings
    from tinylake.catalog.tables import Pointer

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
POLICY_NAME = "table"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Session:
    """Temporary keys, and when the store stops taking them (milliseconds since 1970)."""

    access_key_id: str
    secret_access_key: str
    session_token: str
    expires_at_ms: int


class Vendor:
    """Makes and keeps a role per table and grant, and assumes it."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._roles: dict[str, tuple[str, str]] = {}  # name to policy and ARN, as this process last wrote them

    @cached_property
    def _iam(self) -> Any:
        return aws.client(self._settings, "iam")

    @cached_property
    def _sts(self) -> Any:
        return aws.client(self._settings, "sts")

    def connect(self) -> None:
        """Makes the clients now."""
        _ = self._iam, self._sts

    def assume(self, pointer: Pointer, principal: Principal) -> Session:
        """A new session that may do at the table's location what the principal's grant says."""
        allowed = json.dumps(policy.for_table(pointer.location, principal.grant), separators=(",", ":"))
        name = role_name(pointer.uuid, principal.grant)
        with aws.reaching(self._settings.s3_endpoint):
            answer = self._sts.assume_role(
                RoleArn=self._role(name, allowed),
                RoleSessionName=session_name(principal),
                DurationSeconds=self._settings.credential_seconds,
                Policy=allowed,
            )["Credentials"]
        expires_at_ms = int(answer["Expiration"].timestamp() * 1000)
        return Session(answer["AccessKeyId"], answer["SecretAccessKey"], answer["SessionToken"], expires_at_ms)

    def forget(self, pointer: Pointer) -> None:
        """Removes the table's roles; what cannot be removed is logged, for the table is gone already."""
        for grant in get_args(Grant):
            name = role_name(pointer.uuid, grant)
            self._roles.pop(name, None)
            try:
                self._remove(name)
            except Exception as error:  # noqa: BLE001  (whatever it is, the drop has happened)
                log.warning("role left", extra={"role": name, "cause": str(error)})

    def _remove(self, name: str) -> None:
        missing = self._iam.exceptions.NoSuchEntityException
        for step in (self._iam.delete_role_policy, self._iam.delete_role):
            extra = {"PolicyName": POLICY_NAME} if step == self._iam.delete_role_policy else {}
            try:
                step(RoleName=name, **extra)
            except missing:
                return

    def _role(self, name: str, allowed: str) -> str:
        """The ARN of the role, made or changed when this process has not seen it with this policy."""
        known = self._roles.get(name)
        if known and known[0] == allowed:
            return known[1]
        arn = self._made(name)
        self._iam.put_role_policy(RoleName=name, PolicyName=POLICY_NAME, PolicyDocument=allowed)
        self._roles[name] = allowed, arn
        return arn

    def _made(self, name: str) -> str:
        try:
            made = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        except self._iam.exceptions.EntityAlreadyExistsException:
            made = self._iam.get_role(RoleName=name)
        return str(made["Role"]["Arn"])


def role_name(uuid: str, grant: Grant) -> str:
    """A role's name: from the table's uuid, which a rename keeps; at most 64 characters."""
    return f"tinylake-{uuid.replace('-', '')}-{grant}"


def session_name(principal: Principal) -> str:
    """The principal in the letters that STS takes, 2 to 64 of them: it is what the store's audit log shows."""
    return re.sub(r"[^\w+=,.@-]", "_", principal.principal, flags=re.ASCII)[:62].ljust(2, "_")


def credentials(vendor: Vendor, settings: Settings, pointer: Pointer, principal: Principal) -> dict[str, str]:
    """The properties that let a client reach this table and no other, for a while."""
    session = vendor.assume(pointer, principal)
    return {
        **delegation.store(settings),
        "s3.access-key-id": session.access_key_id,
        "s3.secret-access-key": session.secret_access_key,
        "s3.session-token": session.session_token,
        "s3.session-token-expires-at-ms": str(session.expires_at_ms),
    }


def listed(pointer: Pointer, properties: Mapping[str, str]) -> list[dict[str, Any]]:
    """The specification's `storage-credentials`: one for the whole table."""
    return [{"prefix": pointer.location, "config": dict(properties)}]
