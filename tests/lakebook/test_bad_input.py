"""Wrong usage, broken files and a machine that refuses: one clear message, the exit status, nothing half-written."""

from __future__ import annotations

import socket
import subprocess
from contextlib import closing

import pytest
import workbook
import yaml

from lakebook.run import scenario


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    made.notebook("green", *workbook.GREEN, parameters="files = 1")
    yield made
    made.end()


EVERY = ("expected", "got", "next")


def refused(book, *arguments, status=2, says, heads=EVERY, **environment):
    """Run the command; it must refuse with one message that says all this, and leave nothing behind."""
    done = book.lakebook(*arguments, **environment)
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    lines = done.stderr.splitlines()
    shown = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    assert [shown.count(head) for head in heads] == [1] * len(heads), done.stderr
    for text in says:
        assert text in done.stderr
    assert not list(book.state.glob("runs/*"))
    assert not list(book.home.rglob("*.partial"))
    book.nothing_left(seconds=5)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--profile", "embeded"], ["no profile embeded", "did you mean embedded?"]),
        (["-w", "od"], ["no workflow od", "did you mean odd?"]),
        (["gren"], ["no scenario gren", "did you mean green?"]),
        (["ods"], ["no scenario ods", "did you mean the workflow, -w odd?"]),
        (["odds"], ["no scenario odds", "did you mean the workflow, -w odd?"]),
        (["odd"], ["no scenario odd", "did you mean the workflow, -w odd?"]),
        (["zzz"], ["no scenario zzz", "lakebook list scenarios"]),
        (["-r", "WR-01"], ["no scenario decides WR-01 yet", "lakebook list requirements"]),
        (["-r", "ING-99"], ["no requirement ING-99"]),
        (["-p", "fils=3"], ["no parameter fils", "did you mean files?"]),
        (["-p", "unheard=3"], ["no parameter unheard"]),
        (["-p", "profile=x"], ["no parameter profile"]),
        (["-p", "files"], ["name=value", "-p files"]),
        (["-p", "files=[1"], ["parameter files cannot be read"]),
        (["-f", "huge"], ["no size huge", "quick"]),
        (["-f", "nowhere/huge.yaml"], ["no size nowhere/huge.yaml"]),
    ],
)
def test_a_wrong_name_is_refused_with_the_right_ones(book, arguments, says):
    refused(book, "run", *arguments, says=says)


def test_a_name_that_is_near_another_is_not_buried_under_all_of_them_and_each_stands_once(book):
    book.notebook("other", *workbook.GREEN)
    said = {name: book.lakebook("run", name).stderr for name in ("gren", "zzz")}
    assert "other" not in said["gren"]
    assert "expected green or other\n" in said["zzz"]


def test_a_requirement_without_a_scenario_is_marked_where_they_are_listed(book):
    lines = dict(line.split(maxsplit=1) for line in book.lakebook("list", "requirements").stdout.splitlines())
    unmarked = [name for name, says in lines.items() if not says.endswith("(no scenario yet)")]
    assert unmarked == ["ING-01"]


