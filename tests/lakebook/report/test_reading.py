"""Every page can be read by keyboard and by ear, and the index stays small and usable when the run is large."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from lakebook.picture.loads import loads
from lakebook.report import diff, diff_page, index_page, write
from lakebook.report.page import TEMPLATES
from lakebook.report.trace import Line, State
from lakebook.verdict import Verdict

from . import sample_run as sample

if TYPE_CHECKING:
    from pathlib import Path

    from lakebook.run.results import Run

VOID = {"meta", "input", "img", "br", "wbr", "path", "circle", "rect", "hr"}
TRACED = [
    Line(
        "ING-04", "ingestion", "the rows are the same", State.RED, ["basic"], {"embedded": Verdict.FAIL}, ["row_lost"]
    ),
    Line("ING-12", "ingestion", "<b>two runs</b>", State.NO_CHECK, [], {}, []),
    Line("SCALE-01", "scale", "it takes a terabyte", State.LATER, [], {}, [], "a cluster"),
]


@dataclass(slots=True)
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[str] = field(default_factory=list)


class Document(HTMLParser):
    """Every element of a page in order, each with its text and the tags around it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.every: list[Element] = []
        self.open: list[Element] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        one = Element(tag, {name: value or "" for name, value in attrs}, inside=[around.tag for around in self.open])
        self.every.append(one)
        if tag not in VOID:
            self.open.append(one)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data

    def all(self, *tags: str) -> list[Element]:
        return [one for one in self.every if one.tag in tags]

    def stops(self) -> list[Element]:
        """Where Tab stops, in order."""
        return [
            one
            for one in self.every
            if one.attributes.get("tabindex", "0" if "href" in one.attributes else "") == "0"
            or one.tag in ("summary", "input", "button", "select")
        ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("reading")
    results = [
        write.scenario(one, sample.notebook(made / one.profile / one.workflow / f"{one.scenario}.ipynb"), made)
        for one in (sample.result(), sample.bad(), sample.bad("minio"))
    ]
    before, after = sample.run(sample.result("embedded", "bad")), sample.run(*results)
    write.index(after, made, TRACED)
    write.page(diff_page.render(diff.compare(before, after), before, after, ("one", "two")), made / "diff.html")
    return made


@pytest.fixture(params=["index.html", "diff.html", "embedded/ingestion/basic.html", "embedded/ingestion/bad.html"])
def page(request: pytest.FixtureRequest, folder: Path) -> Document:
    return Document((folder / request.param).read_text(encoding="utf-8"))


def test_headings_are_in_order(page: Document) -> None:
    levels = [int(one.tag[1]) for one in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert not [pair for pair in itertools.pairwise(levels) if pair[1] > pair[0] + 1]


def test_there_are_landmarks_and_a_language(page: Document) -> None:
    assert [one.attributes.get("lang") for one in page.all("html")] == ["en"]
    assert [len(page.all(tag)) for tag in ("main", "title")] == [1, 1]
    assert [one.tag for one in page.all("header", "main", "footer") if "section" not in one.inside] == [
        *("header", "main", "footer")
    ]
    assert all(one.attributes.get("aria-label") for one in page.all("nav"))
    assert not [
        one.text
        for one in page.all("h1", "h2", "h3", "p", "a")
        if not {"header", "main", "footer", "nav"} & {*one.inside} and one.attributes.get("class") != "skip"
    ]


def test_the_first_stop_skips_to_the_content(page: Document) -> None:
    first = page.stops()[0]
    assert first.attributes == {"class": "skip", "href": "#content"}
    (main,) = page.all("main")
    assert (main.attributes["id"], main.attributes["tabindex"]) == ("content", "-1")


def test_every_link_and_disclosure_is_reached_by_tab_and_has_a_name(page: Document) -> None:
    stops = page.stops()
    for one in page.all("a", "summary", "input"):
        assert one in stops
        named = one.text.strip() or one.attributes.get("aria-label") or f'for="{one.attributes.get("id")}"'
        assert named
    assert not [one for one in page.every if one.attributes.get("tabindex", "0") not in ("0", "-1")]
    assert {one.attributes.get("id", "") for one in page.all("input")} <= {
        one.attributes.get("for") for one in page.all("label")
    }
    assert all(one.tag == "summary" or one.inside[-1] != "details" for one in page.all("summary"))


def test_what_scrolls_is_reached_by_tab_and_has_a_name(page: Document) -> None:
    ids = [one.attributes["id"] for one in page.every if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in page.every:
        if one.attributes.get("role") == "region":
            assert one.attributes["tabindex"] == "0"
            assert one.attributes.get("aria-label") or one.attributes["aria-labelledby"] in ids


def test_tables_have_heads_and_pictures_have_texts(page: Document) -> None:
    assert len(page.all("table")) <= len(page.all("th"))
    assert all(one.attributes.get("alt") for one in page.all("img"))


def test_focus_is_visible() -> None:
    styles = "".join(file.read_text(encoding="utf-8") for file in TEMPLATES.glob("*.css"))
    assert ":focus-visible { outline: 2px solid var(--link)" in styles
    assert styles.count("outline: none") == 1  # main, which only the skip link focuses
    assert "outline: 0" not in styles


def test_a_picture_scrolls_by_keyboard_and_is_no_region_in_a_region() -> None:
    page = Document(loads({"a": 1}, ["run 1"], {("a", "run 1"): 1})._repr_html_())
    assert len([one for one in page.stops() if one.attributes.get("role") == "region"]) == 1


def test_traceability_is_collapsed_by_workflow_and_says_what_is_missing(folder: Path) -> None:
    page = Document((folder / "index.html").read_text(encoding="utf-8"))
    found = {one.text.split()[0]: one for one in page.all("details") if one.attributes["class"] == "traced"}
    assert found.keys() == {"ingestion", "scale"}
    assert not any("open" in one.attributes for one in found.values())
    for said in ("1 no check", "1 red", "row_lost", "<b>two runs</b>"):
        assert said in found["ingestion"].text
    assert "a cluster" in found["scale"].text


def test_without_traceability_there_is_no_place_for_it() -> None:
    assert "traceability" not in index_page.render(sample.run(sample.result()))


def large(*, red: bool, scenarios: int = 40, profiles: int = 15) -> Run:
    """Return a run of 600 results: all of them red in every way, or one in eleven."""
    names = [f"profile-{number:02}" for number in range(profiles)]
    results = []
    for number in range(scenarios):
        for column, name in enumerate(names):
            make = sample.bad if red or (number * 7 + column) % 11 == 0 else sample.result
            place = f"{name}/ingestion/scenario_{number:02}.html"
            results.append(replace(make(name), scenario=f"scenario_{number:02}", report=place))
    run = sample.run(*results)
    return replace(run, profiles=[replace(run.profiles[0], name=name) for name in names])


@pytest.mark.parametrize(("red", "kilobytes"), [(False, 300), (True, 700)])
def test_the_index_of_40_scenarios_on_15_profiles_is_small(red: bool, kilobytes: int) -> None:
    run = large(red=red)
    html = index_page.render(run)
    assert len(html.encode()) < kilobytes * 1_000
    page = Document(html)
    cells = [one for one in page.all("a") if one.attributes.get("href", "").endswith(".html")]
    assert len({one.attributes["href"] for one in cells}) == 600
    linked = {one.attributes["href"] for one in page.all("a")}
    wanted = {
        f"{one.report}#cell-id={check.cell}"
        for one in run.results
        for check in one.checks
        if check.verdict.red and check.cell
    }
    assert wanted <= linked
    assert "what to do next" in html


def test_a_large_matrix_keeps_its_head_and_its_first_column_in_sight() -> None:
    page = Document(index_page.render(large(red=False)))
    (matrix,) = [one for one in page.every if one.attributes.get("aria-labelledby") == "matrix"]
    assert {"tall", "wide"} <= set(matrix.attributes["class"].split())
    style = (TEMPLATES / "index.css").read_text(encoding="utf-8")
    assert ".tall { max-height: 85vh; overflow: auto" in style
    assert style.count("position: sticky") == 3
    assert [one.attributes["id"] for one in page.all("input")] == ["only-red"]
    calm = [one for one in page.all("tr") if one.attributes.get("class") == "calm"]
    assert not [one for one in calm if "fail" in one.text]
