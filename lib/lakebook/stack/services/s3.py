"""Any object store that speaks S3, by its address: AWS itself, or one that is compatible."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lakebook import s3
from lakebook.errors import ServiceError
from lakebook.stack.service import Endpoint, Service, Site

_USERS = ("catalog", "engine", "source", "admin")  # who needs a key; one for all, unless the profile gives more
_BUCKETS = ("warehouse_bucket", "source_bucket")
_NO_IAM = "none"  # in the place of an address


def _version(site: Site) -> str | None:
    """Return what the store calls itself; None while it does not answer. Raises ServiceError for a bucket it refuses.

    S3 has no request for a version.
    """
    stated = ""
    for name in _BUCKETS:
        bucket = str(site.settings[name])
        try:
            answer = _store(site).head_bucket(Bucket=bucket)
        except ClientError as error:
            raise _refused(site, name, bucket, error) from None
        except BotoCoreError:
            return None
        stated = answer["ResponseMetadata"]["HTTPHeaders"].get("server", "")
    return stated or "unstated"


def _store(site: Site) -> Any:
    key, key_secret = (str(site.settings[name]) for name in ("access_key_id", "secret_access_key"))
    addressing = str(site.settings["addressing"])
    return s3.client("s3", site.url, s3.Keys(key, key_secret), str(site.settings["region"]), addressing=addressing)


def _refused(site: Site, name: str, bucket: str, error: ClientError) -> ServiceError:
    return ServiceError(
        f"the object store refuses the bucket {bucket}",
        expected=f"a bucket that storage.{name} names, and a key that may use it",
        got=str(error),
        where=site.url,
        todo="make the bucket, or mend its name, the region or the key in the profile's variables",
    )


def _publish(site: Site) -> Endpoint:
    names = ("region", "addressing", "vending", "role_arn", "sts_address", *_BUCKETS)
    values = {name: str(site.settings[name]) for name in names}
    iam = str(site.settings["iam_address"])
    values |= {"iam": iam} if iam == _NO_IAM else {"iam_address": iam}
    keys = {"key": site.settings["access_key_id"], "secret": site.settings["secret_access_key"]}
    secrets = {f"{user}_{part}": str(value) for user in _USERS for part, value in keys.items()}
    own = {f"source_{part}": str(value) for part, value in _source_key(site).items() if value}
    return Endpoint(site.url, values, secrets | own)


def _source_key(site: Site) -> dict[str, object]:
    return {"key": site.settings["source_access_key_id"], "secret": site.settings["source_secret_access_key"]}


SERVICE = Service(
    kind="s3",
    sentence="an object store that speaks S3, by its address, with a key and buckets that are there already",
    needs=(),
    launch=None,
    version=_version,
    publish=_publish,
    requires=lambda _settings: ("access_key_id", "secret_access_key", *_BUCKETS),
    choices={"addressing": ("path", "virtual")},
    settings={
        "region": "us-east-1",
        "addressing": "path",
        "vending": "session_policy",
        "role_arn": "",
        "sts_address": "",
        "iam_address": "",
        "access_key_id": "",
        "secret_access_key": "",
        "source_access_key_id": "",
        "source_secret_access_key": "",
        "warehouse_bucket": "",
        "source_bucket": "",
        "can": "",
        "cannot": "",
    },
)
