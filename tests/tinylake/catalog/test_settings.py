"""Settings come from the environment, and what is missing is named."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import servers

from tinylake.catalog import settings

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {
    "TINYLAKE_CATALOG_DATABASE": "sqlite:////nowhere/catalog.db",
    "TINYLAKE_CATALOG_WAREHOUSE": "lake",
    "TINYLAKE_CATALOG_LOCATION": "s3://bucket/prefix",
    "TINYLAKE_CATALOG_S3_ENDPOINT": "http://127.0.0.1:9",
    "TINYLAKE_CATALOG_S3_ACCESS_KEY_ID": "AKIA",
    "TINYLAKE_CATALOG_S3_SECRET_ACCESS_KEY": "hush-hush",
    "TINYLAKE_CATALOG_TOKENS": '{"secret-token": {"principal": "p", "grant": "read"}}',
}

ELSEWHERE = {name: value for name, value in GOOD.items() if "S3" not in name}
STORES = {
    "abfss://house@account.dfs.core.windows.net/lake": {"TINYLAKE_CATALOG_AZURE_ACCOUNT_KEY": "aHVzaC1odXNo"},
    "abfss://house@account.dfs.core.windows.net": {"TINYLAKE_CATALOG_AZURE_ACCOUNT_KEY": "aHVzaC1odXNo"},
    "gs://house/lake": {},
    "gs://house": {},
    "file:///srv/lake": {},
}


def test_a_location_gets_its_slash_and_a_token_its_namespaces() -> None:
    given = settings.from_environment(GOOD)
    assert given.location == "s3://bucket/prefix/"
    assert given.tokens["secret-token"].namespaces == ("*",)
    assert (given.s3_region, given.credential_seconds) == ("us-east-1", 900)
    assert "hush-hush" not in repr(given)
    assert "secret-token" not in repr(given)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_one_is_named(name: str) -> None:
    with pytest.raises(settings.SettingsError, match=name):
        settings.from_environment({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("location", STORES)
def test_another_store_needs_no_setting_of_s3(location: str) -> None:
    given = settings.from_environment({**ELSEWHERE, **STORES[location], "TINYLAKE_CATALOG_LOCATION": location})
    assert given.location == f"{location}/"
    assert given.scheme == location.partition("://")[0]
    assert "aHVzaC1odXNo" not in repr(given)


def test_what_a_store_needs_is_named_alone() -> None:
    location = {"TINYLAKE_CATALOG_LOCATION": "abfss://house@account.dfs.core.windows.net/lake"}
    with pytest.raises(settings.SettingsError, match="TINYLAKE_CATALOG_AZURE_ACCOUNT_KEY") as raised:
        settings.from_environment({**ELSEWHERE, **location})
    assert "S3_" not in str(raised.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LOCATION", "file:/tmp"),
        ("LOCATION", "s3://bucket/*"),
        ("LOCATION", "s3://bucket/../other"),
        ("LOCATION", "file:///"),
        ("LOCATION", "file:///srv/../etc"),
        ("LOCATION", "file://host/srv"),
        ("LOCATION", "gs://b"),
        ("LOCATION", "abfss://account.dfs.core.windows.net/lake"),
        ("LOCATION", "abfss://House@account.dfs.core.windows.net/lake"),
        ("LOCATION", "abfs://house@account.dfs.core.windows.net/lake"),
        ("LOCATION", "hdfs://house/lake"),
        ("AZURE_ENDPOINT", "127.0.0.1:9"),
        ("AZURE_ACCOUNT_KEY", "secret-token!"),
        ("AZURE_SAS", "blob"),
        ("GCS_ENDPOINT", "127.0.0.1:9"),
        ("S3_ENDPOINT", "127.0.0.1:9"),
        ("CREDENTIAL_SECONDS", "soon"),
        ("VENDING", "by_hand"),
        ("TOKENS", "{secret-token"),
        ("CLIENTS", '{"a": {"secret": "secret-token"}}'),
        ("CLIENTS", '{"a:b": {"secret": "secret-token", "principal": "p", "grant": "read"}}'),
        ("CLIENTS", '{"a": {"secret": "short", "principal": "p", "grant": "read"}}'),
        ("TOKEN_SECONDS", "0"),
        ("TOKENS", '{"secret-token": {"principal": "p", "grant": "admin"}}'),
    ],
)
def test_a_wrong_one_is_named_without_its_value(name: str, value: str) -> None:
    with pytest.raises(settings.SettingsError, match=f"TINYLAKE_CATALOG_{name}") as raised:
        settings.from_environment({**GOOD, f"TINYLAKE_CATALOG_{name}": value})
    assert "secret-token" not in str(raised.value)


def test_the_command_ends_with_2_and_one_message(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TINYLAKE_")}
    environment |= {"PYTHONPATH": str(servers.LIBRARY)}
    command = [sys.executable, "-m", "tinylake.catalog", "--port", "1"]
    ended = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "TINYLAKE_CATALOG_DATABASE" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("patterns", "namespace", "seen"),
    [
        (["sales"], ("sales",), True),
        (["sales"], ("sales", "eu"), True),
        (["sales"], ("sales2",), False),
        (["sales.eu"], ("sales",), False),
        (["sales.eu"], ("sales", "eu", "north"), True),
        (["team_*"], ("team_a",), True),
        ([], ("sales",), False),
    ],
)
def test_a_pattern_covers_a_namespace_and_what_lies_in_it(
    patterns: list[str], namespace: tuple[str, ...], seen: bool
) -> None:
    owner = settings.Principal(principal="p", grant="read", namespaces=tuple(patterns))
    assert owner.may_see(namespace) is seen


def test_session_policies_need_a_role_to_narrow() -> None:
    narrowing = {**GOOD, "TINYLAKE_CATALOG_VENDING": "session_policy"}
    with pytest.raises(settings.SettingsError, match="TINYLAKE_CATALOG_ROLE_ARN"):
        settings.from_environment(narrowing)
    given = settings.from_environment({**narrowing, "TINYLAKE_CATALOG_ROLE_ARN": "arn:aws:iam::1:role/lake"})
    assert given.role_arn == "arn:aws:iam::1:role/lake"
