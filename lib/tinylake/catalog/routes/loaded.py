"""The answers that hold a table. Metadata goes out as it was written, not parsed on the way."""

import json
from typing import Annotated, Any

from fastapi import Header, Response

from tinylake.catalog import delegation, vending
from tinylake.catalog.creation import Loaded
from tinylake.catalog.names import TableName
from tinylake.catalog.routes.calls import Call, address
from tinylake.catalog.tables import Pointer

Delegation = Annotated[str | None, Header(alias=delegation.HEADER)]


def answer(call: Call, name: TableName, found: Loaded, asked: str | None) -> Response:
    """The specification's LoadTableResult, with what the delegation header asked for: credentials, or else signing."""
    config = delegation.store(call.catalog.settings)
    rest: dict[str, Any] = {"config": config}
    if delegation.wants_credentials(asked):
        if vended := credentials(call, name, found.pointer):
            rest = {"config": vended, "storage-credentials": vending.listed(found.pointer, vended)}
    elif delegation.wants_signing(asked) and call.catalog.settings.scheme == "s3":
        rest = {"config": config | delegation.signing(call.base, _sign_endpoint(call, name, found.pointer))}
    return _with_metadata(found, rest)


def committed(found: Loaded) -> Response:
    """The specification's CommitTableResponse."""
    return _with_metadata(found, {})


def view(found: Loaded) -> Response:
    """The specification's LoadViewResult."""
    return _with_metadata(found, {"config": {}})


def credentials(call: Call, name: TableName, pointer: Pointer) -> dict[str, str]:
    """Credentials for the table, and where to get the next ones; nothing where nothing is vended."""
    settings = call.catalog.settings
    vended = vending.credentials(call.catalog.vendor, settings, pointer, call.principal)
    refresh = f"{address(settings.warehouse, name)}/credentials"
    return {**vended, delegation.REFRESH[settings.scheme]: refresh} if vended else {}


def _sign_endpoint(call: Call, name: TableName, pointer: Pointer) -> str:
    """Where requests for the table are signed; a staged one, which is not in the catalog yet, brings a ticket."""
    path = f"{address(call.catalog.settings.warehouse, name)}/sign"
    if pointer.metadata_location:
        return path
    return f"{path}?staged={call.catalog.tickets.give(name, pointer, call.principal)}"


def only_refs(text: str) -> str:
    """Metadata without the snapshots that no branch or tag points to."""
    metadata = json.loads(text)
    kept = {ref["snapshot-id"] for ref in metadata.get("refs", {}).values()} | {metadata.get("current-snapshot-id")}
    metadata["snapshots"] = [one for one in metadata.get("snapshots", []) if one["snapshot-id"] in kept]
    return json.dumps(metadata)


def _with_metadata(found: Loaded, rest: dict[str, Any]) -> Response:
    place = {"metadata-location": found.pointer.metadata_location} if found.pointer.metadata_location else {}
    opening = json.dumps({**place, **rest})[:-1]
    comma = ", " if place or rest else ""
    return Response(f'{opening}{comma}"metadata": {found.metadata}}}', media_type="application/json")
