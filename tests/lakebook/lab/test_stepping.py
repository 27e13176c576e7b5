"""A person opens JupyterLab, follows a link to a scenario, changes a parameter, runs it, and reads what came."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress

import httpx
import pytest
import workbook
from playwright.sync_api import expect

from lakebook import poll

from .driver import DEADLINE_SECONDS, Opened

pytestmark = pytest.mark.timeout(900)  # JupyterLab, a browser and a stack, on a machine under load
SCENARIO = "ingestion/incremental.ipynb"


def book_of_scenarios(folder):
    """Make a workbook with the start page and a scenario, which a test may change."""
    book = workbook.make(folder)
    for name in ("start.ipynb", SCENARIO):
        to = book.home / "notebooks" / name
        to.parent.mkdir(exist_ok=True)
        shutil.copy(workbook.ROOT / "notebooks" / name, to)
    return book


@pytest.fixture
def book(tmp_path):
    made = book_of_scenarios(tmp_path / "book")
    yield made
    made.end()


def cells(file):
    return json.loads(file.read_text())["cells"]


def is_another(file, before):
    """Whether a notebook has other cells than before; one that is being written is not read yet."""
    with suppress(json.JSONDecodeError):
        return cells(file) != before
    return False


def number_changed(page, cell, old, new):
    """Type a number in the place of another, as a person does."""
    cell.locator(".cm-line").get_by_text(old, exact=True).dblclick()
    page.keyboard.type(new)


def test_a_changed_parameter_is_read_in_every_check_and_nothing_else_changes_in_the_file(book, python, page):
    lab = Opened.by(book, python, "lab", "--no-browser")
    file = book.home / "notebooks" / SCENARIO
    before = cells(file)

    page.goto(lab.address)
    page.get_by_role("link", name="incremental", exact=True).click()
    parameters = page.locator(".jp-CodeCell", has_text="rows_per_file =")
    number_changed(page, parameters, "3", "5")
    expect(parameters.locator(".cm-content")).to_contain_text("files = 5")
    expect(page.get_by_text("| Idle")).to_be_visible()  # the kernel is there; before, JupyterLab asks for one
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    counted = page.locator(".lb", has_text="ING-03").filter(has_text="files_processed")
    expect(counted.get_by_role("row", name="files_processed").get_by_role("cell")).to_have_text(["5", "5"])
    expect(page.locator(".lb", has_text="checks, none red")).to_be_visible()
    expect(page.get_by_text("plain text", exact=False)).to_have_count(0)

    page.keyboard.press("Control+s")
    poll.until(lambda: is_another(file, before), what="the notebook to be saved", deadline_seconds=DEADLINE_SECONDS)
    changed = [(old["source"], new["source"]) for old, new in zip(before, cells(file), strict=True) if old != new]
    assert changed == [
        ([*old[:1], "files = 3\n", *old[2:]], [*old[:1], "files = 5\n", *old[2:]]) for old, _new in changed
    ]
    assert len(changed) == 1
    assert lab.end() == 0
    book.nothing_left()


def test_it_and_its_reports_open_for_its_token_alone_and_end_with_its_owner(book, python):
    report = book.state / "runs" / "a" / "index.html"
    report.parent.mkdir(parents=True)
    report.write_text("a report")
    lab = Opened.by(book, python, "lab", "--no-browser")
    url, _, query = lab.address.partition("/lab/")
    token = query.partition("token=")[2].partition("&")[0]
    assert url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{url}/api/contents").status_code == 403
    assert httpx.get(f"{url}/api/contents", headers={"Authorization": f"token {token}"}).status_code == 200
    with httpx.Client() as browser:
        browser.get(lab.address)
        shown = browser.get(f"{url}/lakebook/runs/a/index.html")
    assert (shown.status_code, shown.text) == (200, "a report")
    assert "sandbox" in shown.headers["content-security-policy"]
    assert httpx.get(f"{url}/lakebook/runs/a/index.html").status_code == 302
    written = [path.read_text(errors="replace") for path in book.state.rglob("*") if path.is_file()]
    assert not [text for text in written if token in text]

    lab.process.kill()
    book.nothing_left()


def test_notebooks_use_the_stack_that_lakebook_up_left_running(book, python):
    assert book.lakebook("up").returncode == 0
    lab = Opened.by(book, python, "lab", "--no-browser")
    assert len(book.stacks()) == 1
    assert lab.end() == 0
    assert book.lakebook("status").returncode == 0
    assert len(book.stacks()) == 1
    assert book.lakebook("down").returncode == 0
    book.nothing_left()
