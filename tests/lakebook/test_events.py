"""The data: deterministic, unique, and written as it must be read back."""

import json

from lakebook.data import events


def test_the_same_arguments_give_the_same_bytes():
    first, second = (events(2, 5, schema="evolved") for _ in range(2))
    assert [file.newline_delimited_json() for file in first] == [file.newline_delimited_json() for file in second]


def test_ids_are_unique_over_all_batches():
    files = [*events(3, 10), *events(2, 10, first=3)]
    ids = [identifier for file in files for identifier in file.rows["id"].to_pylist()]
    assert ids == list(range(50))


def test_a_file_holds_its_rows_one_json_object_a_line():
    file = events(1, 4, schema="evolved").files[0]
    lines = file.newline_delimited_json().decode().splitlines()
    assert [json.loads(line) for line in lines] == file.rows.to_pylist()


def test_values_differ_from_row_to_row_so_that_a_mixed_up_column_shows():
    rows = events(1, 40, schema="evolved").files[0].rows
    assert all(len(set(map(str, rows[name].to_pylist()))) > 1 for name in rows.column_names)
