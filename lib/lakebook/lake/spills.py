"""Where a secret could have been spilled: what must be searched for, in all that was really written and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lakebook import secret
from lakebook.lake import traces
from lakebook.lake.catalog import ID_ALONE
from lakebook.lake.duckdb import DuckDB
from lakebook.lake.rest import Rest
from lakebook.login import Bearer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lakebook.lake.catalog import Catalog
    from lakebook.lake.objects import Objects
    from lakebook.lake.table import Table
    from lakebook.lake.vended import Vended
    from lakebook.stack.state import StackState

UNASKED = "none-is-asked-for"  # what stands for the token of a catalog that takes requests without one


def secrets(state: StackState) -> dict[str, str]:
    """Return every secret of the stack by its name, and all that this session was vended so far."""
    named = {f"{role}: {name}": value for role, one in state.services.items() for name, value in one.secrets.items()}
    vended = sorted(secret.known() - set(named.values()))
    return named | {f"vended {number}": value for number, value in enumerate(vended, start=1)}


def logs(state: StackState) -> dict[str, str]:
    """Return the logs of all services, by place."""
    return {place: text for one in state.services.values() for place, text in traces.log(one).items()}


def metadata(objects: Objects, table: Table) -> dict[str, str]:
    """Return every metadata file of a table as it lies in the store, by place."""
    files = objects.starting(f"{table.metadata().location.rstrip('/')}/metadata/")
    return {f"table: {file.rpartition('/')[2]}": objects.read(file).decode("utf-8", errors="replace") for file in files}


def provoke(catalog: Catalog, table: tuple[str, str], vended: Vended, word: str) -> dict[str, str]:
    """Send the catalog requests that it must refuse, with true secrets where none belong; return what it answered.

    The answers are whole, by place. `word` stands in each path or body too, so that a search can be seen to work.
    """
    token, key = catalog.logins["write"].bearer() or word, vended.keys.secret
    bearer = {"Authorization": f"Bearer {token}"}
    place = f"/v1/{catalog.prefix}/namespaces/{table[0]}/tables"
    body = {"name": f"{word}?", "schema": ID_ALONE, "location": f"file:/{word}", "properties": {word: key}}
    requests: dict[str, tuple[str, str, Mapping[str, str], Any]] = {
        "another scheme": ("GET", f"{place}/{word}", {"Authorization": f"Token {token}"}, None),
        "one letter more": ("GET", f"{place}/{word}", {"Authorization": f"Bearer {token}x"}, None),
        "a token in the address": ("GET", f"{place}/{word}?token={token}", bearer, None),
        "a token in an address for credentials": ("GET", f"{place}/{word}/credentials?token={token}", bearer, None),
        "a key among the properties of a refused table": ("POST", place, bearer, body),
        "a key of a wrong type": ("POST", place, bearer, {"name": word, "schema": word, "properties": {word: [key]}}),
        "a key as an update": ("POST", f"{place}/{table[1]}", bearer, {"updates": [{"action": key}], word: key}),
    }
    return {
        f"answer to {name}": f"{answer.status} {answer.body}"
        for name, (method, path, headers, sent) in requests.items()
        for answer in [catalog.send(method, path, headers, json=sent)]
    }


def failures(catalog: Catalog, table: tuple[str, str]) -> dict[str, str]:
    """Let clients of three makes ask with a wrong token for a table that is not there; return what each says, by place.

    A catalog that asks for no login takes the token, so that the table's name alone is wrong.
    """
    other = catalog.logged_in(Bearer(f"{catalog.logins['write'].bearer() or UNASKED}x"))
    absent = (table[0], f"{table[1]}_absent")
    acts: dict[str, Callable[[], object]] = {
        "PyIceberg": lambda: other.client().load_table(absent),
        "DuckDB": lambda: (reader := DuckDB(other)).sql(f"FROM {reader.catalog}.{'.'.join(absent)}"),
        "Lakebook": lambda: Rest(other).load_table(absent).require(200),
    }
    return {f"error of {name}": _failure(act) for name, act in acts.items()}


def _failure(act: Callable[[], object]) -> str:
    try:
        act()
    except Exception as error:  # noqa: BLE001 - whatever a client says is the evidence
        return f"{type(error).__name__}: {error}"
    return "nothing: it did not fail"
