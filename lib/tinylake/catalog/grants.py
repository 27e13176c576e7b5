"""What a principal may do, beyond being known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinylake.catalog import errors
from tinylake.catalog.names import SEPARATOR, Namespace, dotted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tinylake.catalog.settings import Principal


def refuse_reader(principal: Principal) -> None:
    """403 unless the principal may write."""
    if principal.grant != "write":
        raise errors.forbidden(f"{principal.principal} has a read grant, and this needs a write grant")


def refuse_outsider(principal: Principal, namespace: Namespace) -> None:
    """403 unless the principal may see the namespace; it is not told whether there is one."""
    if not principal.may_see(namespace):
        raise errors.forbidden(f"{principal.principal} has no grant for namespace {dotted(namespace)}")


def visible(principal: Principal, paths: Iterable[str]) -> list[str]:
    """Those of some namespaces' paths that the principal may see, in their order."""
    return [path for path in paths if principal.may_see(tuple(path.split(SEPARATOR)))]
