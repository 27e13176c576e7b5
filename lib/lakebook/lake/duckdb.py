"""DuckDB as a second reader: it shares no code with the other engines, and reads with vended credentials alone."""

from __future__ import annotations

import re
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING

from lakebook import secret
from lakebook.errors import ServiceError
from lakebook.lake import isolation
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from lakebook.lake.catalog import Catalog

_ATTACHED, _KEY = "lake", "s3.access-key-id"
_VENDED = re.compile(r"(?:^|;)(?:key_id|secret|session_token)=([^;]+)")


class DuckDB:
    """One connection, in this process: DuckDB keeps vended keys per connection, so one belongs to one principal."""

    compares_nested = updates = True

    def __init__(self, catalog: Catalog) -> None:
        import duckdb  # noqa: PLC0415 - slow to import
        from duckdb_extensions import import_extension  # noqa: PLC0415

        for extension in ("avro", "httpfs", "iceberg"):
            import_extension(extension)
        self.catalog, self.name = _ATTACHED, f"duckdb {duckdb.__version__}"
        with isolation.no_other_keys():
            self._connection = duckdb.connect(config={"allow_unredacted_secrets": True})
        for extension in ("avro", "httpfs", "iceberg"):
            self._connection.load_extension(extension)
        self._untold_prefix = catalog.untold_prefix
        if self._untold_prefix:
            return  # whoever asks is told
        before, login = catalog.logins["write"].duckdb()
        own = [] if catalog.vends or _KEY not in catalog.storage else [_own_key(catalog.storage)]
        for statement in (*own, *([before] if before else [])):
            self._connection.execute(statement)
        try:
            self._connection.execute(_attach(catalog, login))
        except duckdb.Error as error:
            raise ServiceError(
                "DuckDB cannot log in to the catalog",
                expected="an Iceberg REST catalog that takes this login; signed requests DuckDB sends to AWS alone",
                got=secret.redact(str(error)[:1000]),
                where=catalog.url,
            ) from None

    def sql(self, query: str) -> pa.Table:
        """Return what a query returns. Raises ServiceError, with the query, where DuckDB refuses it, or hangs.

        It hangs for ever where the store refuses a manifest with 403 (seen with 1.5.5), and cannot be interrupted then.
        """
        if self._untold_prefix:
            raise ServiceError(
                "DuckDB cannot be told the prefix of a catalog's paths",
                expected="a catalog whose configuration tells it",
                got=f"GET /v1/config without the prefix {self._untold_prefix}",
                where=self.name,
            )
        answer: Future[pa.Table] = Future()
        Thread(target=self._answer, args=(query, answer), daemon=True).start()
        try:
            return answer.result(TIMEOUTS.second_reader)
        except TimeoutError:
            got = f"no answer within {TIMEOUTS.second_reader:g} s: was one of the table's files refused to it?"
        except Exception as error:  # noqa: BLE001 - DuckDB's own errors, and those of its extensions
            got = str(error)[:1000]
        raise ServiceError("DuckDB cannot read", expected=f"rows for: {query:.300}", got=got, where=self.name)

    def _answer(self, query: str, answer: Future[pa.Table]) -> None:
        try:
            try:
                found = self._connection.execute(query.replace("`", '"')).to_arrow_table()
            finally:
                secret.remember(self._vended())
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits
            answer.set_exception(error)
        else:
            answer.set_result(found)

    def _vended(self) -> list[str]:
        """Return the keys that the catalog vended to DuckDB so far: it asks by itself, and nobody else sees them."""
        held = self._connection.execute("SELECT secret_string FROM duckdb_secrets(redact = false)").fetchall()
        return [value for (text,) in held for value in _VENDED.findall(text)]

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name."""
        self._connection.register(name, rows)


def _attach(catalog: Catalog, login: str) -> str:
    options = [
        "TYPE iceberg",
        f"ENDPOINT '{catalog.url}'",
        login,
        *([] if catalog.vends else ["ACCESS_DELEGATION_MODE 'none'"]),
    ]
    return f"ATTACH '{catalog.warehouse}' AS {_ATTACHED} ({', '.join(options)})"


def _own_key(storage: Mapping[str, str]) -> str:
    """Return how DuckDB is given a key of its own: where the catalog vends none."""
    scheme, _, host = storage["s3.endpoint"].partition("://")
    given = {
        "KEY_ID": storage[_KEY],
        "SECRET": storage["s3.secret-access-key"],
        "REGION": storage["s3.region"],
        "ENDPOINT": host,
        "URL_STYLE": "path" if storage["s3.path-style-access"] == "true" else "vhost",
    }
    listed = ", ".join(f"{name} '{value}'" for name, value in given.items())
    return f"CREATE SECRET own (TYPE s3, {listed}, USE_SSL {scheme == 'https'})"
