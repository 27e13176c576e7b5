"""moto's server: S3, STS and IAM on one port, which enforces keys, signatures, session tokens and role policies."""

from __future__ import annotations

import json
import re
from importlib.metadata import version as package_version
from typing import Any

import httpx

from lakebook import s3, web
from lakebook.stack import object_store, python_module
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_ALLOWED_TO_SET_UP = 3  # exactly: create_user, put_user_policy, create_access_key; then it enforces


def _launch(site: Site) -> Launch:
    return python_module.launch(
        site,
        *("-H", LOOPBACK, "-p", str(site.port)),
        environment={
            "INITIAL_NO_AUTH_ACTION_COUNT": str(_ALLOWED_TO_SET_UP),
            "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(64 * 1024 * 1024),
            "TMPDIR": str(site.folder),
            "AWS_DEFAULT_REGION": object_store.REGION,
        },
    )


def _version(site: Site) -> str | None:
    try:
        answer = web.get(f"{site.url}/moto-api/config", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    stated = re.search(r"Moto\S*/(\S+)", answer.headers.get("server", ""))
    return stated[1] if stated else package_version("moto") if answer.is_success else None


def _user(iam: Any, name: str, *allowed: tuple[str, str]) -> tuple[str, str]:
    iam.create_user(UserName=name)
    policy = json.dumps(object_store.policy(*allowed))
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def _publish(site: Site) -> Endpoint:
    """Create the buckets, and one user for each that needs a key: each with the rights of its part, no more."""
    admin = _user(s3.client("iam", site.url, s3.Keys("setup", "setup")), "admin", ("*", "*"))
    store, iam = (s3.client(api, site.url, s3.Keys(*admin)) for api in ("s3", "iam"))
    object_store.make_buckets(store)
    more = {"catalog": (("iam:*", "*"), ("sts:*", "*"))}
    users = {
        user: _user(iam, user, *object_store.all_of(bucket), *more.get(user, ()))
        for user, bucket in object_store.USERS.items()
    }
    return object_store.endpoint(site.url, {**users, "admin": admin}, vending="role_policy")


SERVICE = Service(
    kind="moto",
    sentence="an S3, STS and IAM emulator in a wheel, with enforcement on; state in memory",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"module": "lakebook.stack.daemons.moto"},
    lacks={
        "scoped_list": "moto evaluates no conditions, so that a listing cannot be scoped by prefix",
        "scoped_copy": "moto does not check the right to read the source of a copy",
        "expiry": "moto does not refuse expired session tokens",
    },
)
