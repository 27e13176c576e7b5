"""What of a profile is there, what is not and what brings it; and which profiles stand for `all-local`."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest
import workbook

from lakebook import profile

TEMPLATES = [name for name in profile.names() if profile.outline(name).never_executed]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = workbook.make(tmp_path_factory.mktemp("presence") / "book")
    made.profile("broken", "title: nothing else")
    made.notebook("green", *workbook.GREEN)
    yield made
    made.end()


def doctor(book, *arguments, **given):
    done = book.lakebook("doctor", "--json", *arguments, **given)
    return done.returncode, {one["name"]: one for one in json.loads(done.stdout)}


def test_there_are_templates():
    assert {"aws", "polaris", "lakekeeper", "autoloader-by-address"} <= set(TEMPLATES)


@pytest.fixture(scope="module")
def everything(book):
    return doctor(book)


def test_without_a_name_every_profile_is_shown_and_the_default_one_decides(everything):
    status, found = everything
    assert status == 0
    assert set(TEMPLATES) | {"embedded", "broken"} <= found.keys()
    assert found["embedded"]["complete"]
    assert found["embedded"]["local"]
    (line,) = found["broken"]["lines"]
    assert "the profile broken is broken" in line["detail"]


def test_a_template_says_which_variables_are_not_set_and_none_runs_with_all_local(everything):
    _, found = everything
    assert not any(found[name]["local"] and found[name]["complete"] for name in TEMPLATES)
    missing = {line["needs"]: line["todo"] for line in found["polaris"]["lines"] if not line["there"]}
    assert missing == {"the variable POLARIS_CLIENT_SECRET": "export POLARIS_CLIENT_SECRET=..."}
    addresses = [line["detail"] for line in found["polaris"]["lines"] if line["needs"] == "an address"]
    assert addresses == ["http://localhost:9000", "http://localhost:8181/api/catalog"]


def test_a_named_profile_that_lacks_something_is_exit_1_and_a_complete_one_is_0(book):
    assert doctor(book, "--profile", "polaris")[0] == 1
    assert doctor(book, "--profile", "polaris", POLARIS_CLIENT_SECRET="a-secret")[0] == 0


def test_an_address_is_looked_at_only_when_asked_and_one_that_is_none_is_told(book):
    here = {"POLARIS_CLIENT_SECRET": "a-secret", "LAKE_S3_ENDPOINT": "http://127.0.0.1:9", "POLARIS_URI": "localhost"}
    status, found = doctor(book, "--profile", "polaris", **here)
    storage, catalog = found["polaris"]["lines"][:2]
    assert (status, storage["there"], catalog["there"]) == (1, True, False)
    assert "localhost: not http://" in catalog["detail"]
    _, found = doctor(book, "--profile", "polaris", "--reach", **here)
    assert "refused" in found["polaris"]["lines"][0]["detail"]
    said = book.lakebook("doctor", "--profile", "polaris", **here).stdout.splitlines()
    assert "  storage    s3                   ✔ an address: http://127.0.0.1:9; --reach sees whether it answers" in said
    said = book.lakebook("doctor", "--profile", "polaris", "--reach", **here).stdout.splitlines()
    assert "  storage    s3                   ✘ an address: http://127.0.0.1:9: Connection refused" in said


def test_in_the_terminal_each_profile_says_whether_it_is_there_or_why_not_and_what_to_do(book):
    done = book.lakebook("doctor", COLUMNS="80")
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert max(map(len, lines)) <= 80
    assert re.search(r"^embedded +✔ there$", "\n".join(lines), re.MULTILINE)
    (polaris,) = (number for number, line in enumerate(lines) if line.startswith("polaris "))
    assert lines[polaris].endswith("✘ the variable POLARIS_CLIENT_SECRET not set")
    assert lines[polaris + 1] == "export POLARIS_CLIENT_SECRET=..."
    assert "the profile broken is broken" in " ".join(lines)


def test_of_a_profile_that_is_named_every_need_is_a_whole_line_and_so_is_every_command(book):
    done = book.lakebook("doctor", "--profile", "polaris", COLUMNS="80")
    assert "  catalog    rest_catalog         ✘ the variable POLARIS_CLIENT_SECRET: not set" in done.stdout.splitlines()
    assert "  export POLARIS_CLIENT_SECRET=..." in done.stdout.splitlines()


@pytest.fixture(scope="module")
def listed(book):
    done = book.lakebook("list", "profiles")
    assert done.returncode == 0, done.stderr
    assert "cannot be used: the profile broken is broken" in done.stdout
    return done.stdout


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_template_without_its_variables_is_listed_and_refused_by_their_name(book, listed, name):
    unset = profile.outline(name).unset
    if unset:
        done = book.lakebook("run", "--profile", name)
        assert done.returncode == 2
        assert f"the variable {unset[0]} is not set" in done.stderr
    assert re.search(rf"^{name} .*never executed", listed, re.MULTILINE)


def test_all_local_leaves_out_what_needs_an_address_and_says_so(book):
    for name in profile.names():  # one small profile is enough, and nobody downloads anything here
        if name != "embedded" and name not in TEMPLATES:
            (book.home / "parameters" / "profiles" / f"{name}.yaml").unlink()
    process = book.start("run", "--profile", "all-local")
    try:
        out, err = process.communicate(timeout=280)
    finally:
        process.kill()
    assert process.returncode == 0, out + err
    assert [one["name"] for one in book.results()["profiles"]] == ["embedded"]
    assert re.search(r"^  aws +the variable AWS_\w+ not set, and \d more *\n +export AWS_", out, re.MULTILINE)
    assert re.search(r"^  broken +a profile that can be read ", out, re.MULTILINE)
    assert {"aws", "broken"} <= {one["name"] for one in book.results()["absent"]}
    pytest_ = [sys.executable, "-m", "pytest", "--nbmake", "--collect-only", "-p", "no:cacheprovider", "notebooks"]
    collected = subprocess.run(
        [*pytest_, "--profile", "all-local"],
        cwd=book.home,
        env=book.environment(),
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert "green[embedded]" in collected
    assert "green[aws]" not in collected
    assert "absent: aws: " in collected


def test_what_is_absent_is_named_with_its_command_and_what_cannot_be_brought_is_red(book, tmp_path):
    book.profile("on-spark", engine="{service: spark}")
    bare = {"PATH": "/nowhere", "LAKEBOOK_CACHE": str(tmp_path)}
    status, found = doctor(book, "--profile", "on-spark", **bare)
    absent = {line["needs"]: line["todo"] for line in found["on-spark"]["lines"] if not line["there"]}
    assert status == 1
    assert "pyspark==4.1.4" in absent["spark-4.1.4"]
    said = book.lakebook("doctor", "--profile", "on-spark", COLUMNS="80", **bare).stdout.splitlines()
    assert "lakebook install --profile on-spark brings what is absent, by these commands:" in said
    assert any(line.startswith("  uv venv ") and "pyspark==4.1.4" in line for line in said)
    done = book.lakebook("install", "--profile", "on-spark", **bare)
    assert done.returncode == 1
    assert "could not be brought" in done.stderr
    assert book.lakebook("install", **bare).stdout == "everything is there for embedded\n"
