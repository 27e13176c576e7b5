"""Deciders about raw answers of a catalog: each with its status, and with what its body must say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook.checks import refusals
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lakebook.lake.http import Answer


def served(told: Mapping[str, tuple[Answer, int, Mapping[str, Any]]], *, todo: str = "") -> Decision:
    """Hold where each answer has its status, and its body these values; what it says beside them is its own affair.

    `told` is by what was asked; a dict inside the values is taken in the same way, all else must be equal.
    """
    expected = {what: {"status": status, **values} for what, (_, status, values) in told.items()}
    got = {what: {"status": one.status, **_said(one, status, values)} for what, (one, status, values) in told.items()}
    return Decision(expected == got if told else None, expected, got, todo=todo)


def refused(told: Mapping[str, tuple[Answer, int, str]], *, todo: str = "") -> Decision:
    """Hold where each request was refused with its status, an Iceberg error body, and the type that is due.

    An empty type leaves the choice to the catalog. Source: Iceberg REST specification, ErrorModel and the examples of
    each operation: of a 404, the type alone tells a client whether the namespace or the table is missing.
    """
    expected = {what: f"{refusals.wanted(status)}{_of(kind)}" for what, (_, status, kind) in told.items()}
    got = {what: f"{refusals.said(one)}{_of(kind and _type(one))}" for what, (one, _, kind) in told.items()}
    return Decision(expected == got if told else None, expected, got, todo=todo)


def names(answer: Answer) -> list[tuple[str, ...]]:
    """Return the names in a listing, whole: of namespaces, tables or views; none where it is no listing."""
    body = answer.body if isinstance(answer.body, dict) else {}
    identifiers = [(*one.get("namespace", ()), one.get("name")) for one in body.get("identifiers") or ()]
    return [*identifiers, *(tuple(one) for one in body.get("namespaces") or ())]


def _said(answer: Answer, status: int, values: Mapping[str, Any]) -> dict[str, Any]:
    if answer.status != status and isinstance(answer.body, dict) and "error" in answer.body:
        return {"error": answer.body["error"]}
    return {name: _part(answer.body, name, value) for name, value in values.items()}


def _part(body: Any, name: str, wanted: Any) -> Any:
    found = body.get(name) if isinstance(body, dict) else body
    if isinstance(wanted, dict) and isinstance(found, dict):
        return {inner: _part(found, inner, value) for inner, value in wanted.items()}
    return found


def _type(answer: Answer) -> str:
    error = answer.body.get("error") if isinstance(answer.body, dict) else None
    return str(error.get("type")) if isinstance(error, dict) else "none"


def _of(kind: str) -> str:
    return f", {kind}" if kind else ""
