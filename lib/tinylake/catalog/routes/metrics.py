"""Reports of scans and commits, which clients send."""

import logging
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from tinylake.catalog import errors, tables
from tinylake.catalog.routes.calls import OfTable, Reading

router = APIRouter(prefix="/v1/{prefix}/namespaces/{namespace}/tables/{table}")

KINDS = {"scan-report", "commit-report"}

log = logging.getLogger(__name__)


@router.post("/metrics", status_code=204)
def report_metrics(call: Reading, name: OfTable, report: Annotated[dict[str, Any], Body()]) -> Response:
    """Takes a report; a reader may send one too."""
    kind = report.get("report-type")
    if kind not in KINDS:
        raise errors.bad_request(f"report-type must be one of {sorted(KINDS)}; got {kind!r}")
    with call.catalog.database.read() as connection:
        tables.get(connection, name)
    log.info("metrics", extra={"kind": kind, "table": str(name), "principal": call.principal.principal})
    return Response(status_code=204)
