"""How data files are encoded."""

import pyarrow as pa

from tinylake.autoloader.loaders import writer


def test_a_dictionary_is_made_for_columns_whose_values_repeat():
    rows = pa.record_batch(
        {"id": list(range(100)), "type": ["click", "login"] * 50, "nothing": pa.nulls(100, pa.int8())}
    )
    assert writer.repeating(rows) == ["type", "nothing"]


def test_a_dictionary_is_made_for_every_column_where_some_are_nested():
    assert writer.repeating(pa.record_batch({"id": [1, 2], "metadata": [{"browser": "firefox"}] * 2})) is True