def test_help_says_what_down_does_with_containers(book):
    assert "Stop containers of compose.yaml too." in book.lakebook("down", "--help").stdout


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_wrong_number_of_jobs_is_wrong_usage(book, jobs):
    done = book.lakebook("run", "-j", jobs)
    assert done.returncode == 2
    assert "Invalid value for '-j'" in done.stderr
    assert not book.state.exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("title: x: y", ["broken.yaml is not valid YAML", "line 1"]),
        ("- 1", ["broken.yaml is not a profile"]),
        ("title: x\nstorage: {service: moto}\n", ["the profile broken is broken", "catalog"]),
        ("title: x\nstorage: {}\n", ["storage.service"]),
        ("title: \xff", ["broken.yaml"]),
    ],
)
def test_a_broken_profile_is_refused(book, text, says):
    (book.home / "parameters" / "profiles" / "broken.yaml").write_bytes(text.encode("latin-1"))
    refused(book, "run", "--profile", "embedded", "--profile", "broken", says=says)


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ({"engine": "{service: snail}"}, ["no service snail", "did you mean sail?"]),
        ({"storage": "{service: moto, colour: red}"}, ["setting that moto does not have", "colour"]),
        ({"catalog": "{service: tinylake_catalog, credential_seconds: long}"}, ["credential_seconds", "whole number"]),
        ({"catalog": "{service: tinylake_catalog, module: 5}"}, ["catalog.module", "a text"]),
        ({"catalog": '{service: tinylake_catalog, module: "${NOWHERE_SET}"}'}, ["NOWHERE_SET is not set"]),
        ({"catalog": "{service: tinylake_catalog, port: 70000}"}, ["no port 70000"]),
        ({"catalog": "{service: tinylake_catalog, port: here}"}, ["catalog.port", "whole number"]),
    ],
)
@pytest.mark.parametrize("command", ["run", "up"])
def test_a_wrong_setting_is_refused(book, roles, says, command):
    book.profile("wrong", **roles)
    refused(book, command, "--profile", "wrong", says=says)


STORE = "service: s3, address: 'http://127.0.0.1:9', access_key_id: k, secret_access_key: s"
REST = "service: rest_catalog, address: 'http://127.0.0.1:9'"


@pytest.mark.parametrize(
    ("roles", "says"),
    [
        ({"storage": f"{{{STORE}, source_bucket: s}}"}, ["does not say storage.warehouse_bucket"]),
        ({"storage": f"{{{STORE}, warehouse_bucket: ''}}"}, ["storage.warehouse_bucket and storage.source_bucket"]),
        ({"storage": "{service: s3, address: 'http://127.0.0.1:9'}"}, ["LAKEBOOK__STORAGE__ACCESS_KEY_ID=..."]),
        ({"catalog": f"{{{REST}, login: oauth2, client_secret: s}}"}, ["does not say catalog.client_id"]),
        ({"catalog": f"{{{REST}, login: bearer}}"}, ["does not say catalog.token"]),
        ({"catalog": f"{{{REST}, login: oauth}}"}, ["there is no login oauth", "did you mean oauth2?"]),
        ({"catalog": f"{{{REST}, login: magic}}"}, ["none or bearer or oauth2 or sigv4", "mend catalog.login"]),
    ],
)
@pytest.mark.parametrize("command", ["run", "up", "doctor"])
def test_a_setting_that_is_missing_or_none_of_a_few_is_refused_before_anything_starts(book, roles, says, command):
    book.profile("wrong", **roles)
    refused(book, command, "--profile", "wrong", says=[*says, "wrong.yaml"])


@pytest.mark.parametrize("text", ["title: x\nstorage: {service: moto}\n", "title: x: y"])
def test_a_profile_that_doctor_is_asked_about_and_cannot_read_is_one_message(book, text):
    (book.home / "parameters" / "profiles" / "broken.yaml").write_text(text)
    refused(book, "doctor", "--profile", "broken", says=["broken.yaml"])
    refused(book, "doctor", "--profile", "nowhere", says=["no profile nowhere"])
    done = book.lakebook("doctor")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_fixed_port_that_is_busy_is_refused(book):
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        book.profile("fixed", catalog=f"{{service: tinylake_catalog, port: {port}}}")
        for command in ("run", "up"):
            refused(book, command, "--profile", "fixed", says=[f"port {port}", "tinylake_catalog", "busy"])


