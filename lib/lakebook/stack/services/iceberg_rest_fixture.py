"""The REST catalog that the Iceberg project tests itself with, on SQLite: the nearest to a reference there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from lakebook import web
from lakebook.stack import java, object_store, part
from lakebook.stack.service import Endpoint, Launch, Service, Site
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION = "1.11.0"  # the newest whose fixture Maven brings
_SCRIPT = Path(__file__).parents[1] / "loopback_fixture.py"
_PYTHON = part.environment("jpype1-1.7.1", "jpype1==1.7.1", module="jpype")
_JARS = part.jars(f"iceberg-rest-fixture-{_VERSION}", Path(__file__).with_suffix(".xml"))


def _launch(site: Site) -> Launch:
    python = _PYTHON.path().parents[3] / "bin" / "python"
    jvm = java.home() / "lib" / "server" / "libjvm.so"
    options = java.options(int(site.settings["heap_megabytes"]), properties={"java.io.tmpdir": site.folder})
    return Launch(
        (str(python), str(_SCRIPT), str(jvm), f"{_JARS.path()}/*", str(site.port), *options),
        {
            **object_store.environment(site.others["storage"].values),
            "REST_FIXTURE_PROPERTIES": json.dumps(_properties(site)),
        },
    )


def _properties(site: Site) -> Mapping[str, str]:
    storage = site.others["storage"]
    return {
        "catalog-impl": "org.apache.iceberg.jdbc.JdbcCatalog",
        "uri": f"jdbc:sqlite:{site.folder / 'catalog.db'}?journal_mode=WAL",
        "jdbc.schema-version": "V1",
        "jdbc.strict-mode": "true",  # else a table makes the namespace that it is put into
        "warehouse": _warehouse(site),
        "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "s3.endpoint": storage.url,
        "s3.path-style-access": "true",
        "s3.access-key-id": storage.secrets["catalog_key"],
        "s3.secret-access-key": storage.secrets["catalog_secret"],
        "client.region": storage.values["region"],
        "include-credentials": str(site.settings["include_credentials"]),
    }


def _warehouse(site: Site) -> str:
    return f"s3://{site.others['storage'].values['warehouse_bucket']}/warehouse"


def _version(site: Site) -> str | None:
    """Return the version that was started; one that is there already does not state its own."""
    try:
        answer = web.get(f"{site.url}/v1/config", timeout=TIMEOUTS.service_probe)
    except httpx.TransportError:
        return None
    return ("not stated" if site.address else _VERSION) if answer.is_success else None


def _publish(site: Site) -> Endpoint:
    keys = "vended" if _hands_out(site.settings) else "own"
    return Endpoint(site.url, {"warehouse": _warehouse(site), "prefix": "", "credentials": keys})


def _hands_out(settings: Mapping[str, Any]) -> bool:
    return str(settings["include_credentials"]).lower() == "true"


def _lacks_with(settings: Mapping[str, Any]) -> Mapping[str, str]:
    return {} if _hands_out(settings) else {"vends": "the fixture vends nothing, unless told to hand out its key"}


SERVICE = Service(
    kind="iceberg_rest_fixture",
    sentence="the Iceberg project's own REST catalog for tests, on SQLite; no login",
    needs=("storage",),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"include_credentials": "false", "heap_megabytes": 512},
    parts=(java.JAVA, _PYTHON, _JARS),
    has=frozenset({"vends", "views", "durable", "nested_namespaces"}),
    lacks={
        "sts": "the fixture has no other key than its own, and narrows none",
        "expiry": "the fixture's own key does not expire",
        "refresh_credentials": "the fixture has no endpoint for credentials alone",
        "auth": "the fixture asks for no login",
        "principals": "the fixture knows nobody",
        "read_grants": "the fixture knows no grants",
        "multi_table_commit": "the fixture commits table by table, and keeps what came before one that fails",
    },
    lacks_with=_lacks_with,
)
