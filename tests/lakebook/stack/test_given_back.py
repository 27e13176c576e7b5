"""A start that fails leaves nothing in services that were there already: no user, no key, no role, no database."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import lakes
import psutil
import psycopg
import pytest
import stores
import workbook
from minio import MinioAdmin
from minio.credentials.providers import StaticProvider

from lakebook import poll, s3
from lakebook.errors import ServiceError
from lakebook.stack import services, stack

if TYPE_CHECKING:
    from lakebook.profile import Profile
    from lakebook.stack.launcher import Running

NOTHING = "no_module_of_that_name"
KILLS = """
import os, psutil
server = psutil.Process(int(os.environ["SERVER"]))
server.kill()
psutil.wait_procs([server], timeout=30)
raise SystemExit("the server is gone")
"""

HANGS = """
import signal
from pathlib import Path
Path("{starts}").touch()
signal.pause()
"""


def users_of_minio(there: Running) -> set[str]:
    address, admin = there.endpoint.url.removeprefix("http://"), stores.keys(there, "admin")
    api = MinioAdmin(endpoint=address, credentials=StaticProvider(admin.key_id, admin.secret), secure=False)
    return {*json.loads(api.user_list())}


def roles_of_radosgw(there: Running) -> set[str]:
    iam = s3.client("iam", there.endpoint.url, stores.keys(there, "admin"))
    return {one["RoleName"] for one in iam.list_roles()["Roles"]}


def databases(there: Running) -> set[str]:
    values, password = there.endpoint.values, there.endpoint.secrets["password"]
    told = {"host": values["host"], "port": values["port"], "user": values["user"], "password": password}
    with psycopg.connect(dbname="postgres", **told) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


KEPT = {"minio": users_of_minio, "radosgw": roles_of_radosgw, "postgres": databases}


def by_address(there: Running) -> dict[str, dict[str, str]]:
    """The role that uses a server by its address, with the login of its administrator."""
    kind, secrets = there.service.kind, there.endpoint.secrets
    given = {"service": kind, "address": there.endpoint.url}
    if kind == "postgres":
        return {"database": {**given, "password": secrets["password"]}}
    return {"storage": {**given, "admin_key": secrets["admin_key"], "admin_secret": secrets["admin_secret"]}}


def that_fails(there: Running) -> Profile:
    return lakes.changed(**by_address(there), catalog={"service": "tinylake_catalog", "module": NOTHING})


@pytest.mark.parametrize("kind", stores.here(*KEPT))
def test_a_server_keeps_nothing_of_a_stack_that_did_not_start(kind, tmp_path):
    with stores.running(kind, tmp_path) as there:
        before = KEPT[kind](there)
        with pytest.raises(ServiceError, match="tinylake_catalog ended with") as told:
            stack.start(that_fails(there), keep_logs=tmp_path / "logs")
        assert NOTHING in str(told.value)
        assert KEPT[kind](there) == before


@pytest.mark.parametrize("kind", stores.here("postgres"))
def test_a_server_keeps_nothing_of_a_start_that_is_interrupted(kind, tmp_path):
    book = workbook.make(tmp_path / "book")
    starts = book.home / "starts"
    book.notebook("green", *workbook.GREEN)
    book.module("hangs", HANGS.format(starts=starts))
    try:
        with stores.running(kind, tmp_path) as there:
            before = KEPT[kind](there)
            ((role, given),) = by_address(there).items()
            hangs = "{service: tinylake_catalog, module: hangs}"
            book.profile("waits", **{role: json.dumps(given)}, catalog=hangs)
            process = book.start("run", "--profile", "waits")
            seconds = workbook.ENOUGH_SECONDS
            poll.until(starts.exists, what="the catalog to start", deadline_seconds=seconds)
            assert KEPT[kind](there) > before
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=seconds)
            assert process.returncode == 130
            assert KEPT[kind](there) == before
            book.nothing_left()
    finally:
        book.end()


@pytest.mark.parametrize("kind", stores.here("minio"))
def test_a_server_that_is_gone_meanwhile_does_not_hide_why_the_start_failed(kind, tmp_path):
    book = workbook.make(tmp_path / "book")
    book.module("kills", KILLS)
    try:
        with stores.running(kind, tmp_path) as there:
            ((role, given),) = by_address(there).items()
            dies = "{service: tinylake_catalog, module: kills}"
            book.profile("loses", **{role: json.dumps(given)}, catalog=dies)
            (server,) = psutil.Process(there.process.pid).children()
            done = book.lakebook("up", "--profile", "loses", SERVER=str(server.pid))
            assert done.returncode == 1
            assert "tinylake_catalog ended with status 1" in done.stderr
            assert "the server is gone" in done.stderr
            book.nothing_left()
    finally:
        book.end()


def test_every_kind_that_retracts_is_tried_here():
    assert {kind for kind in services.kinds() if services.get(kind).retract} == KEPT.keys()
