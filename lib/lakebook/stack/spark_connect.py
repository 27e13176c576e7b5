"""Whether a Spark Connect server is ready, and in which version; whatever engine is behind it.

It is asked over the protocol itself: a session costs a second of imports.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import grpc
import pyarrow as pa

from lakebook.errors import ConfigurationError, ServiceError
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql.connect.client import DefaultChannelBuilder

_IN_ADDRESS = ";token="
_REFUSED = (grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED)
_SESSION = str(uuid.uuid4())  # one for all questions of this process: a server that is slow to answer keeps each


def address(url: str) -> str:
    """Return the address that Spark Connect's clients take, of a server at a URL of any scheme, with its parameters.

    Raises ConfigurationError for one that holds a token: addresses are shown.
    """
    target = url.rpartition("://")[2].rstrip("/")
    if _IN_ADDRESS in target:
        raise ConfigurationError(
            "the address of a Spark Connect server holds a token",
            expected="the token as engine.token, for addresses are shown",
            got=f"{target.partition(';')[0]};...",
            todo="move it: token: ${SPARK_CONNECT_TOKEN} in the profile, and export SPARK_CONNECT_TOKEN",
        )
    return f"sc://{target}"


def builder(url: str, token: str = "") -> DefaultChannelBuilder:
    """Return what makes channels to a server, of an address with parameters such as `;use_ssl=true`.

    A token is sent over TLS, and without it to localhost alone. Source: Spark Connect, client connection string.
    Raises ConfigurationError for an address that PySpark does not take.
    """
    from pyspark.errors import PySparkException  # noqa: PLC0415 - slow to import
    from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415

    try:
        made = DefaultChannelBuilder(address(url))
    except PySparkException as error:
        raise ConfigurationError(
            "this is no address of a Spark Connect server",
            expected="sc://HOST:PORT, or sc://HOST:PORT/;use_ssl=true;user_id=NAME",
            got=f"{url}: {error}",
            todo="mend engine.address in the profile",
        ) from None
    if token:
        made.set(made.PARAM_TOKEN, token)
    return made


def spark_version(url: str) -> str | None:
    """Return the version of Spark that the server speaks for; None while it does not answer. Nothing is executed."""
    from pyspark.sql.connect.proto import base_pb2  # noqa: PLC0415 - slow to import

    request = base_pb2.AnalyzePlanRequest(session_id=_SESSION, spark_version=base_pb2.AnalyzePlanRequest.SparkVersion())
    answer = _asked(url, lambda stub: stub.AnalyzePlan(request, timeout=TIMEOUTS.service_probe))
    return str(answer.spark_version.version) if answer else None


def engine_version(url: str, token: str = "") -> str | None:
    """Return the version of the engine itself, by a query; None while it does not answer.

    Raises ServiceError where it refuses the token, or that there is none.
    """
    from pyspark.sql.connect.proto import base_pb2, relations_pb2  # noqa: PLC0415 - slow to import

    made = builder(url, token) if token or ";" in url else None
    relation = relations_pb2.Relation(sql=relations_pb2.SQL(query="SELECT version()"))
    request = base_pb2.ExecutePlanRequest(
        session_id=_SESSION,
        plan=base_pb2.Plan(root=relation),
        user_context=base_pb2.UserContext(user_id=(made and made.userId) or ""),
    )
    told = {"timeout": TIMEOUTS.service_probe, "metadata": list(made.metadata()) if made else []}
    answers = _asked(url, lambda stub: list(stub.ExecutePlan(request, **told)), made) or []
    batches = [answer.arrow_batch.data for answer in answers if answer.HasField("arrow_batch")]
    return str(pa.ipc.open_stream(batches[0]).read_all().column(0)[0].as_py()) if batches else None


def _asked(url: str, ask: Callable[[Any], Any], made: DefaultChannelBuilder | None = None) -> Any:
    from pyspark.sql.connect.proto import base_pb2_grpc  # noqa: PLC0415

    plain = address(url).removeprefix("sc://")
    with made.toChannel() if made else grpc.insecure_channel(plain) as channel:
        try:
            return ask(base_pb2_grpc.SparkConnectServiceStub(channel))
        except grpc.RpcError as error:
            if error.code() in _REFUSED:
                raise ServiceError(
                    "the Spark Connect server refuses its client",
                    expected=f"an answer from {address(url)}",
                    got=f"{error.code().name}: {error.details()}",
                    todo="set engine.token in the profile, or mend it",
                ) from None
            return None
