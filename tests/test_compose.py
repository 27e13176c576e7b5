"""compose.yaml is what Docker Compose takes, pins what it starts, and is what the profiles and the code mean."""

from __future__ import annotations

import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import workbook
import yaml

from lakebook import profile
from lakebook.stack import compose, services

ROOT = Path(__file__).parents[1]
FILE = ROOT / "compose.yaml"
SERVICES = yaml.safe_load(FILE.read_text())["services"]
PROFILES = {"storage", "catalogs", "compute", "observability", "full"}
ENDS = {"lakekeeper-migration"}  # it does its work and is done


def config(file, *arguments):
    """Ask Docker Compose itself, whose program comes in a wheel, for the file as it understands it."""
    program = Path(find_spec("compose").submodule_search_locations[0]) / "docker-compose"
    return subprocess.run(
        [program, "--file", file, *arguments, "config"], capture_output=True, text=True, check=False, cwd=ROOT
    )


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_it_is_valid_by_the_compose_specification(profile):
    done = config(FILE, "--profile", profile)
    assert done.returncode == 0, done.stderr
    started = yaml.safe_load(done.stdout)["services"]
    assert started.keys() == {name for name, one in SERVICES.items() if profile in one["profiles"]}
    assert {need for one in started.values() for need in one.get("depends_on", {})} <= started.keys()


def test_one_that_is_not_valid_is_refused(tmp_path):
    (tmp_path / "compose.yaml").write_text(FILE.read_text().replace("healthcheck:", "healthcheque:", 1))
    done = config(tmp_path / "compose.yaml", "--profile", "full")
    assert done.returncode != 0
    assert "healthcheque" in done.stderr


def test_every_service_is_there_with_a_pinned_image_and_a_health_check():
    for name in (
        *("object-store", "nessie", "iceberg-rest-fixture", "polaris", "lakekeeper", "pangolin", "spark"),
        *("postgres", "mongo", "redis", "jaeger", "marquez"),
    ):
        assert name in SERVICES
    for name, service in SERVICES.items():
        assert re.fullmatch(r"[\w./-]+:v?(RELEASE\.)?\d[\w.-]*", service["image"]), name
        assert "healthcheck" in service or name in ENDS, name
        assert set(service["profiles"]) <= PROFILES
        assert "full" in service["profiles"]


def test_ports_are_published_on_the_loopback_and_each_once():
    ports = [port for service in SERVICES.values() for port in service.get("ports", ())]
    assert all(port.startswith("127.0.0.1:") for port in ports)
    assert len({port.split(":")[1] for port in ports}) == len(ports) == len(compose.published())


def test_versions_are_those_of_the_code():
    code = "\n".join(file.read_text() for file in (ROOT / "lib" / "lakebook" / "stack" / "services").glob("*.py"))
    spark = SERVICES["spark"]
    assert f"pyspark=={spark['image'].split(':')[1].split('-')[0]}" in code
    jars = [jar for word in spark["command"] for jar in word.split(",") if jar.startswith("org.apache.iceberg:")]
    assert len(jars) == 2
    assert all(jar in code for jar in jars)
    fixture = ROOT / "lib" / "lakebook" / "stack" / "services" / "iceberg_rest_fixture.xml"
    (brought,) = {*re.findall(r"<groupId>org.apache.iceberg</groupId>.*<version>(.*)</version>", fixture.read_text())}
    assert SERVICES["iceberg-rest-fixture"]["image"].split(":")[1] == brought
    assert f'_VERSION = "{brought}"' in fixture.with_suffix(".py").read_text()  # of the folder of its jars
    assert SERVICES["object-store"]["image"] == "minio/minio:RELEASE.2025-09-07T16-13-09Z"  # the last prebuilt one


STORE = ["object-store", "buckets"]
BY_ADDRESS = (
    ("polaris", "", [*STORE, "polaris"]),
    ("lakekeeper", "", [*STORE, "lakekeeper"]),
    ("nessie-memory", "http://localhost:19120", ["nessie"]),
    ("rest-fixture", "http://localhost:8183", ["iceberg-rest-fixture"]),
    ("pangolin-memory", "http://localhost:8080", ["pangolin"]),
    ("autoloader-by-address", "http://localhost:19120/iceberg", [*STORE, "nessie", "spark"]),
    ("autoloader-by-address", "http://localhost:8183", [*STORE, "iceberg-rest-fixture", "spark"]),
    ("spark-connect-by-address", "", ["spark"]),
    ("nessie-mongodb", "", ["mongo"]),
    ("trino-by-address", "", [*STORE, "polaris"]),  # and not Pangolin, whose port is that of Trino too
    ("embedded", "http://localhost:9000", []),  # which is a store's
)


