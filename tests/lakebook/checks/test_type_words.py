"""What engines and services call Iceberg's types."""

import pytest

from lakebook.checks import type_words


@pytest.mark.parametrize(
    ("name", "canonical"),
    [
        ("bigint", "long"),
        ("LONG", "LONG"),
        ("array<Float64>", "list<double>"),
        ("decimal(7,2)", "decimal(7, 2)"),
        ("struct<a: text, b: int32>", "struct<a: string, b: int>"),
        ("timestamp", "timestamp"),
    ],
)
def test_a_name_in_other_words_is_the_same_type(name, canonical):
    assert type_words.canonical(name) == canonical


def test_a_word_is_found_as_a_whole_only():
    assert type_words.says("column 'n' is BIGINT", "long")
    assert not type_words.says("belongs to", "long")
    assert not type_words.says("a point", "int")
