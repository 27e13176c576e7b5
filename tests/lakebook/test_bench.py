"""`lakebook bench` with next to nothing to measure: every figure comes out, and one beyond its limit is red."""

from __future__ import annotations

import pytest
import workbook

from lakebook.bench import figures

TINY = (
    *("--scenario", "green", "--repeat", "1", "--rows", "2000", "--more-rows", "4000"),
    *("--rows-per-file", "1000", "--known-files", "5"),
)
KERNEL = {"name": "python3", "language": "python", "display_name": "Python 3"}
EVERY = figures.every()


@pytest.fixture
def book(tmp_path):
    made = workbook.make(tmp_path / "book")
    made.notebook("green", *workbook.GREEN, kernelspec=KERNEL)
    yield made
    made.nothing_left(seconds=5)
    made.end()


@pytest.mark.parametrize("name", EVERY)
def test_a_figure_within_its_limit_is_green(book, name):
    generous = 0.001 if EVERY[name].at_least else 1000
    done = book.lakebook("bench", name, *TINY, "--limit", f"{name}={generous}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not measured" not in done.stdout
    assert f"{name}: {EVERY[name].says}" in done.stdout


@pytest.mark.parametrize("name", ["stack-ready", "loader-speed"])
def test_a_figure_beyond_its_limit_is_red(book, name):
    hopeless = 1000 if EVERY[name].at_least else 0.001
    done = book.lakebook("bench", name, *TINY, "--limit", f"{name}={hopeless}")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "✘" in done.stdout


def test_a_figure_that_cannot_be_measured_is_red(book):
    book.notebook("green", *workbook.GREEN[:2], kernelspec=KERNEL)
    done = book.lakebook("bench", "warm-run", *TINY)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "odd/green is red, so its time means nothing: the notebook ended without lake.finish()" in done.stdout


@pytest.mark.parametrize("arguments", [["speed"], ["--limit", "speed=1"], ["--limit", "stack-ready=soon"]])
def test_an_unknown_figure_or_limit_is_refused(book, arguments):
    done = book.lakebook("bench", *arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", EVERY)
def test_a_limit_is_kept_from_one_side(name):
    figure = EVERY[name]
    assert figure.holds(figure.limit, figure.limit)
    assert figure.holds(figure.limit + 1, figure.limit) == figure.at_least
    assert figure.holds(figure.limit - 1, figure.limit) != figure.at_least
