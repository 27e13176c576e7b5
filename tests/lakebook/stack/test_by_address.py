"""A backend of one's own, all of it used by its address: what a scenario would have to break is not applicable."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
import workbook

from lakebook import poll
from lakebook.faults import answer
from lakebook.faults.match import Match
from lakebook.faults.proxy import Proxy
from lakebook.stack import ports

PROFILE = """
title: all of it is there already
storage:
  service: s3
  address: ${OWN_S3}
  access_key_id: ${OWN_KEY}
  secret_access_key: ${OWN_SECRET}
  source_access_key_id: ${OWN_SOURCE_KEY}
  source_secret_access_key: ${OWN_SOURCE_SECRET}
  warehouse_bucket: lakebook-warehouse
  source_bucket: lakebook-sources
catalog:
  service: rest_catalog
  address: ${OWN_CATALOG}
  login: bearer
  token: ${OWN_TOKEN}
  warehouse: lake
  principals: {reader: "${OWN_READER}", expired: "${OWN_EXPIRED}", alice: "${OWN_ALICE}", bob: "${OWN_BOB}"}
  can: >-
    vends, sts, read_grants, refresh_credentials, auth, principals, durable, views, nested_namespaces,
    multi_table_commit, remote_signing
engine: {service: spark_connect, address: "${OWN_ENGINE}", catalog: lake}
ingestion: {service: autoloader, address: "${OWN_INGESTION}"}
"""
NEEDS_ITS_OWN = {"ING-14", "ING-15", "REF-11", "VEND-08", "VEND-09", "CAT-06"}


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = workbook.make(tmp_path_factory.mktemp("address") / "book", notebooks=True)
    done = ended(made.start("up"))
    assert done.returncode == 0, done.stdout + done.stderr
    made.profile("own", PROFILE)
    yield made
    made.lakebook("down")
    made.end()


def variables(book):
    """What a user would export: the addresses and keys of a lakehouse that runs."""
    storage, catalog, engine, ingestion = (
        book.stacks()[0]["services"][role] for role in ("storage", "catalog", "engine", "ingestion")
    )
    return {
        "OWN_S3": storage["url"],
        "OWN_KEY": storage["secrets"]["admin_key"],
        "OWN_SECRET": storage["secrets"]["admin_secret"],
        "OWN_SOURCE_KEY": storage["secrets"]["source_key"],
        "OWN_SOURCE_SECRET": storage["secrets"]["source_secret"],
        "OWN_CATALOG": catalog["url"],
        "OWN_ENGINE": engine["url"],
        "OWN_INGESTION": ingestion["url"],
        "OWN_TOKEN": catalog["secrets"]["writer_token"],
        **{
            f"OWN_{name.upper()}": catalog["secrets"][f"{name}_token"] for name in ("reader", "expired", "alice", "bob")
        },
    }


def run(book, *arguments, **given):
    return ended(book.start("run", "--profile", "own", "--quick", *arguments, **given))


def ended(process):
    try:
        out, err = process.communicate(timeout=1500)
    finally:
        process.kill()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def newest(book):
    return json.loads(max(book.state.glob("runs/*/results.json")).read_text())


@pytest.mark.slow
@pytest.mark.timeout(1600)
def test_every_scenario_ends_green_and_only_what_needs_a_service_of_its_own_is_not_applicable(book):
    done = run(book, "-j", "2", **variables(book))
    results = newest(book)
    assert done.returncode == 0, done.stdout + done.stderr
    absent = {
        check["requirement"]: check["reason"]
        for one in results["results"]
        for check in one["checks"]
        if check["verdict"] == "not_applicable"
    }
    assert absent.keys() >= NEEDS_ITS_OWN
    assert all("used by its address" in absent[one] for one in NEEDS_ITS_OWN)
    kinds = {one["kind"] for one in results["profiles"][0]["services"]}
    assert kinds == {"s3", "rest_catalog", "spark_connect", "autoloader"}


def test_an_address_where_nobody_answers_is_red_by_name(book):
    done = run(
        book,
        "refresh/refused",
        **{**variables(book), "OWN_INGESTION": "http://127.0.0.1:9"},
        LAKEBOOK_TIMEOUT_SERVICE_ANSWER="1",
    )
    assert done.returncode == 1
    assert "autoloader does not answer" in done.stdout
    assert "127.0.0.1:9" in done.stdout
    assert "Connection refused" in done.stdout


def test_a_bucket_that_is_not_there_is_named(book):
    given = variables(book) | {"LAKEBOOK__STORAGE__SOURCE_BUCKET": "no-such-bucket"}
    done = run(book, "refresh/refused", **given)
    assert done.returncode == 1
    assert "the object store refuses the bucket no-such-bucket" in done.stdout


def test_a_capability_that_nobody_needs_is_refused(book):
    done = run(book, "refresh/refused", **variables(book), LAKEBOOK__CATALOG__CAN="vends, flies")
    assert done.returncode == 2
    assert "flies" in done.stderr


def test_what_was_not_declared_of_the_catalog_is_not_applicable_and_says_what_to_add(book):
    done = run(book, "-r", "VEND-14", **variables(book), LAKEBOOK__CATALOG__CAN="vends, sts, auth")
    assert done.returncode == 0, done.stdout + done.stderr
    reasons = {one["reason"] for result in newest(book)["results"] for one in result["checks"]}
    missing = "add it to catalog.can, and alice and bob to catalog.principals, if the catalog does it"
    assert reasons == {f"principals: not declared: {missing}"}


@contextmanager
def web_server(folder):
    """A plain web server, which knows no catalog and says so in HTML."""
    command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", "--directory", str(folder)]
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        poll.until(lambda: not ports.refusal(url), what="the server", deadline_seconds=20)
        yield url
    finally:
        process.kill()
        process.wait()


def test_what_is_no_catalog_is_told_in_one_line_and_its_address_is_to_be_mended(book, tmp_path):
    with web_server(tmp_path) as url:
        done = run(book, "refresh/refused", **{**variables(book), "OWN_CATALOG": url})
    assert done.returncode == 1
    assert "what answers there is no Iceberg REST catalog" in done.stdout
    assert re.search(r"got +404 text/html;charset=utf-8: <!DOCTYPE HTML> <html", done.stdout)
    assert "mend catalog.address in the profile" in done.stdout
    assert "catalog.login" not in done.stdout


def test_a_token_that_the_catalog_does_not_know_is_a_refusal(book):
    done = run(book, "refresh/refused", **{**variables(book), "OWN_TOKEN": "a-wrong-token"})
    assert done.returncode == 1
    assert "the catalog refuses its client" in done.stdout
    assert "look at catalog.login" in done.stdout


@pytest.fixture
def store_alone(book):
    """The store at an address where there is neither STS nor IAM, as Amazon's S3 has neither."""
    front = Proxy(variables(book)["OWN_S3"])
    front.inject(answer(Match("POST", "^/$"), 405, reached=False, times=1000))
    yield front
    front.stop()


