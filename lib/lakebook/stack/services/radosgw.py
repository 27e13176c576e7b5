"""Ceph's object gateway: S3, STS and a part of IAM on one port; it enforces session policies, and expiry at once."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from typing import Any

import httpx
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from lakebook import s3, web
from lakebook.errors import ServiceError
from lakebook.stack import object_store, part
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_ROLE_PREFIX = "lakebook-"
_CAPABILITIES = "users=*;user-policy=*;roles=*"
# What a newer SDK adds to an upload, unless told, has no length, and is answered with 411.
_CHECKSUMS = {f"{object_store.ENVIRONMENT}AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"}
_PARTS = (
    part.on_path("radosgw", package="radosgw"),
    part.on_path("ceph-mon", package="ceph-mon"),
    part.on_path("ceph-osd", package="ceph-osd"),
    part.on_path("ceph", package="ceph-common"),
)


def _launch(site: Site) -> Launch:
    command = (sys.executable, "-m", "lakebook.stack.daemons.radosgw", str(site.folder), str(site.port))
    return Launch(command, {})


def _version(site: Site) -> str | None:
    """Return the version of the binary; the gateway itself does not state one."""
    try:
        answer = web.get(site.url, timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    if not answer.is_success:
        return None
    return "unknown" if site.address else _said(("radosgw", "--version")).split()[2]


def _said(command: tuple[str, ...]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=TIMEOUTS.service_ready)
    if done.returncode:
        raise ServiceError(f"{command[0]} failed", expected="success", got=(done.stdout + done.stderr).strip())
    return done.stdout


def _admin(site: Site) -> tuple[str, str]:
    """Return the admin's key: of a gateway that is there already, the profile's; else one that is made now."""
    if site.address:
        return str(site.settings["admin_key"]), str(site.settings["admin_secret"])
    uid = site.settings["admin_user"]
    configured = ("-n", "client.rgw.a", "-c", str(site.folder / "ceph.conf"))
    made = ("user", "create", f"--uid={uid}", f"--display-name={uid}", f"--caps={_CAPABILITIES}")
    (drawn,) = json.loads(_said(("radosgw-admin", *configured, *made)))["keys"]  # none on a command line
    return str(drawn["access_key"]), str(drawn["secret_key"])


def _publish(site: Site) -> Endpoint:
    """Create the buckets, one user for each that needs a key, and the role that the catalog assumes.

    Their names are new each time: a gateway that is there already may have served others.
    """
    admin, mark, uid = _admin(site), secrets.token_hex(4), str(site.settings["admin_user"])
    object_store.make_buckets(s3.client("s3", site.url, s3.Keys(*admin)))
    iam = s3.client("iam", site.url, s3.Keys(*admin))
    _allow(iam, uid, *object_store.all_of("*"))  # what others wrote into its buckets is theirs
    users = {user: _user(site, admin, iam, f"{user}-{mark}", bucket) for user, bucket in object_store.USERS.items()}
    role = _role(iam, f"{_ROLE_PREFIX}{mark}", (uid, f"catalog-{mark}"))
    values = {"vending": "session_policy", "role_arn": role, **_CHECKSUMS}
    return object_store.endpoint(site.url, {**users, "admin": admin}, **values)


def _user(site: Site, admin: tuple[str, str], iam: Any, name: str, bucket: str) -> tuple[str, str]:
    key, secret = secrets.token_hex(10), secrets.token_urlsafe(24)
    asked = {"uid": name, "display-name": name, "access-key": key, "secret-key": secret, "format": "json"}
    _of_users("PUT", site, admin, asked)
    _allow(iam, name, *object_store.all_of(bucket))
    return key, secret


def _of_users(method: str, site: Site, admin: tuple[str, str], asked: dict[str, str]) -> None:
    """Ask the gateway's own API for a change of its users. Raises ServiceError where it refuses."""
    request = AWSRequest(method, f"{site.url}/admin/user", params=asked)
    S3SigV4Auth(Credentials(*admin), "s3", object_store.REGION).add_auth(request)
    prepared = request.prepare()
    answer = web.request(method, prepared.url, headers=dict(prepared.headers), timeout=TIMEOUTS.http)
    if not answer.is_success:  # and not the request's own error: a key may be in its address
        raise ServiceError(
            f"radosgw refuses a change of its users: {method}",
            expected="200",
            got=f"{answer.status_code} {answer.text:.300}",
            where=site.url,
        )


def _retract(site: Site, endpoint: Endpoint) -> None:
    """Remove the role and the users; what they wrote into the buckets is the admin's."""
    admin = _admin(site)
    iam, role = s3.client("iam", site.url, s3.Keys(*admin)), endpoint.values["role_arn"].rpartition("/")[2]
    iam.delete_role_policy(RoleName=role, PolicyName=role)
    iam.delete_role(RoleName=role)
    for user in object_store.USERS:
        _of_users("DELETE", site, admin, {"uid": f"{user}-{role.removeprefix(_ROLE_PREFIX)}"})


def _allow(iam: Any, user: str, *allowed: tuple[str, str]) -> None:
    iam.put_user_policy(UserName=user, PolicyName=user, PolicyDocument=_policy(*allowed))


def _policy(*allowed: tuple[str, str]) -> str:
    return _compact(object_store.policy(*allowed))


def _compact(document: Any) -> str:
    return json.dumps(document, separators=(",", ":"))  # a space would arrive as a plus


def _role(iam: Any, name: str, users: tuple[str, ...]) -> str:
    """Return the ARN of a new role that may reach the whole warehouse, and that these users alone may assume."""
    who = [f"arn:aws:iam:::user/{user}" for user in users]
    trust = {"Effect": "Allow", "Principal": {"AWS": who}, "Action": ["sts:AssumeRole"]}
    document = _compact({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=name, Path="/", AssumeRolePolicyDocument=document)
    allowed = _policy(*object_store.all_of(object_store.WAREHOUSE_BUCKET))
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=allowed)
    return f"arn:aws:iam:::role/{name}"


SERVICE = Service(
    kind="radosgw",
    sentence="Ceph's object gateway of Debian 12, with a monitor and a store in memory of its own",
    needs=(),
    launch=_launch,
    version=_version,
    publish=_publish,
    retract=_retract,
    settings={"admin_user": "admin", "admin_key": "", "admin_secret": ""},
    has=frozenset({"session_policies"}),
    parts=_PARTS,
    lacks={"part_copies": "radosgw 16 lets only the owner of an object copy parts of it, whatever a policy says"},
)
