"""What lies in a running stack: buckets, objects, namespaces, ingestions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook import profile, s3
from lakebook.lake.session import NAME_PREFIX, session
from lakebook.stack import state, warehouse

if TYPE_CHECKING:
    from pathlib import Path


def of(stack_file: Path) -> set[str]:
    """Return all that lies in a stack, each as a short text. Raises ServiceError where the stack is gone."""
    running = state.read(stack_file)
    lake = session(profile.load(running.profile), running, NAME_PREFIX)
    tables = warehouse.of(running.services)
    elsewhere = "" if warehouse.is_s3(tables) else f"{warehouse.location(tables)}/"
    buckets = [bucket["Name"] for bucket in lake.storage.list_buckets()["Buckets"]]
    return {
        *(f"bucket {bucket}" for bucket in buckets),
        *(f"object s3://{bucket}/{key}" for bucket in buckets for key in _keys(lake.storage, bucket)),
        *(f"object {one}" for one in (lake.warehouse.starting(elsewhere) if elsewhere else ())),
        *(f"namespace {'.'.join(name)}" for name in lake.catalog.client().list_namespaces()),
        *(f"ingestion {identifier}" for identifier in lake.ingestion.named("")),
    }


def _keys(store: Any, bucket: str) -> list[str]:
    return [key for page in s3.keys(store, f"s3://{bucket}/") for key in page]
