"""The loader that has a Spark Connect server read the files and write their rows.

The service reads each file once as well, for its schema and its mistakes: which file fails, at which line, and what
becomes of the table is decided exactly as by the loader inside the service. What lies in the table is Spark's.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tinylake.autoloader import destination
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.loaders import arrow
from tinylake.autoloader.loaders.staging import FOLDER, Staging
from tinylake.autoloader.schema import spark_types
from tinylake.autoloader.schema.conform import conform
from tinylake.autoloader.schema.iceberg import file_schema
from tinylake.autoloader.secrecy import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pyiceberg.manifest import DataFile
    from pyiceberg.schema import Schema
    from pyiceberg.table import Table
    from pyiceberg.table.metadata import TableMetadata

    from tinylake.autoloader.loaders.arrow import Work
    from tinylake.autoloader.loaders.job import Job, Loaded
    from tinylake.autoloader.schema.evolution import Plan
    from tinylake.autoloader.source import Source
    from tinylake.autoloader.store.files import SourceFile

CATALOG = "staging"
KEYS = ("access-key-id", "secret-access-key", "session-token")
FORMATS = ("json", "parquet", "orc")  # of CSV Spark takes columns by their place, not by their name


def load(job: Job, files: Sequence[SourceFile], announce: Callable[[Loaded], None]) -> Loaded:
    """See `Loader`. Failure where nothing could be loaded at all."""
    if job.format["type"] not in FORMATS:
        message = f"format.type '{job.format['type']}' is not one that Spark is given; supported: {', '.join(FORMATS)}"
        raise Failure(ErrorType.UNSUPPORTED_FORMAT, f"{message}; cluster_id 'local' reads others")
    made: list[Staging] = []

    def write(work: Work, table: Table, plan: Plan, metadata: TableMetadata) -> list[DataFile]:
        made.append(Staging(table, arrow.new_stem(work)))
        return _written(work, made[-1], plan, metadata)

    try:
        return arrow.load_with(write, job, files, announce)
    finally:
        for staging in made:
            destination.remove_folder(staging.table, staging.location)


def _written(work: Work, staging: Staging, plan: Plan, metadata: TableMetadata) -> list[DataFile]:
    """Have Spark write the rows of the plan's files. FileRefusedError where a file's values do not fit."""
    _require_fitting(work, plan, metadata.schema())
    arrow.noting(work)([f"{staging.data}/", f"{staging.location}/"])
    staging.create(metadata)
    with _session(work.job, staging) as session:
        reader = session.read.schema(spark_types.ddl(metadata.schema())).options(**_options(work.job))
        rows = reader.format(work.job.format["type"]).load(list(plan.accepted))
        rows.writeTo(f"{CATALOG}.{FOLDER}.`{staging.name}`").append()
    return staging.data_files(arrow.rows_of(work, plan))


def _require_fitting(work: Work, plan: Plan, schema: Schema) -> None:
    wanted = file_schema(schema)
    for path in plan.accepted:
        for batch in work.spool.batches(work.read.files[path].places):
            try:
                conform(batch, wanted)
            except Failure as failure:
                raise arrow.FileRefusedError(path, failure) from failure


@contextmanager
def _session(job: Job, staging: Staging) -> Iterator[Any]:
    """A session that may read the source and write beside the destination; Failure says what Spark answered."""
    from pyspark.errors import PySparkException  # noqa: PLC0415 - slow to import
    from pyspark.sql import SparkSession  # noqa: PLC0415

    address = job.settings.spark_url
    try:
        session = SparkSession.builder.remote(address).create()
        try:
            for name, value in (_reading(job.source) | _writing(staging)).items():
                session.conf.set(name, value)
            yield session
        finally:
            session.stop()
    except PySparkException as error:
        said = str(error).split("\n\nJVM stacktrace")[0][:1000]
        raise Failure(ErrorType.INTERNAL, redact(f"Spark at {address} failed: {said}")) from error


def _options(job: Job) -> dict[str, str]:
    multiline = bool((job.format.get("options") or {}).get("multiline"))
    return {"mode": "FAILFAST", "multiLine": str(multiline).lower()} if job.format["type"] == "json" else {}


def _reading(source: Source) -> dict[str, str]:
    given = source.credentials
    keys = [str(given.get(f"aws_{name}") or "") for name in ("access_key_id", "secret_access_key", "session_token")]
    return {
        "spark.sql.caseSensitive": "true",
        "fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "fs.s3.impl.disable.cache": "true",  # one file system a session: keys differ
        **_store(source.bucket, source.client.meta.endpoint_url, given.get("region") or "us-east-1", *keys),
    }


def _writing(staging: Staging) -> dict[str, str]:
    """Iceberg's file-based catalog in the destination's metadata folder, with the keys that the service itself has."""
    given: Mapping[str, str] = staging.table.io.properties
    own = f"spark.sql.catalog.{CATALOG}"
    keys = {
        name: str(given.get(f"s3.{name}") or "") for name in ("access-key-id", "secret-access-key", "session-token")
    }
    region = str(given.get("s3.region") or given.get("client.region") or "us-east-1")
    bucket = urlsplit(staging.warehouse).netloc
    store = _store(bucket, str(given["s3.endpoint"]), region, *keys.values())
    hadoop = {**store, "fs.s3a.performance.flags": "*"}  # no look at folders above, which may be forbidden
    return {
        own: "org.apache.iceberg.spark.SparkCatalog",
        f"{own}.type": "hadoop",
        f"{own}.warehouse": staging.warehouse,
        f"{own}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{own}.s3.endpoint": str(given["s3.endpoint"]),
        f"{own}.s3.path-style-access": "true",
        f"{own}.client.region": region,
        **{f"{own}.s3.{name}": value for name, value in keys.items() if value},
        **{f"{own}.hadoop.{name}": value for name, value in hadoop.items()},
    }


def _store(bucket: str, endpoint: str, region: str, key: str, secret: str, token: str) -> dict[str, str]:
    """How Hadoop's S3 client reaches a bucket."""
    kind = "Temporary" if token else "Simple"
    settings = {
        "endpoint": endpoint,
        "endpoint.region": region,
        "path.style.access": "true",
        "connection.request.timeout": "0",  # with one, each client starts threads, which outlive it
        "connection.ssl.enabled": str(endpoint.startswith("https")).lower(),
        "aws.credentials.provider": f"org.apache.hadoop.fs.s3a.{kind}AWSCredentialsProvider",
        "access.key": key,
        "secret.key": secret,
        **({"session.token": token} if token else {}),
    }
    return {f"fs.s3a.bucket.{bucket}.{name}": value for name, value in settings.items()}
