"""The grid of files and runs: what is missing or twice is marked, whatever else is left out."""

from __future__ import annotations

from lakebook.picture.loads import loads

RUNS = ["run 1", "run 2"]


def lines(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.splitlines()[2:]}


def test_each_file_stands_in_the_column_of_the_run_that_loaded_it() -> None:
    shown = loads({"a": 100, "b": 100}, RUNS, {("a", "run 1"): 100, ("b", "run 2"): 100})
    assert lines(repr(shown)) == {
        "a": ["+100", "·", "✔", "100", "of", "100"],
        "b": ["·", "+100", "✔", "100", "of", "100"],
    }
    assert "each has what was uploaded" in repr(shown)
    assert "✘" not in shown._repr_html_()


def test_a_file_that_was_loaded_twice_or_not_at_all_is_marked() -> None:
    shown = loads({"a": 100, "b": 100, "c": 100}, RUNS, {("a", "run 1"): 100, ("a", "run 2"): 100, ("b", "run 1"): 100})
    found = lines(repr(shown))
    assert found["a"] == ["+100", "+100", "✘", "200", "of", "100"]
    assert found["c"] == ["·", "·", "✘", "0", "of", "100"]
    assert "2 of 3 files have too few or too many" in repr(shown)
    assert shown._repr_html_().count("✘") == 2


def test_rows_that_a_run_took_away_are_negative() -> None:
    shown = loads({"a": 100}, RUNS, {("a", "run 1"): 100, ("a", "run 2"): -40})
    assert lines(repr(shown))["a"] == ["+100", "-40", "✘", "60", "of", "100"]


def test_of_many_files_those_that_are_wrong_are_always_shown() -> None:
    names = [f"batch_{number}.json" for number in range(1_000)]
    shown = loads(dict.fromkeys(names, 10), ["run 1"], {(name, "run 1"): 10 for name in names[:-1]})
    assert "batch_999.json" in repr(shown)
    assert "and 959 more files" in repr(shown)
    assert len(shown._repr_html_()) < 40_000


def test_names_are_text() -> None:
    html = loads({"<b>": 1}, ["<i>"], {("<b>", "<i>"): 1})._repr_html_()
    assert "<b>" not in html
    assert "<i>" not in html


def test_no_file_is_said() -> None:
    assert repr(loads({}, RUNS, {})) == "rows by file and run: no file"
