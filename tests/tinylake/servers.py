"""Servers for the tests: moto (S3, STS and IAM) and the catalog, in processes that die with the test, on free ports."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import httpx
from botocore.config import Config

from lakebook.stack import ports

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

LIBRARY = Path(__file__).parents[2] / "lib"
READY_SECONDS = 90.0
STOP_SECONDS = 10.0
POLL_SECONDS = 0.02
REGION = "us-east-1"
BUCKET = "lake-bucket"
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}

WRITER, READER, OUTSIDER = "writer-token", "reader-token", "outsider-token"
TOKENS: dict[str, dict[str, Any]] = {
    WRITER: {"principal": "wanda", "grant": "write"},
    READER: {"principal": "rita", "grant": "read"},
    OUTSIDER: {"principal": "otto", "grant": "write", "namespaces": ["elsewhere"]},
}

CLIENT_ID, CLIENT_SECRET = "wanda-job", "wanda-job-secret"
READING_CLIENT_ID, READING_CLIENT_SECRET = "rita-job", "p+q%2F:é-secret"
CLIENTS: dict[str, dict[str, Any]] = {
    CLIENT_ID: {"secret": CLIENT_SECRET, "principal": "wanda", "grant": "write"},
    READING_CLIENT_ID: {"secret": READING_CLIENT_SECRET, "principal": "rita", "grant": "read"},
}

# Holds the read end of a pipe whose write end the test holds: when the test is gone, however it went, the group is.
GUARDIAN = """
import os, signal, subprocess, sys, threading
service = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
signal.signal(signal.SIGTERM, lambda *_: service.terminate())
def end_with_owner():
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)
threading.Thread(target=end_with_owner, daemon=True).start()
sys.exit(service.wait() & 0xFF)
"""


def poll(what: str, ready: Callable[[], Any], *, seconds: float = READY_SECONDS) -> Any:
    """The first truthy value of `ready`; AssertionError with `what` and the last value after `seconds`."""
    deadline = time.monotonic() + seconds
    while not (last := ready()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}; last seen: {last!r}"
        time.sleep(POLL_SECONDS)
    return last


@dataclass(frozen=True, slots=True)
class Server:
    """A process group of its own: a guardian and the service it guards; what it says is in `log`."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        """End the whole group with kill -9, and nothing else; it is gone on return."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """The polite way, and kill -9 for what does not listen."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill()


def launch(command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None) -> Server:
    """Starts `command` behind a guardian; its output is appended to `log`."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-S", "-E", "-c", GUARDIAN, *command],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
        )
    return Server(process, log)


def await_answer(server: Server, url: str) -> httpx.Response:
    """The first answer below 500 from `url`; fails with the server's log when it ended or never answered."""

    def answer() -> httpx.Response | None:
        assert server.process.poll() is None, f"ended before it was ready:\n{server.log.read_text()}"
        try:
            response = httpx.get(url, timeout=2)
        except httpx.TransportError:
            return None
        return response if response.status_code < 500 else None

    return poll(f"answer from {url}, log {server.log}", answer)


@dataclass(frozen=True, slots=True)
class Moto:
    """moto's server with IAM enforced, one bucket, and one service key that may do everything."""

    endpoint: str
    access_key_id: str
    secret_access_key: str = field(repr=False)
    server: Server
    region: str = REGION
    bucket: str = BUCKET

    def client(self, service: str, **keys: Any) -> Any:
        """A boto3 client with the service key, or with other `keys` (aws_access_key_id=, aws_session_token=, ...)."""
        own = {"aws_access_key_id": self.access_key_id, "aws_secret_access_key": self.secret_access_key}
        return aws(self.endpoint, service, **(keys or own))

    def keys(self, prefix: str = "") -> list[str]:
        """The bucket's keys that begin with `prefix`, sorted."""
        pages = self.client("s3").get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return sorted(item["Key"] for page in pages for item in page.get("Contents", []))


