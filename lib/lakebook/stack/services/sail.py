"""Sail: a Spark Connect server in a wheel."""

from __future__ import annotations

import sys
import uuid

import grpc
import pyarrow as pa

from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

_CATALOG = "lake"


def _launch(site: Site) -> Launch:
    storage, catalog = site.others["storage"], site.others["catalog"]
    entry = {
        "name": _CATALOG,
        "type": "iceberg-rest",
        "uri": catalog.url,
        "warehouse": catalog.values["warehouse"],
        **({"bearer_access_token": token} if (token := catalog.secrets.get("engine_token")) else {}),
    }
    written = ", ".join(f'{key}="{value}"' for key, value in entry.items())
    return Launch(
        (sys.executable, "-m", "pysail", "spark", "server", "--ip", LOOPBACK, "--port", str(site.port)),
        {
            "SAIL_CATALOG__LIST": f"[{{{written}}}]",
            "AWS_ENDPOINT": storage.url,
            "AWS_ENDPOINT_URL": storage.url,
            "AWS_ACCESS_KEY_ID": storage.secrets["engine_key"],
            "AWS_SECRET_ACCESS_KEY": storage.secrets["engine_secret"],
            "AWS_REGION": storage.values["region"],
            "AWS_ALLOW_HTTP": "true",
            "AWS_VIRTUAL_HOSTED_STYLE_REQUEST": "false",
        },
    )


def _version(site: Site) -> str | None:
    """Ask the server for its version over the Spark Connect protocol itself: a session costs a second of imports."""
    from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc, relations_pb2  # noqa: PLC0415 - slow to import

    relation = relations_pb2.Relation(sql=relations_pb2.SQL(query="SELECT version()"))
    request = base_pb2.ExecutePlanRequest(session_id=str(uuid.uuid4()), plan=base_pb2.Plan(root=relation))
    with grpc.insecure_channel(f"{LOOPBACK}:{site.port}") as channel:
        try:
            stub = base_pb2_grpc.SparkConnectServiceStub(channel)
            answers = list(stub.ExecutePlan(request, timeout=TIMEOUTS.service_probe))
        except grpc.RpcError:
            return None
    batches = [answer.arrow_batch.data for answer in answers if answer.HasField("arrow_batch")]
    return str(pa.ipc.open_stream(batches[0]).read_all().column(0)[0].as_py()) if batches else None


def _publish(site: Site) -> Endpoint:
    return Endpoint(f"sc://{LOOPBACK}:{site.port}", {"catalog": _CATALOG})


SERVICE = Service(
    kind="sail",
    sentence="a Spark Connect server in a wheel; it reads with a key of its own, for it takes no vended credentials",
    needs=("storage", "catalog"),
    launch=_launch,
    version=_version,
    publish=_publish,
)
