"""radosgw 16.2.15 answers a wrong secret key with 403 AccessDenied, as it does who has no right to what is asked for.

    AWS_ACCESS_KEY_ID=... AWS_SECRET_ACCESS_KEY=... python reproductions/radosgw/wrong_secret.py http://127.0.0.1:7480

The key is that of a user who may make buckets. Captured from radosgw 16.2.15, 2026-11-27:

    GET ?list-type=2, the secret key wrong: 403 AccessDenied, due 403 SignatureDoesNotMatch

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from __future__ import annotations

import sys
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError

DUE = "SignatureDoesNotMatch"


def main(address: str) -> int:
    """Ask for a listing with a wrong secret key; return 1 where the answer does not tell that it is wrong."""
    bucket, right = f"reproduction-{uuid4().hex[:8]}", boto3.Session(region_name="us-east-1")
    store = right.client("s3", endpoint_url=address)
    store.create_bucket(Bucket=bucket)
    key = right.get_credentials().access_key
    wrong = boto3.Session(key, "not-it", region_name="us-east-1").client("s3", endpoint_url=address)
    try:
        status, code = wrong.list_objects_v2(Bucket=bucket)["ResponseMetadata"]["HTTPStatusCode"], ""
    except ClientError as error:
        status, code = error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"]
    store.delete_bucket(Bucket=bucket)
    sys.stdout.write(f"GET ?list-type=2, the secret key wrong: {status} {code}, due 403 {DUE}\n")
    return int(code != DUE)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
