"""Namespaces in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from tinylake.catalog import errors
from tinylake.catalog.database import namespaces, tables, views
from tinylake.catalog.names import SEPARATOR, Namespace, dotted

if TYPE_CHECKING:
    from collections.abc import Mapping


def path(namespace: Namespace) -> str:
    """How a namespace is written in the database."""
    return SEPARATOR.join(namespace)


def find(connection: sa.Connection, namespace: Namespace) -> dict[str, str] | None:
    """The namespace's properties, or None when there is no such namespace."""
    query = sa.select(namespaces.c.properties).where(namespaces.c.path == path(namespace))
    return connection.execute(query).scalar_one_or_none()


def get(connection: sa.Connection, namespace: Namespace) -> dict[str, str]:
    """The namespace's properties, or 404."""
    properties = find(connection, namespace)
    if properties is None:
        raise errors.no_such_namespace(dotted(namespace))
    return properties


def children(connection: sa.Connection, parent: Namespace) -> list[str]:
    """The paths of the namespaces directly in `parent`, which is empty for the top."""
    query = sa.select(namespaces.c.path).where(namespaces.c.parent == path(parent))
    return list(connection.execute(query).scalars())


def create(connection: sa.Connection, namespace: Namespace, properties: Mapping[str, str]) -> None:
    """Adds a namespace; 404 when what it lies in does not exist, 409 when it does itself."""
    if namespace[:-1]:
        get(connection, namespace[:-1])
    if find(connection, namespace) is not None:
        raise errors.already_exists("Namespace", dotted(namespace))
    row = {"path": path(namespace), "parent": path(namespace[:-1]), "properties": dict(properties)}
    connection.execute(namespaces.insert().values(row))


def replace(connection: sa.Connection, namespace: Namespace, properties: Mapping[str, str]) -> None:
    """Stores other properties for a namespace that exists."""
    change = namespaces.update().where(namespaces.c.path == path(namespace))
    connection.execute(change.values(properties=dict(properties)))


def drop(connection: sa.Connection, namespace: Namespace) -> None:
    """Removes an empty namespace; 404 when there is none, 409 when it holds anything."""
    get(connection, namespace)
    inside = [sa.select(kind.c.uuid).where(kind.c.namespace == path(namespace)).limit(1) for kind in (tables, views)]
    if children(connection, namespace) or any(connection.execute(held).first() for held in inside):
        raise errors.namespace_not_empty(dotted(namespace))
    connection.execute(namespaces.delete().where(namespaces.c.path == path(namespace)))
