"""Apache Spark, as a Spark Connect server: one for all stacks of a run, each session told of its own catalog.

It reads and writes with the storage's engine key, not with what the catalog vends: rows are verified with it, and a
defect of vending must not hide them, nor be hidden by them. Vending is judged by clients that have no other key.
"""

from __future__ import annotations

from lakebook.stack import java, part, spark_catalog, spark_connect
from lakebook.stack.ports import LOOPBACK
from lakebook.stack.service import Endpoint, Launch, Service, Site

_SPARK = part.environment("spark-4.1.4", "pyspark==4.1.4", module="pyspark")
_JARS = (
    part.jar("org.apache.iceberg:iceberg-spark-runtime-4.1_2.13:1.12.0"),
    part.jar("org.apache.iceberg:iceberg-aws-bundle:1.12.0"),
    part.jar("org.apache.hadoop:hadoop-aws:3.4.2"),  # this and the next two: files of sources, by s3a
    part.jar("software.amazon.awssdk:s3-transfer-manager:2.54.17"),
    part.jar("software.amazon.awssdk:apache-client:2.54.17"),
)
_CHECKSUMS = {"AWS_REQUEST_CHECKSUM_CALCULATION": "when_required"}  # older stores refuse an upload with others
# What Spark reaches into, as its own start script lists it (JavaModuleOptions).
_OPENED = (
    *(f"java.base/java.{name}" for name in ("lang", "lang.invoke", "lang.reflect", "io", "net", "nio", "util")),
    *("java.base/java.util.concurrent", "java.base/java.util.concurrent.atomic", "java.base/jdk.internal.ref"),
    *(f"java.base/sun.{name}" for name in ("nio.ch", "nio.cs", "security.action", "util.calendar")),
)


def _launch(site: Site) -> Launch:
    """Start the JVM directly: Spark's own script asks for a module that this Java lacks."""
    spark = _SPARK.path()
    properties = {
        "java.io.tmpdir": site.folder,
        "io.netty.tryReflectionSetAccessible": "true",
        "spark.master": "local[2]",
        "spark.app.name": "lakebook",
        "spark.connect.grpc.binding.address": LOOPBACK,
        "spark.connect.grpc.binding.port": site.port,
        "spark.driver.host": LOOPBACK,
        "spark.driver.bindAddress": LOOPBACK,
        "spark.local.dir": site.folder,
        "spark.ui.enabled": "false",
        "spark.log.level": "WARN",
        "spark.default.parallelism": "2",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.session.timeZone": "UTC",
        # Else parts of a query run in threads that all sessions share, where one may be interrupted for another.
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.autoBroadcastJoinThreshold": "-1",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": site.folder / "warehouse",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    }
    opened = [f"--add-opens={name}=ALL-UNNAMED" for name in _OPENED]
    command = java.command(int(site.settings["heap_megabytes"]), "-Xss4m", *opened, properties=properties)
    classes = java.class_path(spark / "conf", spark / "jars" / "*", jars=_JARS)
    return Launch(
        (*command, "-cp", classes, "org.apache.spark.sql.connect.service.SparkConnectServer"),
        {"SPARK_HOME": str(spark), "SPARK_LOCAL_IP": LOOPBACK, "SPARK_LOCAL_HOSTNAME": "localhost", **_CHECKSUMS},
    )


def _version(site: Site) -> str | None:
    return spark_connect.spark_version(site.url)


def _publish(site: Site) -> Endpoint:
    """Return what a session must be told of this stack's catalog and storage; other sessions do not see it."""
    values, secrets = spark_catalog.told(site.others["catalog"], site.others["storage"])
    return Endpoint(spark_connect.address(site.url), {"catalog": spark_catalog.NAME, **values}, secrets)


SERVICE = Service(
    kind="spark",
    sentence="Apache Spark as a Spark Connect server on one JVM, which serves all stacks of a run",
    needs=("storage", "catalog"),
    launch=_launch,
    version=_version,
    publish=_publish,
    settings={"heap_megabytes": 1024},
    parts=(java.JAVA, _SPARK, *_JARS),
    shared=True,
)
