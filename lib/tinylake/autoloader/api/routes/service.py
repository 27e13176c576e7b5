"""The service itself."""

from __future__ import annotations

from importlib.metadata import version

from fastapi import APIRouter

from tinylake.autoloader.api.context import InContext  # noqa: TC001 - FastAPI looks at it
from tinylake.autoloader.clusters import known

router = APIRouter(tags=["service"])


@router.get("/")
@router.get("/health")
def health() -> dict[str, str]:
    """The service answers."""
    return {"status": "ok", "service": "tinylake.autoloader", "version": version("lakebook")}


@router.get("/api/v1/clusters")
def clusters(context: InContext) -> list[dict[str, str]]:
    """The engines that can be named as `cluster_id`."""
    return [cluster.as_json() for cluster in known(context.service.settings)]
