"""What lies in a running stack: buckets, objects, namespaces, ingestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import profile
from lakebook.lake.session import NAME_PREFIX, session
from lakebook.stack import state

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.lake.session import Lake


def of(stack_file: Path) -> set[str]:
    """Return all that lies in a stack, each as a short text. Raises ServiceError where the stack is gone."""
    running = state.read(stack_file)
    lake = session(profile.load(running.profile), running, NAME_PREFIX)
    buckets = [bucket["Name"] for bucket in lake.storage.list_buckets()["Buckets"]]
    return {
        *(f"bucket {bucket}" for bucket in buckets),
        *(f"object s3://{bucket}/{key}" for bucket in buckets for key in _keys(lake, bucket)),
        *(f"namespace {'.'.join(name)}" for name in lake.catalog.client().list_namespaces()),
        *(f"ingestion {identifier}" for identifier in lake.ingestion.named("")),
    }


def _keys(lake: Lake, bucket: str) -> list[str]:
    pages = lake.storage.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]
