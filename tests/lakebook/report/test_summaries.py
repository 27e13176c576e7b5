"""What CI reads of a run: summary.md and junit.xml say what the index says, and hold to their formats."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from lakebook import secret
from lakebook.report import write
from lakebook.report.markdown import code, text
from lakebook.verdict import Check, Verdict

from . import sample_run as sample

if TYPE_CHECKING:
    from pathlib import Path

ANSI = "\x1b[31mred\x1b[0m\x00\x08\ud800 end"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("summaries")
    odd = Check("ING-04", Verdict.FAIL, "a | b `c` *d*", ANSI, where="<x>", todo="look", cell="rows")
    write.index(sample.run(sample.result(), sample.bad(), sample.result("minio", "odd", odd, sample.PASSED)), made)
    return made


@pytest.fixture(scope="module")
def summary(folder: Path) -> str:
    return (folder / "summary.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def suites(folder: Path) -> list[ET.Element]:
    root = ET.fromstring((folder / "junit.xml").read_bytes())
    assert root.tag == "testsuites"
    return list(root)


def test_the_summary_has_the_matrix(summary: str) -> None:
    assert "| scenario | embedded | minio | nessie-postgres |" in summary
    assert "| ingestion / **bad** | ✘ fail 12.3 s: ING-04, ING-06 | not run | not run |" in summary


def test_the_summary_says_of_each_red_what_was_expected_what_came_and_what_to_do_next(summary: str) -> None:
    (part,) = re.findall(r"### ✘ fail ING-04: ingestion/bad on embedded\n(.*?)\n###", summary, re.DOTALL)
    assert "| rows | `3000` | `2998` |" in part
    assert "- **next** look at the run's errors: GET /ingestions/\\{id\\}/runs" in part
    assert "- **where** table events, snapshot 4812" in part
    assert "- **repeat** `lakebook run ingestion/bad --profile embedded -p files=3 -p rows_per_file=1000`" in part
    assert "### ? nessie-postgres did not start" in summary
    assert "### ✘ ingestion/bad on embedded did not come to its end" in summary


def test_the_summary_counts_what_is_excused_with_its_reason(summary: str) -> None:
    assert "| ≈ known failure | 1 | ING-10 | embedded | not yet: the engine asks" in summary
    assert "| – not applicable | 1 | EVO-13 | embedded | format\\_v3: the engine writes format v2 alone |" in summary


def test_the_summary_says_the_versions_and_how_soon_each_service_was_ready(summary: str) -> None:
    services = "moto 5.2.5, 1.2 s | tinylake\\_catalog 0.1.0, 0.9 s | sail 0.7.2, 2.4 s"
    assert f"| embedded | {services} | tinylake\\_autoloader 0.1.0, 1.0 s |" in summary
    assert "pyiceberg 0.12.0" in summary
    assert "commit 96b974b-dirty" in summary


def test_no_value_breaks_a_table_or_becomes_html(summary: str) -> None:
    outside = re.sub(r"```text.*?```", "", summary, flags=re.DOTALL)
    assert not re.search(r"(?<!\\)<", re.sub(r"(`+).*?\1|<br>", "", outside))
    assert r"``a \| b `c` *d*``" in summary
    rows = [line for line in summary.splitlines() if line.startswith("|")]
    columns = [len(re.findall(r"(?<!\\)\|", line)) for line in rows]
    assert set(columns) <= {4, 5, 6}
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", summary)


@pytest.mark.parametrize(
    ("value", "as_text", "as_code"),
    [
        ("plain", "plain", "`plain`"),
        ("a_b*c", r"a\_b\*c", "`a_b*c`"),
        ("a\nb", "a b", "`a b`"),
        ("`", r"\`", "`` ` ``"),
        ("<b>", r"\<b\>", "`<b>`"),
        ("", "", ""),
    ],
)
def test_text_reads_as_it_is(value: str, as_text: str, as_code: str) -> None:
    assert (text(value), code(value)) == (as_text, as_code)


def test_a_large_run_has_a_summary_that_a_ci_job_takes(tmp_path: Path) -> None:
    many = [replace(sample.bad(), scenario=f"bad_{number}") for number in range(600)]
    write.index(sample.run(*many), tmp_path)
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert len(summary.encode()) < 300_000
    assert "more: index.html has them all" in summary


def names(suite: ET.Element) -> list[str]:
    return [case.attrib["name"] for case in suite.iter("testcase")]


def test_junit_has_a_case_for_each_check_and_for_a_scenario_that_broke(suites: list[ET.Element]) -> None:
    good, bad, odd = suites
    assert names(good) == ["ING-03 [embedded]"]
    assert names(bad)[-2:] == ["ING-06 [embedded]", "comes to its end [embedded]"]
    assert {case.attrib["classname"] for case in bad.iter("testcase")} == {"ingestion.bad"}
    counts = {name: int(bad.attrib[name]) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": 6, "failures": 1, "errors": 2, "skipped": 2}
    assert int(odd.attrib["failures"]) == 1


def test_a_failure_says_expected_got_where_and_next(suites: list[ET.Element]) -> None:
    failure = suites[1].find(".//failure")
    assert failure is not None
    for said in ("expected rows: 3000", "got      rows: 2998", "where: table events", "next: look at the run's errors"):
        assert said in str(failure.text)
    assert failure.attrib["message"].startswith("the table holds exactly the uploaded records")


def test_a_suite_says_what_it_ran_on(suites: list[ET.Element]) -> None:
    properties = {one.attrib["name"]: one.attrib["value"] for one in suites[0].iter("property")}
    assert properties["version.engine"] == "sail 0.7.2"
    assert properties["parameter.files"] == "3"
    assert properties["profile"] == "embedded"


def test_cases_of_the_same_requirement_have_names_of_their_own(tmp_path: Path) -> None:
    write.index(sample.run(sample.result("embedded", "twice", sample.PASSED, sample.FAILED, sample.PASSED)), tmp_path)
    suite = ET.fromstring((tmp_path / "junit.xml").read_bytes())[0]
    assert names(suite) == ["ING-03 [embedded]", "ING-04 [embedded]", "ING-03 (2) [embedded]"]


REQUIRED = {
    "testsuite": ("name", "timestamp", "hostname", "tests", "failures", "errors", "time", "package", "id"),
    "testcase": ("name", "classname", "time"),
    "property": ("name", "value"),
    "failure": ("type",),
    "error": ("type",),
}
ALLOWED = {**REQUIRED, "testsuites": (), "properties": (), "skipped": ("message",), "system-out": (), "system-err": ()}
OPTIONAL = {"testsuite": ("skipped",), "failure": ("message",), "error": ("message",)}
CHILDREN = {
    "testsuites": r"(testsuite )*",
    "testsuite": r"properties (testcase )*system-out system-err ",
    "properties": r"(property )*",
    "testcase": r"((skipped|error|failure) )?",
}


def test_junit_is_valid_against_the_strict_schema(folder: Path) -> None:
    """The rules of JUnit.xsd (windyroad/JUnit-Schema), for no validator of schemas is at hand."""
    for element in ET.fromstring((folder / "junit.xml").read_bytes()).iter():
        names = set(element.attrib)
        required = set(REQUIRED.get(element.tag, ()))
        assert required <= names <= required | set(OPTIONAL.get(element.tag, ())) | set(ALLOWED[element.tag])
        assert re.fullmatch(CHILDREN.get(element.tag, ""), "".join(f"{child.tag} " for child in element))
        for name in names & {"name", "classname", "package", "hostname"}:
            assert element.attrib[name] == " ".join(element.attrib[name].split())
            assert element.attrib[name]
        if element.tag == "testsuite":
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", element.attrib["timestamp"])
            assert all(element.attrib[name].isdecimal() for name in ("tests", "failures", "errors", "skipped", "id"))
        if "time" in names:
            assert float(element.attrib["time"]) >= 0


def test_junit_has_no_colour_and_no_control_character(folder: Path) -> None:
    content = (folder / "junit.xml").read_text(encoding="utf-8")
    assert "\x1b" not in content
    assert "[31m" not in content
    assert "red end" in content


def test_a_secret_that_an_escape_would_change_is_masked(tmp_path: Path) -> None:
    hidden = "hunter2_hunter2'<|>"
    secret.remember([hidden])
    write.index(sample.run(sample.result(error=f"refused: {hidden}", verdict=Verdict.UNKNOWN)), tmp_path)
    for name in ("summary.md", "junit.xml", "index.html"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "hunter2" not in content
        assert "refused" in content
