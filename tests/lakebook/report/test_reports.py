"""What every report must be: whole, safe, small, and the same on any machine."""

from __future__ import annotations

import json
import shlex
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest

from lakebook import project, secret
from lakebook.report import wording, write
from lakebook.run import results
from lakebook.verdict import Check, Verdict

from . import sample_run as sample

if TYPE_CHECKING:
    from lakebook.run.execute import Result


class Page(HTMLParser):
    """The anchors, links, sources and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.sources: list[str] = []
        self.tags: set[str] = set()
        self.policy = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.ids |= {found["id"]} if "id" in found else set()
        self.links += [found["href"]] if "href" in found else []
        self.sources += [found["src"]] if "src" in found else []
        if found.get("http-equiv") == "Content-Security-Policy":
            self.policy = found["content"]


def written(folder: Path, *results: Result) -> tuple[list[Result], Path]:
    made = [
        write.scenario(one, sample.notebook(folder / one.profile / one.workflow / f"{one.scenario}.ipynb"), folder)
        for one in results
    ]
    return made, write.index(sample.run(*made), folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("run")
    written(made, sample.result(), sample.bad(), sample.result("minio"), sample.bad("minio"))
    return made


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8") for file in folder.rglob("*.html")}


def bad_page(folder: Path) -> str:
    (made,), _ = written(folder, sample.bad())
    return (folder / made.report).read_text(encoding="utf-8")


def test_a_result_names_its_report_and_its_notebook_from_the_folder_of_the_run(tmp_path: Path) -> None:
    (made,), index = written(tmp_path, sample.bad())
    assert (made.report, made.notebook) == ("embedded/ingestion/bad.html", "embedded/ingestion/bad.ipynb")
    assert index == tmp_path / "index.html"
    assert not list(tmp_path.rglob("*.partial"))


def test_every_page_forbids_scripts_and_everything_from_elsewhere(pages: dict[str, str]) -> None:
    for html in pages.values():
        page = Page(html)
        assert page.policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
        assert not page.tags & {"script", "link", "iframe", "object", "embed"}
        assert "@import" not in html
        assert "url(" not in html


def test_no_page_refers_to_another_place_than_the_link_of_a_known_failure(pages: dict[str, str]) -> None:
    for html in pages.values():
        page = Page(html)
        assert all(source.startswith("data:image/") for source in page.sources)
        assert {link for link in page.links if urlsplit(link).scheme} <= {sample.LINK}
    assert sample.LINK in Page(pages["index.html"]).links


def test_every_link_leads_to_a_page_and_an_anchor_that_exist(pages: dict[str, str], folder: Path) -> None:
    for name, html in pages.items():
        for link in Page(html).links:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            file = (folder / name).parent / unquote(parts.path) if parts.path else folder / name
            if parts.fragment:
                target = Page(file.read_text(encoding="utf-8"))
                assert unquote(parts.fragment) in target.ids, (name, link)
            else:
                assert file.exists() or file.name == "results.json", (name, link)


def test_each_check_with_a_cell_is_linked_to_it(tmp_path: Path) -> None:
    links = Page(bad_page(tmp_path)).links
    assert {f"#cell-id={check.cell}" for check in sample.bad().checks if check.cell} <= set(links)
    assert "#cell-id=raised" in links


def test_the_index_leads_straight_to_the_cell_of_each_red_check(pages: dict[str, str]) -> None:
    links = Page(pages["index.html"]).links
    assert {f"{name}/ingestion/bad.html#cell-id=rows" for name in ("embedded", "minio")} <= set(links)


def test_a_cell_of_the_matrix_leads_to_each_known_failure_and_says_its_reason(tmp_path: Path) -> None:
    _, index = written(tmp_path, sample.result("embedded", "known", sample.PASSED, sample.KNOWN, sample.KNOWN))
    matrix = index.read_text(encoding="utf-8").partition("What must hold")[0].partition("</table>")[0]
    assert matrix.count("≈ ING-10") == 1
    assert f'known.html#cell-id=vended" title="{sample.KNOWN.reason}"' in matrix
    assert "ING-03" not in matrix


def test_text_stays_text(pages: dict[str, str]) -> None:
    for name in ("index.html", "embedded/ingestion/bad.html"):
        assert "<script" not in pages[name]
        assert "&lt;script&gt;alert(1)" in pages[name]
    assert "<b>port in use</b>" not in pages["index.html"]


def test_an_output_of_javascript_is_left_out(tmp_path: Path) -> None:
    assert "alert(2)" not in bad_page(tmp_path)


def test_a_link_that_is_no_web_address_is_not_followed(tmp_path: Path) -> None:
    check = replace(sample.KNOWN, links=["javascript:alert(1)"])
    _, index = written(tmp_path, sample.result("embedded", "basic", check))
    assert "javascript:" not in index.read_text(encoding="utf-8")


def test_pages_are_small(pages: dict[str, str]) -> None:
    assert all(len(html.encode()) < 40_000 for html in pages.values())


def test_a_flood_of_output_is_cut_and_says_so(tmp_path: Path) -> None:
    result = sample.result()
    file = sample.notebook(tmp_path / "embedded" / "ingestion" / "basic.ipynb")
    content = json.loads(file.read_text(encoding="utf-8"))
    flood = {"output_type": "stream", "name": "stdout", "text": "x" * 300_000}
    table = {"text/html": "<table>" + "<tr><td>1" * 50_000, "text/plain": "a table"}
    content["cells"][5]["outputs"] = [flood, {"output_type": "display_data", "metadata": {}, "data": table}]
    file.write_text(json.dumps(content), encoding="utf-8")
    html = (tmp_path / write.scenario(result, file, tmp_path).report).read_text(encoding="utf-8")
    assert len(html.encode()) < 200_000
    assert "characters left out: the notebook has them" in html
    assert "a table" in html


def test_no_page_says_where_it_was_made(pages: dict[str, str], folder: Path) -> None:
    for html in pages.values():
        for place in (project.root(), Path.home(), sys.prefix, folder):
            assert f"{place}/" not in html
    assert "lib/lakebook/lake/table.py" in pages["embedded/ingestion/bad.html"]
    assert "…/pyarrow/table.py" in pages["embedded/ingestion/bad.html"]


def test_a_secret_is_masked(tmp_path: Path) -> None:
    secret.remember(["hunter2-hunter2"])
    result = sample.result("embedded", "basic", sample.PASSED, error="refused: hunter2-hunter2", verdict=Verdict.FAIL)
    results, index = written(tmp_path, result)
    for file in (index, tmp_path / results[0].report):
        html = file.read_text(encoding="utf-8")
        assert "hunter2" not in html
        assert secret.MASK in html


@pytest.mark.parametrize("content", [None, "", '{"cells": ['])
def test_without_a_notebook_the_page_has_the_reason(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "embedded" / "ingestion" / "bad.ipynb"
    file.parent.mkdir(parents=True)
    if content is not None:
        file.write_text(content, encoding="utf-8")
    made = write.scenario(sample.bad(), file, tmp_path)
    html = (tmp_path / made.report).read_text(encoding="utf-8")
    assert made.notebook == ("" if content is None else "embedded/ingestion/bad.ipynb")
    assert "ValueError: no such column: id" in html
    assert not [link for link in Page(html).links if link.startswith("#cell-id")]


def test_an_absent_profile_is_told_once_with_its_reason(tmp_path: Path) -> None:
    checks = [Check("ING-03", Verdict.UNKNOWN, reason="gone"), Check("ING-04", Verdict.UNKNOWN, reason="gone")]
    absent = sample.result("nessie-postgres", "basic", *checks, error="gone")
    html = write.index(sample.run(sample.result(), absent), tmp_path).read_text(encoding="utf-8")
    assert html.count("nessie did not become ready") == 1
    assert "#profile-nessie-postgres" in Page(html).links


def test_every_verdict_has_a_sign_and_a_word(pages: dict[str, str]) -> None:
    for said in ("✔", "✘", "?", "≈", "–", "pass", "fail", "unknown", "known failure", "not applicable"):
        assert said in pages["index.html"]


def test_a_red_scenario_says_how_to_repeat_it_alone(pages: dict[str, str]) -> None:
    command = "lakebook run ingestion/bad --profile embedded -p files=3 -p rows_per_file=1000"
    assert command in pages["index.html"]
    assert command in pages["embedded/ingestion/bad.html"]
    assert "To repeat it alone" not in pages["embedded/ingestion/basic.html"]


def test_a_command_to_repeat_is_quoted_for_a_shell() -> None:
    odd = replace(sample.result(), parameters={"profile": "x", "name": "a b'c", "on": True, "some": [1, 2]})
    words = shlex.split(wording.again(odd))
    assert words[4:] == ["embedded", "-p", 'name="a b\'c"', "-p", "on=true", "-p", "some=[1, 2]"]


def test_what_the_index_owes_its_reader_is_there(pages: dict[str, str]) -> None:
    owed = (
        "lakebook run --profile embedded",
        "2026-11-21 14:03:22 UTC",
        "scale/million_rows",
        "the engine writes format v2 alone",
        "tinylake_autoloader",
        "96b974b-dirty",
        "look at the run&#39;s errors",
        "pyiceberg",
    )
    assert [text for text in owed if text not in pages["index.html"]] == []


def test_reports_are_written_side_by_side(tmp_path: Path) -> None:
    results = [replace(sample.bad(), scenario=f"bad_{number}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda one: written(tmp_path / one.scenario, one)[0][0], results))
    sizes = {(tmp_path / one.scenario / one.report).stat().st_size for one in made}
    assert len(sizes) == 1


def test_a_profile_that_the_machine_lacks_is_named_with_the_reason_and_what_brings_it(
    folder: Path, tmp_path: Path
) -> None:
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert all(said in index for said in (sample.ELSEWHERE.name, sample.ELSEWHERE.why, sample.ELSEWHERE.todo))
    assert f"Not on this machine: {sample.ELSEWHERE.name}." in (folder / "summary.md").read_text(encoding="utf-8")
    assert results.read(results.write(sample.run(), tmp_path).parent).absent == [sample.ELSEWHERE]
