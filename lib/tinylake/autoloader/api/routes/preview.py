"""Before an ingestion exists: what a source holds, and what loading it would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter

from tinylake.autoloader import cost, preview, reconcile, source
from tinylake.autoloader.api.bodies import Preview  # noqa: TC001 - FastAPI looks at it
from tinylake.autoloader.api.context import Context, InContext  # noqa: TC001
from tinylake.autoloader.failures import Failure
from tinylake.autoloader.secrecy import remember, secret_texts

if TYPE_CHECKING:
    import pyarrow as pa

router = APIRouter(prefix="/api/v1/ingestions", tags=["preview"])


@router.post("/test")
def test(body: Preview, context: InContext) -> dict[str, Any]:
    """Inferred schema, sample rows, number of files and estimated records. Saves nothing."""
    from tinylake.autoloader.schema import types  # noqa: PLC0415 - Arrow is imported when it is needed

    remember(secret_texts(body.source.credentials))
    definition = body.model_dump(mode="json", by_alias=True)
    found = preview.look(definition["source"], definition["format"], body.source.credentials)
    row = found.pop("row_type")
    return {"schema": types.columns(row, known_row(body, context)), **found}


@router.post("/estimate-cost")
def estimate_cost(body: Preview) -> dict[str, Any]:
    """What a run over the source as it is, and a month of such runs, would cost in US dollars."""
    remember(secret_texts(body.source.credentials))
    definition = body.model_dump(mode="json")["source"]
    files = preview.list_files(source.open_source(definition, body.source.credentials), body.source.file_pattern)
    return cost.estimate(len(files), sum(file.size for file in files), body.schedule.frequency)


def known_row(body: Preview, context: Context) -> pa.DataType:
    """The row type of the destination; empty where there is no destination, no table, or no answer."""
    from tinylake.autoloader.loaders.reading import EMPTY  # noqa: PLC0415
    from tinylake.autoloader.schema.iceberg import row_type  # noqa: PLC0415

    if body.destination is None:
        return EMPTY
    try:
        table = reconcile.table_of(context.service.settings, body.destination.database, body.destination.table)
    except Failure:
        return EMPTY
    return row_type(table.schema()) if table else EMPTY
