"""What a Spark session must be told of a profile's catalog and storage; other sessions do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook import login

if TYPE_CHECKING:
    from lakebook.stack.service import Endpoint

NAME = "lake"
_OWN = f"spark.sql.catalog.{NAME}"
_SECRET = ("token", "credential", "rest.access-key-id", "rest.secret-access-key", "rest.session-token")


def told(catalog: Endpoint, storage: Endpoint) -> tuple[dict[str, str], dict[str, str]]:
    """Return the session's configuration: what may be shown, and the secrets.

    Nothing is kept of a table between two queries: what others write is to be seen at once. Spark reads and writes
    with the storage's engine key: rows are verified with it, and vending is judged by clients that have no other key.
    """
    logged_in = login.of(catalog.values, catalog.secrets, "engine").spark()
    values = {
        "type": "rest",
        "uri": catalog.url,
        "warehouse": catalog.values["warehouse"],
        **({"prefix": prefix} if (prefix := catalog.values.get("untold_prefix")) else {}),
        "cache-enabled": "false",
        "rest-metrics-reporting-enabled": "false",
        "header.X-Iceberg-Access-Delegation": "",
        "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        "s3.endpoint": storage.url,
        "s3.path-style-access": str(storage.values.get("addressing", "path") == "path").lower(),
        "client.region": storage.values["region"],
        **{name: value for name, value in logged_in.items() if name not in _SECRET},
    }
    secrets = {
        "s3.access-key-id": storage.secrets["engine_key"],
        "s3.secret-access-key": storage.secrets["engine_secret"],
        **{name: value for name, value in logged_in.items() if name in _SECRET},
    }
    shown = {f"{_OWN}.{name}": value for name, value in values.items()}
    return {_OWN: "org.apache.iceberg.spark.SparkCatalog", **shown}, {f"{_OWN}.{n}": v for n, v in secrets.items()}
