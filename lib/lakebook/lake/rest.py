"""The Iceberg REST API, raw: one method an operation, under the specification's name for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from lakebook.lake.catalog import ID_ALONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lakebook.lake.catalog import Catalog
    from lakebook.lake.http import Answer

Levels = tuple[str, ...]
SEPARATOR = "%1F"
_OPTIONAL = {"stage-create"}  # in createTable, beside what has no default


@dataclass(frozen=True, slots=True)
class Rest:
    """What the catalog answers to each operation, whatever that is; nothing is retried, and nothing raised for it.

    A namespace is given by its levels, a table or a view by those and its name: `Table.identifier`. `separator` stands
    between levels in a path, percent-encoded, as the configuration tells it: `told_separator`.
    """

    catalog: Catalog
    separator: str = SEPARATOR

    @classmethod
    def of(cls, catalog: Catalog) -> Rest:
        """Return the API of a catalog, in whose paths namespaces are written as its configuration tells."""
        return cls(catalog, told_separator(cls(catalog).config().body))

    def config(self) -> Answer:
        """Send getConfig."""
        return self.catalog.ask("GET", f"/v1/config?warehouse={quote(self.catalog.warehouse, safe='')}")

    def list_namespaces(self, parent: Levels = (), **page: Any) -> Answer:
        """List what lies directly in `parent`, or at the top; `page` are pageToken and pageSize."""
        below = {"parent": unquote(self.separator).join(parent)} if parent else {}
        return self.ask("GET", "/namespaces", params={**below, **page})

    def create_namespace(self, namespace: Levels, **properties: str) -> Answer:
        """Send createNamespace."""
        return self.ask("POST", "/namespaces", json={"namespace": [*namespace], "properties": properties})

    def load_namespace(self, namespace: Levels) -> Answer:
        """Send loadNamespaceMetadata."""
        return self.ask("GET", self._in(namespace))

    def namespace_exists(self, namespace: Levels) -> Answer:
        """Send namespaceExists: the status alone tells."""
        return self.ask("HEAD", self._in(namespace))

    def drop_namespace(self, namespace: Levels) -> Answer:
        """Send dropNamespace."""
        return self.ask("DELETE", self._in(namespace))

    def update_properties(
        self, namespace: Levels, *, updates: Mapping[str, str], removals: Iterable[str] = ()
    ) -> Answer:
        """Send updateProperties."""
        body = {"updates": dict(updates), "removals": [*removals]}
        return self.ask("POST", f"{self._in(namespace)}/properties", json=body)

    def list_tables(self, namespace: Levels, **page: Any) -> Answer:
        """List the tables in a namespace; `page` are pageToken and pageSize."""
        return self.ask("GET", f"{self._in(namespace)}/tables", params=page)

    def create_table(self, table: Levels, **body: Any) -> Answer:
        """Send createTable: of an id alone, unless the body says otherwise; what is None there is left out.

        Every client says whether it stages the table, although it need not.
        """
        told = {"name": table[-1], "schema": ID_ALONE, "stage-create": False, **body}
        sent = {name: value for name, value in told.items() if value is not None or name not in _OPTIONAL}
        return self.ask("POST", f"{self._in(table[:-1])}/tables", json=sent)

    def register_table(self, table: Levels, metadata_location: str) -> Answer:
        """Send registerTable."""
        body = {"name": table[-1], "metadata-location": metadata_location}
        return self.ask("POST", f"{self._in(table[:-1])}/register", json=body)

    def load_table(self, table: Levels) -> Answer:
        """Send loadTable."""
        return self.ask("GET", self._table(table))

    def table_exists(self, table: Levels) -> Answer:
        """Send tableExists: the status alone tells."""
        return self.ask("HEAD", self._table(table))

    def commit(
        self, table: Levels, updates: Sequence[Mapping[str, Any]], requirements: Sequence[Mapping[str, Any]] = ()
    ) -> Answer:
        """Send updateTable."""
        return self.ask("POST", self._table(table), json=change(table, updates, requirements))

    def commit_transaction(self, changes: Iterable[Mapping[str, Any]]) -> Answer:
        """Send commitTransaction: changes of several tables, each as `change` gives it."""
        return self.ask("POST", "/transactions/commit", json={"table-changes": [*changes]})

    def drop_table(self, table: Levels, *, purge: bool = False) -> Answer:
        """Drop a table; with `purge` the catalog is to remove its files as well."""
        return self.ask("DELETE", self._table(table), params={"purgeRequested": "true"} if purge else {})

    def rename_table(self, source: Levels, target: Levels) -> Answer:
        """Send renameTable."""
        return self.ask("POST", "/tables/rename", json=_renamed(source, target))

    def list_views(self, namespace: Levels, **page: Any) -> Answer:
        """List the views in a namespace; `page` are pageToken and pageSize."""
        return self.ask("GET", f"{self._in(namespace)}/views", params=page)

    def create_view(self, view: Levels, body: Mapping[str, Any]) -> Answer:
        """Send createView."""
        return self.ask("POST", f"{self._in(view[:-1])}/views", json={"name": view[-1], **body})

    def load_view(self, view: Levels) -> Answer:
        """Send loadView."""
        return self.ask("GET", self._view(view))

    def view_exists(self, view: Levels) -> Answer:
        """Send viewExists: the status alone tells."""
        return self.ask("HEAD", self._view(view))

    def replace_view(
        self, view: Levels, updates: Sequence[Mapping[str, Any]], requirements: Sequence[Mapping[str, Any]]
    ) -> Answer:
        """Send replaceView."""
        return self.ask("POST", self._view(view), json=change(view, updates, requirements))

    def drop_view(self, view: Levels) -> Answer:
        """Send dropView."""
        return self.ask("DELETE", self._view(view))

    def rename_view(self, source: Levels, target: Levels) -> Answer:
        """Send renameView."""
        return self.ask("POST", "/views/rename", json=_renamed(source, target))

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        """Return the answer to a request below the catalog's prefix."""
        return self.catalog.ask(method, f"/v1/{self.catalog.prefix}{path}", **options)

    def _in(self, namespace: Levels) -> str:
        return f"/namespaces/{self.separator.join(quote(level, safe='') for level in namespace)}"

    def _table(self, table: Levels) -> str:
        return f"{self._in(table[:-1])}/tables/{quote(table[-1], safe='')}"

    def _view(self, view: Levels) -> str:
        return f"{self._in(view[:-1])}/views/{quote(view[-1], safe='')}"


