"""Requests to a catalog whose refusals are evidence: what a client with this or that token, or header, may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.lake.catalog import DELEGATION, ID_ALONE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.lake.catalog import Catalog, Grant
    from lakebook.lake.http import Answer

VENDED, SIGNED = "vended-credentials", "remote-signing"
HEADERS = {"absent": None, "empty": "", "vended": VENDED, "signing": SIGNED, "both": f"{VENDED},{SIGNED}"}


def delegated(catalog: Catalog, table: tuple[str, str]) -> dict[str, list[Answer]]:
    """Return the answers to loading a table and to staging one, for each way to send the delegation header."""
    place = _tables(catalog, table[0])
    staged = {"name": "staged", "schema": ID_ALONE, "stage-create": True}
    return {
        name: [
            catalog.ask("GET", f"{place}/{table[1]}", delegation=header),
            catalog.ask("POST", place, delegation=header, json=staged),
        ]
        for name, header in HEADERS.items()
    }


def with_tokens(catalog: Catalog, table: tuple[str, str], *, renews: bool) -> dict[str, list[Answer]]:
    """Return the answers to the same requests without a token, with wrong ones, an expired one, and a good one.

    There is no entry "expired" where the profile knows no expired token. Where the catalog `renews`, its endpoint for
    credentials alone is asked too.
    """
    good = catalog.logins["write"].bearer() or "none"  # of an open catalog, which takes any
    expired = catalog.principals["expired"].bearer() if "expired" in catalog.principals else ""
    headers = {
        "none": {},
        "wrong": {"Authorization": f"Bearer {good}x"},
        "no bearer": {"Authorization": f"Basic {good}"},
        "expired": {"Authorization": f"Bearer {expired}"},
        "good": {"Authorization": f"Bearer {good}"},
    }
    known = {name: sent for name, sent in headers.items() if name != "expired" or expired}
    requests = [request for request in _REQUESTS if renews or request != "credentials"]
    return {name: [_sent(catalog, sent, table, request) for request in requests] for name, sent in known.items()}


_REQUESTS = ("config", "namespaces", "new namespace", "table", "credentials", "commit")


def _sent(catalog: Catalog, headers: Mapping[str, str], table: tuple[str, str], request: str) -> Answer:
    namespaces = f"/v1/{catalog.prefix}/namespaces"
    place = f"{_tables(catalog, table[0])}/{table[1]}"
    match request:
        case "config":
            return catalog.send("GET", f"/v1/config?warehouse={catalog.warehouse}", headers)
        case "namespaces":
            return catalog.send("GET", namespaces, headers)
        case "new namespace":
            return catalog.send("POST", namespaces, headers, json={"namespace": [f"{table[0]}_new"]})
        case "table":
            return catalog.send("GET", place, {**headers, DELEGATION: VENDED})
        case "credentials":
            return catalog.send("GET", f"{place}/credentials", headers)
    return catalog.send("POST", place, headers, json=_commit("asked", "yes"))


def changes(catalog: Catalog, table: tuple[str, str], *, grant: Grant = "write") -> list[Answer]:
    """Return the answers to a commit, a new table, a new namespace, a new name, and last the table's drop."""
    place = _tables(catalog, table[0])
    names = [{"namespace": [table[0]], "name": name} for name in (table[1], f"{table[1]}_renamed")]
    return [
        catalog.ask("POST", f"{place}/{table[1]}", grant=grant, json=_commit("changed", "yes")),
        catalog.ask("POST", place, grant=grant, json={"name": "made", "schema": ID_ALONE}),
        catalog.ask("POST", f"/v1/{catalog.prefix}/namespaces", grant=grant, json={"namespace": [f"{table[0]}_made"]}),
        catalog.ask(
            "POST",
            f"/v1/{catalog.prefix}/tables/rename",
            grant=grant,
            json=dict(zip(("source", "destination"), names, strict=True)),
        ),
        catalog.ask("DELETE", f"{place}/{table[1]}", grant=grant),
    ]


def move(catalog: Catalog, table: tuple[str, str], namespace: str) -> Answer:
    """Return the answer to giving a table a name in another namespace."""
    names = [{"namespace": [place], "name": name} for place, name in (table, (namespace, f"{table[1]}_moved"))]
    return catalog.ask(
        "POST", f"/v1/{catalog.prefix}/tables/rename", json=dict(zip(("source", "destination"), names, strict=True))
    )


def looks(catalog: Catalog, table: tuple[str, str], *, renews: bool) -> list[Answer]:
    """Return the answers to all that shows a namespace and a table, its credentials included, and to staging one.

    Where the catalog `renews`, its endpoint for credentials alone is asked too.
    """
    namespace = f"/v1/{catalog.prefix}/namespaces/{table[0]}"
    staged = {"name": "staged", "schema": ID_ALONE, "stage-create": True}
    return [
        catalog.ask("GET", namespace),
        catalog.ask("GET", f"{namespace}/tables"),
        catalog.ask("GET", f"{namespace}/tables/{table[1]}", delegation=VENDED),
        catalog.ask("POST", f"{namespace}/tables", delegation=VENDED, json=staged),
        *([catalog.ask("GET", f"{namespace}/tables/{table[1]}/credentials")] if renews else []),
    ]


def _tables(catalog: Catalog, namespace: str) -> str:
    return f"/v1/{catalog.prefix}/namespaces/{namespace}/tables"


def _commit(name: str, value: str) -> dict[str, Any]:
    return {"requirements": [], "updates": [{"action": "set-properties", "updates": {name: value}}]}
