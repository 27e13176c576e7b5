"""An engine that speaks Spark Connect: Sail, Apache Spark, or any other server of it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lakebook.lake.engine import refused
from lakebook.stack import spark_connect

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa


class SparkConnect:
    """One session; opened at first use, for it costs a second.

    `conf` is what the session is told: of an engine that serves many catalogs, which is this profile's. `token` is what
    the server demands of its clients, if anything.
    """

    compares_nested = updates = True

    def __init__(
        self, url: str, catalog: str, name: str, conf: Mapping[str, str] | None = None, token: str = ""
    ) -> None:
        self.url, self.catalog, self.name = url, catalog, name
        self._conf, self._token = dict(conf or {}), token
        self._session: Any = None

    @property
    def session(self) -> Any:
        """The Spark Connect session."""
        if self._session is None:
            from pyspark.sql import SparkSession  # noqa: PLC0415 - slow to import
            from pyspark.sql.connect.session import SparkSession as Session  # noqa: PLC0415

            for name in ("SQLQueryContextLogger", "pyspark.sql.connect.logging"):
                logging.getLogger(name).setLevel(logging.CRITICAL)  # they print what they also raise
            if self._token:
                builder = Session.builder.channelBuilder(spark_connect.builder(self.url, self._token))
            else:
                builder = SparkSession.builder.remote(self.url)
            for key, value in self._conf.items():
                builder = builder.config(key, value)
            self._session = builder.create()
        return self._session

    def sql(self, query: str) -> pa.Table:
        """Return what a query returns. Raises ServiceError, with the query, where the engine refuses it."""
        from pyspark.errors import PySparkException  # noqa: PLC0415

        try:
            return self.session.sql(query).toArrow()
        except PySparkException as error:
            said = str(error).split("\n\nJVM stacktrace")[0]
            raise refused(query, said, f"{self.name} at {self.url}") from None

    def view(self, name: str, rows: pa.Table) -> None:
        """Make rows of this process queryable under a name, in this session alone."""
        self.session.createDataFrame(rows).createOrReplaceTempView(name)

    def stop(self) -> None:
        """Close the session; without this a client hangs at exit."""
        if self._session is not None:
            self._session.stop()
            self._session = None
