"""Whether a Spark Connect server is ready, and in which version; whatever engine is behind it.

It is asked over the protocol itself: a session costs a second of imports.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import grpc
import pyarrow as pa

from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

_SESSION = str(uuid.uuid4())  # one for all questions of this process: a server that is slow to answer keeps each


def address(url: str) -> str:
    """Return the address that Spark Connect's clients take, of a server at a URL of any scheme."""
    return f"sc://{_target(url)}"


def spark_version(url: str) -> str | None:
    """Return the version of Spark that the server speaks for; None while it does not answer. Nothing is executed."""
    from pyspark.sql.connect.proto import base_pb2  # noqa: PLC0415 - slow to import

    request = base_pb2.AnalyzePlanRequest(session_id=_SESSION, spark_version=base_pb2.AnalyzePlanRequest.SparkVersion())
    answer = _asked(url, lambda stub: stub.AnalyzePlan(request, timeout=TIMEOUTS.service_probe))
    return str(answer.spark_version.version) if answer else None


def engine_version(url: str) -> str | None:
    """Return the version of the engine itself, by a query; None while it does not answer."""
    from pyspark.sql.connect.proto import base_pb2, relations_pb2  # noqa: PLC0415 - slow to import

    relation = relations_pb2.Relation(sql=relations_pb2.SQL(query="SELECT version()"))
    request = base_pb2.ExecutePlanRequest(session_id=_SESSION, plan=base_pb2.Plan(root=relation))
    answers = _asked(url, lambda stub: list(stub.ExecutePlan(request, timeout=TIMEOUTS.service_probe))) or []
    batches = [answer.arrow_batch.data for answer in answers if answer.HasField("arrow_batch")]
    return str(pa.ipc.open_stream(batches[0]).read_all().column(0)[0].as_py()) if batches else None


def _asked(url: str, ask: Callable[[Any], Any]) -> Any:
    from pyspark.sql.connect.proto import base_pb2_grpc  # noqa: PLC0415

    with grpc.insecure_channel(_target(url)) as channel:
        try:
            return ask(base_pb2_grpc.SparkConnectServiceStub(channel))
        except grpc.RpcError:
            return None


def _target(url: str) -> str:
    return url.rpartition("://")[2].rstrip("/")
