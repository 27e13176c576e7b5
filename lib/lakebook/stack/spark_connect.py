"""Whether a Spark Connect server is ready, and in which version; whatever engine is behind it."""

from __future__ import annotations

import uuid

import grpc
import pyarrow as pa

from lakebook.timeouts import TIMEOUTS


def address(url: str) -> str:
    """Return the address that Spark Connect's clients take, of a server at a URL of any scheme."""
    return f"sc://{_target(url)}"


def version(url: str) -> str | None:
    """Return the server's version, which its engine states; None while it does not answer.

    It is asked over the protocol itself: a session costs a second of imports.
    """
    from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc, relations_pb2  # noqa: PLC0415 - slow to import

    relation = relations_pb2.Relation(sql=relations_pb2.SQL(query="SELECT version()"))
    session = str(uuid.uuid4())
    request = base_pb2.ExecutePlanRequest(session_id=session, plan=base_pb2.Plan(root=relation))
    with grpc.insecure_channel(_target(url)) as channel:
        stub = base_pb2_grpc.SparkConnectServiceStub(channel)
        try:
            answers = list(stub.ExecutePlan(request, timeout=TIMEOUTS.service_probe))
        except grpc.RpcError:
            return None
    batches = [answer.arrow_batch.data for answer in answers if answer.HasField("arrow_batch")]
    return str(pa.ipc.open_stream(batches[0]).read_all().column(0)[0].as_py()).split()[0] if batches else None


def _target(url: str) -> str:
    return url.rpartition("://")[2].rstrip("/")
