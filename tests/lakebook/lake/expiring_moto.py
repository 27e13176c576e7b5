"""moto's server, taught to refuse a session that is over, as real stores do: for what moto itself cannot decide."""

import runpy
from datetime import UTC, datetime

from moto.iam import access_control
from moto.sts.models import sts_backends

known = access_control.AssumedRoleAccessKey.__init__


def unexpired(key, account_id, partition, access_key_id, headers):
    for session in sts_backends[account_id][partition].assumed_roles:
        if session.access_key_id == access_key_id and session.expiration.replace(tzinfo=UTC) < datetime.now(UTC):
            raise access_control.CreateAccessKeyFailure(reason="InvalidToken")
    known(key, account_id, partition, access_key_id, headers)


access_control.AssumedRoleAccessKey.__init__ = unexpired

if __name__ == "__main__":
    runpy.run_module("moto.server", run_name="__main__", alter_sys=True)