def test_an_unset_or_empty_choice_is_refused(book):
    refused(book, "run", LAKEBOOK_PROFILES=",", says=["no profile is named"])
    refused(book, "run", LAKEBOOK_TIMEOUT_CELL="soon", says=["LAKEBOOK_TIMEOUT_CELL"])
    refused(book, "run", LAKEBOOK_TIMEOUT_LUNCH="5", says=["no time-out LAKEBOOK_TIMEOUT_LUNCH"])
    refused(book, "run", LAKEBOOK_HOME="/nowhere", says=["not a Lakebook workbook"])
    refused(book, "down", "--profile", "embeded", says=["no profile embeded"])


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}'])
def test_a_file_that_is_no_notebook_is_refused(book, text):
    (book.home / "notebooks" / "odd" / "torn.ipynb").write_text(text)
    refused(book, "run", "green", says=["torn.ipynb"])


@pytest.mark.parametrize("parameters", ["files = open('x')", "files ="])
def test_parameters_that_are_no_plain_values_are_refused(book, parameters):
    book.notebook("computed", "1", parameters=parameters)
    refused(book, "run", "green", says=["parameters of computed.ipynb cannot be read"])


@pytest.mark.parametrize("text", ["", "odd: [", "odd: {ING-01: {say: x}}"])
def test_broken_requirements_are_refused(book, text):
    (book.home / "notebooks" / "requirements.yaml").write_text(text)
    refused(book, "run", says=["requirements.yaml"])


@pytest.mark.parametrize("text", ["files: [", "3"])
def test_a_broken_size_is_refused(book, text):
    (book.home / "parameters" / "sizes" / "broken.yaml").write_text(text)
    refused(book, "run", "-f", "broken", says=["broken.yaml"])


@pytest.mark.parametrize(("name", "says"), [("fils", "did you mean files?"), ("profile", "next")])
def test_a_size_with_a_parameter_that_no_scenario_has_is_refused(book, name, says):
    (book.home / "parameters" / "sizes" / "odd.yaml").write_text(f"files: 2\n{name}: 5\n")
    refused(book, "run", "-f", "odd", says=[f"there is no parameter {name}", "parameters/sizes/odd.yaml", says])


def test_quick_runs_in_a_workbook_that_keeps_a_few_of_our_notebooks(book):
    done = book.lakebook("run", "--quick")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_size_of_quick_names_parameters_of_our_notebooks_only():
    ours = {name for one in scenario.every() for name in one.parameters}
    assert set(yaml.safe_load((workbook.ROOT / "parameters" / "sizes" / "quick.yaml").read_text())) <= ours


def test_keep_is_refused_where_nothing_could_stay(book):
    refused(book, "run", "--keep", says=["--keep has no stack of embedded", "lakebook up --profile embedded"])


@pytest.mark.parametrize("command", ["run", "up", "status", "clean"])
def test_a_state_folder_that_cannot_be_made_is_one_message(book, command):
    book.state.write_text("in the way")
    refused(book, command, status=1, says=[".lakebook cannot be written"])
    assert book.state.read_text() == "in the way"


@pytest.fixture
def mounted(book):
    """Mount something as `.lakebook`; skip where the machine does not let us."""
    book.state.mkdir(mode=0o700)

    def mount(options):
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "none", book.state], capture_output=True, text=True, check=False
        )
        if done.returncode:
            pytest.skip(f"this machine lets us mount nothing: {done.stderr.strip()}")

    yield mount
    subprocess.run(["umount", "-l", book.state], capture_output=True, check=False)


@pytest.mark.parametrize("command", ["run", "up"])
def test_no_write_permission_is_one_message(book, mounted, command):
    mounted("size=2m,ro")
    refused(book, command, status=1, says=["cannot be written", "Read-only file system"])


@pytest.mark.parametrize("pages", [3, 40])
def test_a_full_disk_is_told_and_leaves_nothing_half_written(book, mounted, pages):
    mounted(f"size={pages * 4}k")
    done = book.lakebook("run")
    shown = done.stdout + done.stderr
    assert done.returncode == 1, shown
    assert "Traceback" not in done.stderr
    assert done.stderr.count("cannot be written") <= 1
    assert "No space left" in shown or "no space is left" in shown
    assert not list(book.state.rglob("*.partial"))
    book.nothing_left(seconds=5)
