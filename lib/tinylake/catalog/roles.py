"""A role per table and grant, with an inline policy: for stores that enforce role policies, and no session policies."""

from __future__ import annotations

import json
import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from tinylake.catalog import aws
from tinylake.catalog.settings import Grant

if TYPE_CHECKING:
    from tinylake.catalog.settings import Settings
    from tinylake.catalog.tables import Pointer

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}],
}
POLICY_NAME = "table"

log = logging.getLogger(__name__)


class Roles:
    """Makes the roles, keeps their policies right, and removes them with their table."""

    def __init__(self, settings: Settings) -> None:
        """Connects at first use."""
        self._settings = settings
        self._known: dict[str, tuple[str, str]] = {}  # name to policy and ARN, as this process last wrote them

    @cached_property
    def _iam(self) -> Any:
        return aws.client(self._settings, "iam")

    def connect(self) -> None:
        """Makes the client now."""
        _ = self._iam

    def arn(self, pointer: Pointer, grant: Grant, policy: str) -> str:
        """The ARN of the table's role, made or changed when this process has not seen it with this policy."""
        name = role_name(pointer.uuid, grant)
        known = self._known.get(name)
        if known and known[0] == policy:
            return known[1]
        arn = self._made(name)
        self._iam.put_role_policy(RoleName=name, PolicyName=POLICY_NAME, PolicyDocument=policy)
        self._known[name] = policy, arn
        return arn

    def forget(self, pointer: Pointer) -> None:
        """Removes the table's roles; what cannot be removed is logged, for the table is gone already."""
        for grant in get_args(Grant):
            name = role_name(pointer.uuid, grant)
            self._known.pop(name, None)
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

    def _made(self, name: str) -> str:
        try:
            made = self._iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(TRUST))
        except self._iam.exceptions.EntityAlreadyExistsException:
            made = self._iam.get_role(RoleName=name)
        return str(made["Role"]["Arn"])


def role_name(uuid: str, grant: Grant) -> str:
    """A role's name: from the table's uuid, which a rename keeps; at most 64 characters."""
    return f"tinylake-{uuid.replace('-', '')}-{grant}"