@pytest.mark.parametrize(("name", "catalog", "expected"), BY_ADDRESS)
def test_the_containers_of_a_profile_listen_where_it_says_and_are_what_it_says(name, catalog, expected, monkeypatch):
    for secret in ("POLARIS_CLIENT_SECRET", "LAKEKEEPER_CLIENT_SECRET", "LAKEKEEPER_TOKEN_URI"):
        monkeypatch.setenv(secret, "any")
    monkeypatch.setenv("LAKE_CATALOG_URI", "http://localhost:8181")
    if catalog:
        monkeypatch.setenv("LAKEBOOK__CATALOG__ADDRESS", catalog)
    assert compose.wanted(profile.load(name)) == expected


def test_a_label_names_kinds_that_there_are_and_whatever_publishes_a_port_for_a_profile_has_one():
    labelled = {
        name: service["labels"]["lakebook.is"].split() for name, service in SERVICES.items() if "labels" in service
    }
    assert {kind for found in labelled.values() for kind in found} <= {*services.kinds()}
    assert {name for name, one in SERVICES.items() if "ports" in one} - labelled.keys() == {"jaeger", "marquez"}


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    (made.home / "compose.yaml").write_text(FILE.read_text())
    yield made
    made.end()


DOCKER = """#!/bin/sh
echo "$@" >> "$ASKED"
echo "Cannot connect to the Docker daemon" >&2
exit 1
"""


def test_the_containers_of_a_profile_are_started_and_a_docker_that_cannot_says_so(book, tmp_path):
    program, asked = tmp_path / "bin" / "docker", tmp_path / "asked"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    given = {"POLARIS_CLIENT_SECRET": "a-secret", "PATH": f"{program.parent}:/usr/bin:/bin", "ASKED": str(asked)}
    done = book.lakebook("up", "--profile", "polaris", "--with", "compose", **given)
    assert done.returncode == 1
    assert "Cannot connect to the Docker daemon" in done.stderr
    assert "docker compose version" in done.stderr
    assert asked.read_text().split()[-6:] == ["up", "--detach", "--wait", "object-store", "buckets", "polaris"]
    assert book.lakebook("down", "--profile", "polaris", "--with", "compose", **given).returncode == 1
    assert asked.read_text().split()[-6:] == ["rm", "--stop", "--force", "object-store", "buckets", "polaris"]
    assert book.lakebook("down", "--with", "compose", **given).returncode == 1
    assert asked.read_text().split()[-1] == "down"


HANGS = """#!/bin/sh
sleep 600 &
echo $! > "$ASKED"
wait
"""


def test_a_docker_that_hangs_is_given_up_with_all_that_it_started(book, tmp_path):
    program, asked = tmp_path / "bin" / "docker", tmp_path / "asked"
    program.parent.mkdir()
    program.write_text(HANGS)
    program.chmod(0o755)
    given = {"POLARIS_CLIENT_SECRET": "a-secret", "PATH": f"{program.parent}:/usr/bin:/bin", "ASKED": str(asked)}
    done = book.lakebook("up", "--profile", "polaris", "--with", "compose", LAKEBOOK_TIMEOUT_CONTAINERS="1", **given)
    assert done.returncode == 1
    assert "docker compose hangs" in done.stderr
    assert "no end within 1 s" in done.stderr
    book.nothing_left()


def test_without_docker_the_error_says_what_to_do(book, tmp_path):
    given = {"POLARIS_CLIENT_SECRET": "a-secret", "PATH": str(tmp_path)}
    done = book.lakebook("up", "--profile", "polaris", "--with", "compose", **given)
    assert done.returncode == 1
    assert "docker is not on this machine" in done.stderr
    assert "give their addresses in the profile" in done.stderr


def test_a_profile_that_has_nothing_in_containers_is_told(book):
    done = book.lakebook("up", "--with", "compose")
    assert done.returncode == 2
    assert "no service of the profile embedded is in compose.yaml" in done.stderr