def test_a_session_is_tried_at_the_addresses_of_sts_and_iam_where_the_store_has_them_elsewhere(book, store_alone):
    given = variables(book)
    elsewhere = {f"LAKEBOOK__STORAGE__{api}_ADDRESS": given["OWN_S3"] for api in ("STS", "IAM")}
    done = run(book, "-r", "VEND-18", **{**given, "OWN_S3": store_alone.url}, **elsewhere)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {check["verdict"] for check in decided(book, "VEND-18")} == {"pass"}
    assert not any(one.path == "/" for one in store_alone.exchanges)


def test_a_store_that_gives_nobody_a_session_says_so_in_its_profile(book, store_alone):
    given = {**variables(book), "OWN_S3": store_alone.url, "LAKEBOOK__STORAGE__CANNOT": "assumes_roles"}
    done = run(book, "-r", "VEND-18", **given)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {check["reason"] for check in decided(book, "VEND-18")} == {
        "assumes_roles: the profile says so, in storage.cannot"
    }


def decided(book, requirement):
    return [one for result in newest(book)["results"] for one in result["checks"] if one["requirement"] == requirement]


@pytest.fixture
def visitor(tmp_path):
    """A workbook of somebody who knows no more of that lakehouse than its addresses and keys."""
    made = workbook.make(tmp_path / "visitor")
    made.profile("own", PROFILE)
    made.notebook(
        "red",
        "import lakebook\nfrom lakebook.data import events\nlake = lakebook.connect(profile)",
        'lake.source.put(events(1, 5))\nlake.create("orders", events(1, 5).files[0].rows)',
        'lake.check("ING-01", got=1, expected=2)',
        "lake.finish()",
    )
    yield made
    made.end()


def test_what_a_red_scenario_left_by_address_is_removed_by_clean_with_the_profiles_name(book, visitor):
    given = variables(book)
    assert run(visitor, **given).returncode == 1
    assert visitor.lakebook("clean", **given).stdout == "nothing was left behind\n"
    done = visitor.lakebook("clean", "--profile", "own", **given)
    assert re.fullmatch(r"removed own: lakebook_red_\d+_[0-9a-f]{6}\n", done.stdout), done.stdout + done.stderr
    assert visitor.lakebook("clean", "--profile", "own", **given).stdout == "nothing was left behind\n"
    visitor.nothing_left()


def test_a_catalogs_keys_are_judged_by_its_address_and_a_login_for_each_principal(book):
    given = variables(book)
    named = {
        "LAKE_S3_ENDPOINT": given["OWN_S3"],
        "LAKE_S3_ACCESS_KEY_ID": given["OWN_KEY"],
        "LAKE_S3_SECRET_ACCESS_KEY": given["OWN_SECRET"],
        "LAKE_WAREHOUSE_BUCKET": "lakebook-warehouse",
        "LAKE_SOURCE_BUCKET": "lakebook-sources",
        "LAKE_CATALOG_URI": given["OWN_CATALOG"],
        "LAKE_CATALOG_TOKEN": given["OWN_TOKEN"],
    }
    done = by_template(book, "-r", "VEND-15", **named, LAKE_CATALOG_CAN="vends, sts, remote_signing")
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(book) == {"VEND-10"}
    more = "read_grants, principals, auth"
    others = {
        f"LAKE_CATALOG_{name.upper()}": given[f"OWN_{name.upper()}"] for name in ("reader", "alice", "bob", "expired")
    }
    done = by_template(
        book, "-w", "credential_vending", **named, **others, LAKE_CATALOG_CAN=f"vends, sts, remote_signing, {more}"
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed(book) >= {f"VEND-{number}" for number in ("05", "06", "07", "13", "14", "15", "18")}


def by_template(book, *chosen, **given):
    return ended(book.start("run", "--profile", "rest-by-address", *chosen, "--quick", **given))


def passed(book):
    """The requirements of which every check of the newest run passed."""
    checks = [one for result in newest(book)["results"] for one in result["checks"]]
    return {one["requirement"] for one in checks} - {one["requirement"] for one in checks if one["verdict"] != "pass"}