def told_separator(configuration: Any) -> str:
    """Return what stands between the levels of a namespace in a path, as the body of getConfig tells it.

    Source: Iceberg REST specification, `namespace-separator`: percent-encoded; 0x1F where nothing is told.
    """
    given = configuration if isinstance(configuration, dict) else {}
    told = {**(given.get("defaults") or {}), **(given.get("overrides") or {})}
    return str(told.get("namespace-separator") or SEPARATOR)


def change(
    table: Levels, updates: Sequence[Mapping[str, Any]], requirements: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return a change of one table or view, as a commit has it."""
    return {"identifier": _identifier(table), "requirements": [*requirements], "updates": [*updates]}


def setting(**properties: str) -> list[dict[str, Any]]:
    """Return the updates that set properties."""
    return [{"action": "set-properties", "updates": properties}]


def to_snapshot(snapshot_id: int) -> list[dict[str, Any]]:
    """Return the updates that make a snapshot of the past the current one."""
    return [{"action": "set-snapshot-ref", "ref-name": "main", "type": "branch", "snapshot-id": snapshot_id}]


def _identifier(table: Levels) -> dict[str, Any]:
    return {"namespace": [*table[:-1]], "name": table[-1]}


def _renamed(source: Levels, target: Levels) -> dict[str, Any]:
    return {"source": _identifier(source), "destination": _identifier(target)}
