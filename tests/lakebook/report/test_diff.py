"""Two runs compared: what got worse is found, said first, and makes the exit status."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import workbook
from typer.testing import CliRunner

from lakebook import project
from lakebook.cli import app
from lakebook.errors import ConfigurationError
from lakebook.report import diff, diff_page
from lakebook.report.diff import WHOLE, Kind
from lakebook.run import results
from lakebook.verdict import Check, Verdict

from . import sample_run as sample

GREEN = Check("ING-03", Verdict.PASS)
RED = Check("ING-03", Verdict.FAIL, 1, 2, todo="look at the files")
OPEN = Check("ING-03", Verdict.UNKNOWN, reason="it raised")
KNOWN = Check("ING-03", Verdict.KNOWN_FAILURE, reason="not yet")
ABSENT = Check("ING-03", Verdict.NOT_APPLICABLE, reason="no vending")
OTHER = Check("ING-04", Verdict.PASS)


def run(*checks: Check, **more):
    return sample.run(sample.result("embedded", "basic", *checks, **more))


def kinds(before, after):
    return [(one.requirement, one.kind) for one in diff.compare(before, after).changes]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (GREEN, RED, Kind.WORSE),
        (GREEN, OPEN, Kind.WORSE),
        (GREEN, KNOWN, Kind.WORSE),
        (GREEN, ABSENT, Kind.WORSE),
        (ABSENT, KNOWN, Kind.WORSE),
        (KNOWN, RED, Kind.WORSE),
        (RED, OPEN, Kind.CHANGED),
        (OPEN, RED, Kind.CHANGED),
        (RED, GREEN, Kind.BETTER),
        (KNOWN, GREEN, Kind.BETTER),
        (ABSENT, GREEN, Kind.BETTER),
    ],
    ids=lambda one: getattr(one, "verdict", one),
)
def test_a_verdict_that_changed_is_worse_better_or_red_in_another_way(before, after, kind):
    assert kinds(run(before), run(after)) == [("ING-03", kind)]


def test_the_worst_of_several_checks_counts():
    assert kinds(run(GREEN, GREEN), run(GREEN, RED)) == [("ING-03", Kind.WORSE)]
    assert kinds(run(RED, OPEN), run(OPEN, RED)) == []


def test_the_same_run_has_no_change():
    assert diff.compare(sample.run(sample.bad()), sample.run(sample.bad())) == diff.Diff([], [], [], [])


def test_a_new_requirement_appeared_and_is_worse_only_where_it_is_red():
    assert kinds(run(OTHER), run(OTHER, GREEN)) == [("ING-03", Kind.APPEARED)]
    assert kinds(run(OTHER), run(OTHER, RED)) == [("ING-03", Kind.WORSE)]


def test_a_requirement_that_a_scenario_no_longer_decides_is_worse():
    assert kinds(run(OTHER, GREEN), run(OTHER)) == [("ING-03", Kind.WORSE)]
    assert kinds(run(OTHER, RED), run(OTHER)) == [("ING-03", Kind.VANISHED)]


def test_a_scenario_that_was_not_run_has_vanished_and_is_not_worse():
    two = sample.run(sample.result(), sample.result("minio"))
    assert kinds(two, sample.run(sample.result())) == [(WHOLE, Kind.VANISHED)]


def test_a_new_scenario_appeared_with_its_reds_as_worse():
    before, after = sample.run(sample.result()), sample.run(sample.result(), sample.bad())
    assert kinds(before, after) == [
        (WHOLE, Kind.WORSE),
        ("ING-04", Kind.WORSE),
        ("ING-06", Kind.WORSE),
        (WHOLE, Kind.APPEARED),
    ]


def test_a_scenario_that_no_longer_comes_to_its_end_is_worse_though_its_checks_pass():
    found = diff.compare(run(GREEN), run(GREEN, error="the kernel died\nmore", verdict=Verdict.UNKNOWN))
    assert [(one.requirement, one.kind, one.note) for one in found.changes] == [(WHOLE, Kind.WORSE, "the kernel died")]


def test_worse_comes_first_and_says_what_to_do_next():
    before = sample.run(sample.result("embedded", "a", RED), sample.result("embedded", "b", GREEN))
    after = sample.run(sample.result("embedded", "a", GREEN), sample.result("embedded", "b", RED))
    found = diff.compare(before, after)
    assert [one.kind for one in found.changes] == [Kind.WORSE, Kind.BETTER]
    assert found.changes[0].note == "look at the files"
    assert (found.worse, found.exit_status) == (1, 1)
    assert diff.compare(after, after).exit_status == 0


def test_versions_capabilities_and_parameters_that_changed_are_told():
    before, after = run(GREEN), run(GREEN, parameters={"profile": "embedded", "files": 5, "rows_per_file": 1_000})
    services = [{**one, "version": "9.9"} for one in after.profiles[0].services]
    profile = replace(after.profiles[0], services=services, capabilities=["format_v3"], lacks={})
    environment = {**after.environment, "packages": {"pyiceberg": "0.13.0"}}
    after = replace(after, profiles=[profile, *after.profiles[1:]], environment=environment)
    found = diff.compare(before, after)
    told = {one.what: (one.before, one.after) for one in [*found.versions, *found.parameters]}
    assert told["package pyiceberg"] == ("0.12.0", "0.13.0")
    assert told["embedded: engine"] == ("sail 0.7.2", "sail 9.9")
    assert told["embedded: capability format_v3"] == ("absent", "present")
    assert told["ingestion/basic on embedded: files"] == ("3", "5")
    assert found.exit_status == 0


@pytest.mark.parametrize(("seconds", "told"), [(12.5, 0), (17.0, 0), (19.0, 1), (8.0, 1), (9.0, 0)])
def test_a_time_is_told_where_it_changed_a_lot(seconds, told):
    assert len(diff.compare(run(GREEN), run(GREEN, seconds=seconds)).times) == told


def test_the_page_stands_alone(tmp_path):
    before, after = sample.run(sample.result("embedded", "bad")), sample.run(sample.bad())
    html = diff_page.render(diff.compare(before, after), before, after, ("one", "two"))
    assert "Content-Security-Policy" in html
    assert "<script" not in html
    tags = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attrs: tags.append((tag, dict(attrs)))
    parser.feed(html)
    assert {attrs["href"] for tag, attrs in tags if "href" in attrs} == {"#content"}
    assert not [attrs for _tag, attrs in tags if "src" in attrs]
    for said in ("for the worse", "ING-04", "look at the run&#39;s errors", "before", "after"):
        assert said in html


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = workbook.make(tmp_path_factory.mktemp("book") / "book")
    kept = made.state / "runs"
    for name, checks in (("2026-11-21T10-00-00Z", [GREEN]), ("2026-11-21T10-00-00Z-2", [RED])):
        (kept / name).mkdir(parents=True)
        results.write(run(*checks), kept / name)
    for name in ("2026-11-21T11-00-00Z", "torn", "other", "lacks"):
        (kept / name).mkdir()
    outside = made.home / "outside"
    outside.mkdir()
    results.write(run(GREEN), outside)
    yield made
    made.end()


@pytest.fixture
def here(book, monkeypatch):
    """The command in this process; what it says where it refuses, with exit status 2."""
    monkeypatch.setenv("LAKEBOOK_HOME", str(book.home))
    monkeypatch.chdir(book.home)
    project.root.cache_clear()

    def refused(*arguments):
        done = CliRunner().invoke(app, arguments)
        assert isinstance(done.exception, ConfigurationError), done.output
        assert done.exception.exit_status == 2
        return str(done.exception)

    yield refused
    project.root.cache_clear()


def test_the_command_shows_it_and_its_exit_status_says_whether_it_is_worse(book, tmp_path):
    page = tmp_path / "new" / "diff.html"
    done = book.lakebook("diff", "last~1", "last", "--html", str(page))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 change for the worse" in done.stdout
    assert "look at the files" in done.stdout
    assert "ING-03" in page.read_text()
    done = book.lakebook("diff", "2026-11-21T10-00-00Z-2", "outside", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["before"], told["after"]) == ("2026-11-21T10-00-00Z-2", "outside")
    assert [one["kind"] for one in told["changes"]] == ["better"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("last~7", "2026-11-21T10-00-00Z"),
        ("2026-11-21T10-00-00", "2026-11-21T10-00-00Z"),
        ("2026-11-21T11-00-00Z", "a folder without results.json"),
        ("../../outside/nothing", "ls .lakebook/runs"),
    ],
)
def test_an_unknown_run_is_wrong_usage(here, name, says):
    refused = here("diff", name, "last")
    assert f"there is no run {name}" in refused
    assert says in refused


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("torn", lambda text: text[: len(text) // 2], "JSONDecodeError"),
        ("other", lambda text: text.replace('"format": 1', '"format": 99'), "format 99"),
        ("lacks", lambda text: text.replace('"checks"', '"czechs"'), "KeyError: 'checks'"),
        ("lacks", lambda text: text[:0] + "[]", "format None"),
    ],
)
def test_results_that_cannot_be_read_are_wrong_usage(book, here, name, change, says):
    kept = book.state / "runs"
    file = kept / name / results.FILE
    file.write_text(change((kept / "2026-11-21T10-00-00Z" / results.FILE).read_text()))
    refused = here("diff", name, "2026-11-21T10-00-00Z")
    file.unlink()
    assert says in refused
    assert f"runs/{name}/results.json" in refused
