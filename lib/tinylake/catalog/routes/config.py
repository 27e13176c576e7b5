"""Where a client begins: the warehouse's prefix and the endpoints that are served; and whether the service is well."""

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request

from tinylake.catalog import delegation
from tinylake.catalog.errors import CatalogError
from tinylake.catalog.routes.calls import Here

router = APIRouter()


@router.get("/health")
def health() -> dict[str, str]:
    """200 while the service answers."""
    return {"status": "ok", "service": "tinylake.catalog", "version": version("lakebook")}


@router.get("/v1/config")
def config(request: Request, catalog: Here, warehouse: str | None = None) -> dict[str, Any]:
    """The prefix, the store's address and the endpoints; 404 for another warehouse than this one."""
    own = catalog.settings.warehouse
    if warehouse not in {None, own}:
        raise CatalogError(404, "NoSuchWarehouseException", f"no such warehouse: {warehouse}")
    defaults = delegation.store(catalog.settings)
    return {"defaults": defaults, "overrides": {"prefix": own}, "endpoints": request.app.state.endpoints}
