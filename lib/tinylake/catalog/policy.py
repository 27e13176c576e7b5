"""What a vended session may do: the objects below one table's location, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tinylake.catalog.settings import Grant

READS = ("s3:GetObject",)
WRITES = (*READS, "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts")


def for_table(location: str, grant: Grant) -> dict[str, Any]:
    """An IAM policy for the table at `location` (s3://bucket/path): objects by `grant`, and a listing of the table."""
    bucket, _, path = location.removeprefix("s3://").partition("/")
    below = folder(path)
    objects = {
        "Effect": "Allow",
        "Action": list(WRITES if grant == "write" else READS),
        "Resource": [f"arn:aws:s3:::{bucket}/{below}*"],
    }
    listing = {
        "Effect": "Allow",
        "Action": ["s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}"],
        "Condition": {"StringLike": {"s3:prefix": [f"{below}*"]}},
    }
    return {"Version": "2012-10-17", "Statement": [objects, listing]}


def folder(path: str) -> str:
    """What the names of a table's objects begin with, on any store: it ends with a slash, as no sibling's does."""
    return f"{path.rstrip('/')}/"