def aws(endpoint: str, service: str, **options: Any) -> Any:
    """A boto3 client that looks at no environment, profile or instance for its endpoint and region."""
    options.setdefault("config", Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}))
    return boto3.session.Session(region_name=REGION).client(service, endpoint_url=endpoint, **options)


@contextmanager
def moto(folder: Path, *, bucket: str = BUCKET) -> Iterator[Moto]:
    """A moto server with one bucket; ends with the block."""
    port = ports.free()
    endpoint = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = launch(command, folder / "moto.log", {**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "3"})
    try:
        await_answer(server, f"{endpoint}/moto-api/")
        store = Moto(endpoint, *_service_key(endpoint), server, bucket=bucket)
        store.client("s3").create_bucket(Bucket=bucket)
        yield store
    finally:
        server.stop()


def _service_key(endpoint: str) -> tuple[str, str]:
    """Exactly the three calls that moto lets pass before it enforces."""
    iam = aws(endpoint, "iam", aws_access_key_id="nobody", aws_secret_access_key="nothing")
    iam.create_user(UserName="service")
    iam.put_user_policy(UserName="service", PolicyName="everything", PolicyDocument=json.dumps(EVERYTHING))
    key = iam.create_access_key(UserName="service")["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


@dataclass(frozen=True, slots=True)
class Catalog:
    """One catalog process; several may share a `database`."""

    uri: str
    warehouse: str
    location: str
    database: Path
    server: Server
    environment: Mapping[str, str] = field(repr=False)

    @property
    def routes(self) -> str:
        """The address below which namespaces, tables and so on are."""
        return f"{self.uri}/v1/{self.warehouse}"

    def http(self, token: str | None = WRITER, **headers: str) -> httpx.Client:
        """An HTTP client with `token` whose relative addresses begin at `routes`."""
        bearer = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return httpx.Client(base_url=self.routes, headers={**bearer, **headers}, timeout=60)


def on_moto(store: Moto) -> dict[str, str]:
    """The catalog's settings about its store, where that is moto."""
    return {
        "LOCATION": f"s3://{store.bucket}/warehouse",
        "S3_ENDPOINT": store.endpoint,
        "S3_REGION": store.region,
        "S3_ACCESS_KEY_ID": store.access_key_id,
        "S3_SECRET_ACCESS_KEY": store.secret_access_key,
    }


def catalog_environment(store: Moto | None, database: Path, **settings: str) -> dict[str, str]:
    """The catalog's settings on `store`; `settings` (LOCATION="s3://...", TOKENS="{...}") replace the defaults."""
    values = {
        "DATABASE": f"sqlite:///{database}",
        "WAREHOUSE": "lake",
        **(on_moto(store) if store else {}),
        "TOKENS": json.dumps(TOKENS),
        "CLIENTS": json.dumps(CLIENTS),
        **settings,
    }
    return {f"TINYLAKE_CATALOG_{name}": value for name, value in values.items()}


@contextmanager
def catalog(
    store: Moto | None,
    folder: Path,
    *,
    name: str = "catalog",
    module: str = "tinylake.catalog",
    port: int | None = None,
    **settings: str,
) -> Iterator[Catalog]:
    """A catalog on `store`, or on what `settings` name, with its database in `folder`; ends with the block.

    A second one in the same `folder` with another `name` shares the database. `module` is what `python -m` starts, and
    `settings` are those of `catalog_environment`.
    """
    values = catalog_environment(store, folder / "catalog.db", **settings)
    port = port or ports.free()
    command = [sys.executable, "-m", module, "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(LIBRARY), **values}
    server = launch(command, folder / f"{name}.log", environment)
    uri = f"http://127.0.0.1:{port}"
    try:
        await_answer(server, f"{uri}/health")
        warehouse, location = values["TINYLAKE_CATALOG_WAREHOUSE"], values["TINYLAKE_CATALOG_LOCATION"]
        yield Catalog(uri, warehouse, location, folder / "catalog.db", server, environment)
    finally:
        server.stop()
