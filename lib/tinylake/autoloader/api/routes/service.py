"""The service itself."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from tinylake.autoloader.clusters import CLUSTERS

router = APIRouter(tags=["service"])


@router.get("/")
@router.get("/health")
def health() -> dict[str, str]:
    """The service answers."""
    return {"status": "ok", "service": "tinylake.autoloader", "version": version("lakebook")}


@router.get("/api/v1/clusters")
def clusters() -> list[dict[str, str]]:
    """The engines that can be named as `cluster_id`."""
    return [cluster.as_json() for cluster in CLUSTERS]
