"""MinIO: S3 and STS on one port, data on disk; it enforces users' policies, session policies and expiry."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from lakebook import s3, web
from lakebook.stack import build_info, object_store, part
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from minio import MinioAdmin

_VERSION = "v0.0.0-20260212201848-7aac2a2c5b7c"  # the last commit; the newest release that Go knows is of 2021
_BINARY = part.go_binary("minio", f"github.com/minio/minio@{_VERSION}")
_BUILT_BY_GO = "DEVELOPMENT.GOGET"
_ROLE = "arn:aws:iam::000000000000:role/lakebook"  # any: it assumes none, but narrows the rights of who asks
_SHORTEST_SESSION_SECONDS = 900
_NOT_YET = (500, 502, 503, 504)


def _launch(site: Site) -> Launch:
    key, secret = _admin(site)
    command = (str(_BINARY.path()), "server", str(site.folder / "data"), "--address", f"{LOOPBACK}:{site.port}")
    return Launch(
        (*command, "--quiet"),
        {
            "MINIO_ROOT_USER": key,
            "MINIO_ROOT_PASSWORD": secret,
            "MINIO_BROWSER": "off",
            "MINIO_UPDATE": "off",
            "MINIO_CI_CD": "1",  # it takes a folder on the system's disk
        },
    )


def _admin(site: Site) -> tuple[str, str]:
    """Return the root user's key: one that was drawn, or of a server that is there already, the profile's."""
    given = site.settings if site.address else site.secrets
    return str(given["admin_key"]), str(given["admin_secret"])


def _version(site: Site) -> str | None:
    """Return the release that it states; of a build by Go, which knows of none, the commit that stands in the program.

    Of such a one that is there already nobody sees the program.
    """
    try:
        if not web.get(f"{site.url}/minio/health/ready", timeout=TIMEOUTS.service_probe).is_success:
            return None
        told = _api(site, TIMEOUTS.service_probe).info()
    except (httpx.TransportError, HTTPError):
        return None
    stated = str(json.loads(told)["servers"][0]["version"])
    if stated != _BUILT_BY_GO or site.address:
        return stated
    return (build_info.module_version(_BINARY.path()) or stated).rpartition("-")[2]


def _publish(site: Site) -> Endpoint:
    """Create the buckets, and one user for each that needs a key, with a policy of its own."""
    admin = _admin(site)
    object_store.make_buckets(s3.client("s3", site.url, s3.Keys(*admin)))
    users = {user: _user(site, bucket) for user, bucket in object_store.USERS.items()}
    return object_store.endpoint(
        site.url,
        {**users, "admin": admin},
        vending="session_policy",
        role_arn=_ROLE,
        iam="none",
        shortest_session_seconds=str(_SHORTEST_SESSION_SECONDS),
    )


def _user(site: Site, bucket: str) -> tuple[str, str]:
    """Return key and secret of a new user; any user may take a session for itself, with its own rights or fewer."""
    key, secret = secrets.token_hex(10), secrets.token_urlsafe(24)
    api = _api(site)
    api.policy_add(key, policy=object_store.policy(*object_store.all_of(bucket)))
    api.user_add(key, secret)
    api.policy_set(key, user=key)
    return key, secret


def _retract(site: Site, endpoint: Endpoint) -> None:
    api = _api(site)
    for user in object_store.USERS:
        key = endpoint.secrets[f"{user}_key"]
        api.user_remove(key)
        api.policy_remove(key)


def _api(site: Site, seconds: float = TIMEOUTS.http) -> MinioAdmin:
    """Return a client of the admin API that waits so long for each answer."""
    from minio import MinioAdmin  # noqa: PLC0415 - slow to import
    from minio.credentials.providers import StaticProvider  # noqa: PLC0415

    address = urlsplit(site.url)
    provider = StaticProvider(*_admin(site))
    again = Retry(total=5, connect=0, read=0, backoff_factor=0.2, status_forcelist=_NOT_YET)
    http = PoolManager(timeout=Timeout(seconds), retries=again, ssl_context=web.trusted())  # its own waits for minutes
    secure = address.scheme == "https"
    return MinioAdmin(endpoint=address.netloc, credentials=provider, secure=secure, http_client=http)


SERVICE = Service(
    kind="minio",
    sentence="an S3 and STS server, built from source by Go; users are made by its own admin API",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    retract=_retract,
    settings={"admin_key": "", "admin_secret": ""},
    generates=("admin_key", "admin_secret"),
    has=frozenset({"session_policies"}),
    parts=(_BINARY,),
)
