"""The Spark loader where no Spark is needed: what it is told of types, and what it refuses. The rest: profile spark."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyiceberg.schema import Schema
from pyiceberg.types import (
    BinaryType,
    DecimalType,
    ListType,
    LongType,
    NestedField,
    StringType,
    StructType,
    TimestampType,
)

from tinylake.autoloader import clusters
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.schema import spark_types
from tinylake.autoloader.settings import Settings

SETTINGS = Settings("sqlite://", "http://catalog", "lake", store={"s3.endpoint": "http://store"})
BESIDE_SPARK = replace(SETTINGS, spark_url="sc://127.0.0.1:15002")


def test_a_schema_is_told_to_spark_with_every_name_quoted_and_every_type_by_its_own_name():
    part = StructType(NestedField(5, "a`b", StringType()), NestedField(6, "n", TimestampType()))
    schema = Schema(
        NestedField(1, "id", LongType()),
        NestedField(2, "price", DecimalType(38, 10)),
        NestedField(3, "tags", ListType(7, BinaryType())),
        NestedField(4, "part of it", part),
    )
    assert spark_types.ddl(schema) == (
        "`id` BIGINT, `price` DECIMAL(38, 10), `tags` ARRAY<BINARY>, "
        "`part of it` STRUCT<`a``b`: STRING, `n`: TIMESTAMP_NTZ>"
    )


def test_a_service_that_knows_a_spark_server_offers_it_beside_itself():
    assert [cluster.id for cluster in clusters.known(SETTINGS)] == ["local"]
    assert [cluster.id for cluster in clusters.known(BESIDE_SPARK)] == ["local", "spark"]
    assert clusters.loader_of("spark", BESIDE_SPARK) is not clusters.loader_of("local", BESIDE_SPARK)


def test_without_one_spark_is_an_unknown_cluster_and_those_that_are_known_are_named():
    with pytest.raises(Failure, match="cluster_id 'spark' is unknown; known: local") as refused:
        clusters.loader_of("spark", SETTINGS)
    assert refused.value.error_type == ErrorType.UNKNOWN_CLUSTER
