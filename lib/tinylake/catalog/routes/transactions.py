"""Commits to several tables at once."""

from fastapi import APIRouter, Response

from tinylake.catalog import commits, grants, names
from tinylake.catalog.bodies import CommitTransaction
from tinylake.catalog.commits import Asked
from tinylake.catalog.routes.calls import Writing

router = APIRouter(prefix="/v1/{prefix}/transactions")


@router.post("/commit", status_code=204)
def commit_transaction(call: Writing, body: CommitTransaction) -> Response:
    """204 when every table is changed; else none is."""
    asked = []
    for change in body.table_changes:
        name = names.table(change.identifier.namespace, change.identifier.name)
        grants.refuse_outsider(call.principal, name.namespace)
        asked.append(Asked(name, change.requirements, change.updates))
    commits.commit_all(call.catalog, asked)
    return Response(status_code=204)
