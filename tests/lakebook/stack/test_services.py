"""Each service by itself, where its parts are on this machine: ready, of use, named when it fails, and gone."""

from __future__ import annotations

import base64
import os
import socket
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import psutil
import psycopg
import pytest
import stores
import workbook
from botocore.exceptions import ClientError
from pyarrow import fs

from lakebook import poll, s3
from lakebook.errors import ServiceError
from lakebook.stack import database, database_names, object_store, ports, services, warehouse
from lakebook.stack.service import Site
from lakebook.timeouts import TIMEOUTS

BESIDE_PYTHON = ("minio", "radosgw", "postgres", "redis", "azurite", "fake_gcs")


@pytest.fixture(scope="module", params=stores.here(*BESIDE_PYTHON))
def service(request, tmp_path_factory):
    with stores.running(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="module", params=stores.here(*stores.STORES))
def store(request, tmp_path_factory):
    with stores.running(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest.fixture(scope="module")
def postgres(tmp_path_factory):
    with stores.running("postgres", tmp_path_factory.mktemp("postgres")) as running:
        yield running


def test_a_ready_service_states_its_version_and_listens_on_loopback_alone(service):
    assert service.version[0].isalnum()
    children = psutil.Process(service.process.pid).children(recursive=True)
    listening = {one.laddr.ip for child in children for one in child.net_connections("tcp") if one.status == "LISTEN"}
    assert ports.LOOPBACK in listening
    assert listening <= {ports.LOOPBACK, "::1"}


@pytest.mark.parametrize("kind", stores.here(*BESIDE_PYTHON))
def test_a_service_whose_port_is_taken_fails_by_name(kind, tmp_path):
    place = stores.site(kind, tmp_path)
    with socket.create_server((ports.LOOPBACK, place.port)), pytest.raises(ServiceError, match=f"{kind} ended with"):
        stores.start(place, tmp_path)


@pytest.mark.parametrize("kind", stores.here(*BESIDE_PYTHON))
def test_a_service_one_process_of_which_is_killed_ends_by_name_and_leaves_none(kind, tmp_path):
    with stores.running(kind, tmp_path) as running:
        family = psutil.Process(running.process.pid).children(recursive=True)
        next(one for one in family if not one.children()).kill()
        if kind != "postgres":  # which ends the sessions, recovers, and goes on
            poll.until(lambda: not running.process.alive(), what="its end", deadline_seconds=20)
            with pytest.raises(ServiceError, match=f"{kind} ended with status"):
                running.require_alive()
    assert not psutil.wait_procs(family, timeout=10)[1]


def test_each_user_of_a_store_reaches_its_bucket_and_no_other(store):
    for user, own in object_store.USERS.items():
        client = s3.client("s3", store.endpoint.url, stores.keys(store, user))
        for bucket in object_store.BUCKETS:
            where = {"Bucket": bucket, "Key": f"{user}.txt"}
            if bucket == own:
                client.put_object(**where, Body=b"x")
                assert client.get_object(**where)["Body"].read() == b"x"
            else:
                with pytest.raises(ClientError, match="AccessDenied"):
                    client.put_object(**where, Body=b"x")


def test_the_admin_of_a_store_reads_and_removes_what_others_wrote(store):
    admin, engine = (s3.client("s3", store.endpoint.url, stores.keys(store, user)) for user in ("admin", "engine"))
    where = {"Bucket": object_store.WAREHOUSE_BUCKET, "Key": "of-the-engine.txt"}
    engine.put_object(**where, Body=b"x")
    assert admin.get_object(**where)["Body"].read() == b"x"
    s3.remove(admin, f"s3://{where['Bucket']}/{where['Key']}")
    with pytest.raises(ClientError, match="NoSuchKey"):
        engine.get_object(**where)


def beside(postgres, name):
    """Where another service would run that keeps its state in this PostgreSQL."""
    folder = postgres.site.folder.parent / name
    return replace(postgres.site, folder=folder, others={"database": postgres.endpoint})


def query(url, statement):
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        found = connection.execute(statement)
        return found.fetchall() if found.description else []


def test_two_processes_of_a_kind_have_a_database_each_and_one_finds_its_own_again(postgres):
    first, second = (database.url(beside(postgres, name)) for name in ("tinylake_catalog", "tinylake_catalog-1a2b"))
    query(first, "CREATE TABLE t (n int)")
    assert query(second, "SELECT count(*) FROM pg_tables WHERE tablename = 't'") == [(0,)]
    assert database.url(beside(postgres, "tinylake_catalog")) == first
    assert query(first, "SELECT count(*) FROM t") == [(0,)]


def test_a_long_name_keeps_its_end_which_differs():
    folder = workbook.ROOT / ("a-very-long-name-of-a-profile" * 3) / "tinylake_catalog-1a2b"
    name = database_names.of_service(folder)
    assert len(name) <= 63
    assert name.endswith("_tinylake_catalog_1a2b")
    assert name.startswith(database_names.of_stack(folder.parent))


def test_a_server_that_goes_on_keeps_no_database_of_a_stack_that_has_ended(postgres, tmp_path):
    theirs = database.url(beside(postgres, "theirs"))
    given = {"address": postgres.endpoint.url, "password": postgres.endpoint.secrets["password"]}
    by_address = stores.start(stores.site("postgres", tmp_path / "stack-1", **given), tmp_path)
    ours = database.url(beside(by_address, "ours"))
    with closing(psycopg.connect(ours.replace("+psycopg", ""))):  # one that did not end in time
        by_address.stop()
    left = [name for (name,) in query(theirs, "SELECT datname FROM pg_database")]
    assert theirs.rpartition("/")[2] in left
    assert ours.rpartition("/")[2] not in left


def test_without_a_database_in_the_profile_state_is_a_file(tmp_path):
    assert database.url(Site(tmp_path, 0, {}, {}, {})) == f"sqlite:///{tmp_path}/state.db"


def test_what_postgres_committed_survives_kill_9(tmp_path):
    place = stores.site("postgres", tmp_path)
    running = stores.start(place, tmp_path)
    try:
        url = database.url(beside(running, "catalog"))
        query(url, "CREATE TABLE t AS SELECT 7 AS n")
        running.kill()
        running = stores.start(place, tmp_path)
        assert query(url, "SELECT n FROM t") == [(7,)]
    finally:
        running.stop()


@pytest.mark.parametrize("kind", stores.here("redis"))
def test_redis_asks_for_its_password(kind, tmp_path):
    with stores.running(kind, tmp_path) as running:
        values, password = running.endpoint.values, running.endpoint.secrets["password"]
        with socket.create_connection((values["host"], int(values["port"])), timeout=5) as connection:
            answers = connection.makefile("r", encoding="utf-8")
            for sent, expected in (("PING", "-NOAUTH"), (f"AUTH {password}", "+OK"), ("PING", "+PONG")):
                connection.sendall(f"{sent}\r\n".encode())
                assert answers.readline().startswith(expected)


@pytest.mark.parametrize("kind", stores.here("azurite"))
def test_azurite_keeps_blobs_for_who_has_the_accounts_key_alone(kind, tmp_path):
    with stores.running(kind, tmp_path) as running:
        told = {**warehouse.properties(running.endpoint), **warehouse.own_key(running.endpoint)}
        account, key = told["adls.account-name"], told["adls.account-key"]
        address = running.endpoint.url.removeprefix("http://")
        where = {"blob_storage_authority": address, "dfs_storage_authority": address}
        where |= {"blob_storage_scheme": "http", "dfs_storage_scheme": "http"}
        blobs = fs.AzureFileSystem(account, account_key=key, **where)
        place = f"{object_store.WAREHOUSE_BUCKET}/a.txt"
        with blobs.open_output_stream(place) as out:
            out.write(b"x")
        assert blobs.open_input_stream(place).read() == b"x"
        wrong = base64.b64encode(b"not the key").decode()
        other = fs.AzureFileSystem(account, account_key=wrong, **where)
        with pytest.raises(OSError, match="403"):
            other.open_input_stream(place).read()


@pytest.mark.parametrize("kind", stores.here("fake_gcs"))
def test_fake_gcs_keeps_objects_for_who_has_the_owners_token_alone(kind, tmp_path):
    with stores.running(kind, tmp_path) as running:
        token, never = warehouse.own_key(running.endpoint)["gcs.oauth2.token"], datetime(2100, 1, 1, tzinfo=UTC)
        where = {"scheme": "http", "endpoint_override": running.endpoint.url.removeprefix("http://")}
        objects = fs.GcsFileSystem(access_token=token, credential_token_expiration=never, **where)
        place = f"{object_store.WAREHOUSE_BUCKET}/a.txt"
        with objects.open_output_stream(place) as out:
            out.write(b"x")
        assert objects.open_input_stream(place).read() == b"x"
        for other in ({"anonymous": True}, {"access_token": "x", "credential_token_expiration": never}):
            with pytest.raises(OSError, match=r"UNAUTHENTICATED|401"):
                fs.GcsFileSystem(**other, **where).open_input_stream(place).read()


def test_a_part_that_is_absent_is_named_with_the_command_that_brings_it(tmp_path):
    book = workbook.make(tmp_path / "book")
    try:
        done = book.lakebook("up", "--profile", "minio", LAKEBOOK_CACHE=str(tmp_path / "empty"))
        assert done.returncode == 1
        assert "minio is not on this machine" in done.stderr
        assert "lakebook install --profile NAME" in done.stderr
        assert "go install github.com/minio/minio@" in done.stderr
        book.nothing_left()
    finally:
        book.end()


def on_the_path(binary):
    """Variables with which a binary is found on the PATH, and none where parts are kept."""
    return {"LAKEBOOK_CACHE": str(binary.parent / "empty"), "PATH": f"{binary.parent}:{os.environ['PATH']}"}


@pytest.mark.parametrize("kind", stores.here("minio"))
def test_a_build_of_another_version_states_its_own(kind, tmp_path):
    (there,) = services.get(kind).parts
    ours, other = b"-7aac2a2c5b7c\t", b"-0123456789ab\t"  # as the linker put it in
    binary = tmp_path / "bin" / "minio"
    binary.parent.mkdir()
    binary.write_bytes(there.path().read_bytes().replace(ours, other))
    binary.chmod(0o755)
    book = workbook.make(tmp_path / "book")
    try:
        done = book.lakebook("up", "--profile", "minio", **on_the_path(binary))
        assert done.returncode == 0, done.stderr
        assert book.stacks()[0]["services"]["storage"]["version"] == "0123456789ab"
        assert book.lakebook("down").returncode == 0
    finally:
        book.end()


def test_a_binary_that_hangs_is_named_within_the_deadline(tmp_path):
    book = workbook.make(tmp_path / "book")
    binary = tmp_path / "bin" / "minio"
    binary.parent.mkdir()
    binary.write_text("#!/bin/sh\necho waiting for godot\nexec sleep 600\n")
    binary.chmod(0o755)
    try:
        given = on_the_path(binary) | {"LAKEBOOK_TIMEOUT_SERVICE_READY": "4"}
        done = book.lakebook("up", "--profile", "minio", **given)
        assert "minio runs, but does not answer" in done.stderr
        assert "waiting for godot" in done.stderr
        book.nothing_left()
    finally:
        book.end()


def test_every_kind_of_service_has_a_sentence_of_its_own():
    sentences = [services.get(kind).sentence for kind in services.kinds()]
    assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize("kind", stores.here("minio"))
def test_a_store_that_hangs_does_not_keep_a_stack_from_its_end(kind, tmp_path):
    with stores.running(kind, tmp_path) as there:
        admin = stores.keys(there, "admin")
        known = {"address": there.endpoint.url, "admin_key": admin.key_id, "admin_secret": admin.secret}
        used = stores.start(stores.site(kind, tmp_path / "used", **known), tmp_path)
        (server,) = psutil.Process(there.process.pid).children()
        server.suspend()
        began = time.monotonic()
        used.stop()
        assert time.monotonic() - began < 2 * TIMEOUTS.http
        server.resume()


@pytest.mark.parametrize("kind", stores.here("minio", "radosgw"))
def test_a_store_that_was_there_keeps_no_user_that_was_made_for_a_stack(kind, tmp_path):
    with stores.running(kind, tmp_path) as there:
        admin = stores.keys(there, "admin")
        known = {"address": there.endpoint.url, "admin_key": admin.key_id, "admin_secret": admin.secret}
        used = stores.start(stores.site(kind, tmp_path / "used", **known), tmp_path)
        theirs, ours = (s3.client("s3", one.endpoint.url, stores.keys(one, "source")) for one in (there, used))
        for client in (theirs, ours):
            client.list_objects_v2(Bucket=object_store.SOURCE_BUCKET)
        used.stop()
        theirs.list_objects_v2(Bucket=object_store.SOURCE_BUCKET)
        with pytest.raises(ClientError, match=r"InvalidAccessKeyId|AccessDenied"):
            ours.list_objects_v2(Bucket=object_store.SOURCE_BUCKET)
        used.stop()  # what is gone already is no failure of the stack
