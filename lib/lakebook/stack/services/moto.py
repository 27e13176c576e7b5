"""moto's server: S3, STS and IAM on one port, which enforces keys, signatures, session tokens and role policies."""

from __future__ import annotations

import json
import re
import sys
from importlib.metadata import version as package_version
from typing import Any

import httpx

from lakebook import s3
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_REGION = "us-east-1"
_ALLOWED_TO_SET_UP = 3  # exactly: create_user, put_user_policy, create_access_key; then it enforces
WAREHOUSE_BUCKET = "lakebook-warehouse"
SOURCE_BUCKET = "lakebook-sources"


def _launch(site: Site) -> Launch:
    command = (sys.executable, "-m", site.settings["module"], "-H", LOOPBACK, "-p", str(site.port))
    return Launch(
        command,
        {
            "INITIAL_NO_AUTH_ACTION_COUNT": str(_ALLOWED_TO_SET_UP),
            "MOTO_S3_DEFAULT_KEY_BUFFER_SIZE": str(64 * 1024 * 1024),
            "TMPDIR": str(site.folder),
            "AWS_DEFAULT_REGION": _REGION,
        },
    )


def _version(site: Site) -> str | None:
    try:
        answer = httpx.get(f"{site.url}/moto-api/data.json", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    stated = re.search(r"Moto\S*/(\S+)", answer.headers.get("server", ""))
    return stated[1] if stated else package_version("moto") if answer.is_success else None


def _policy(*statements: tuple[str, str]) -> str:
    allowed = [{"Effect": "Allow", "Action": action, "Resource": resource} for action, resource in statements]
    return json.dumps({"Version": "2012-10-17", "Statement": allowed})


def _user(iam: Any, name: str, policy: str) -> tuple[str, str]:
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName=name, PolicyDocument=policy)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def _bucket(name: str) -> tuple[tuple[str, str], ...]:
    return (("s3:*", f"arn:aws:s3:::{name}"), ("s3:*", f"arn:aws:s3:::{name}/*"))


def _publish(site: Site) -> Endpoint:
    """Create the buckets, and one user for each that needs a key: each with the rights of its part, no more."""
    admin = _user(s3.client("iam", site.url, s3.Keys("setup", "setup")), "admin", _policy(("*", "*")))
    store, iam = (s3.client(api, site.url, s3.Keys(*admin)) for api in ("s3", "iam"))
    for bucket in (WAREHOUSE_BUCKET, SOURCE_BUCKET):
        store.create_bucket(Bucket=bucket)
    users = {
        "catalog": _user(iam, "catalog", _policy(*_bucket(WAREHOUSE_BUCKET), ("iam:*", "*"), ("sts:*", "*"))),
        "engine": _user(iam, "engine", _policy(*_bucket(WAREHOUSE_BUCKET))),
        "source": _user(iam, "source", _policy(*_bucket(SOURCE_BUCKET))),
        "admin": admin,
    }
    return Endpoint(
        site.url,
        {"region": _REGION, "warehouse_bucket": WAREHOUSE_BUCKET, "source_bucket": SOURCE_BUCKET},
        {
            f"{user}_{part}": value
            for user, pair in users.items()
            for part, value in zip(("key", "secret"), pair, strict=True)
        },
    )


SERVICE = Service(
    kind="moto",
    sentence="an S3, STS and IAM emulator in a wheel, with enforcement on; state in memory",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"module": "moto.server"},
    lacks={
        "scoped_list": "moto evaluates no conditions, so that a listing cannot be scoped by prefix",
        "scoped_copy": "moto does not check the right to read the source of a copy",
        "expiry": "moto does not refuse expired session tokens",
    },
)
