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


def test_whole_numbers_may_be_int_or_long_and_nothing_else():
    for said in ("it is int", "it is BIGINT", "it is int64", "it is integer"):
        assert type_words.says(said, "whole number"), said
    for said in ("it is double", "it is a number", "a point", "belongs to"):
        assert not type_words.says(said, "whole number"), said
    assert not type_words.says("it is int", "long")


def test_the_digits_of_a_decimal_may_be_written_with_or_without_a_space():
    assert type_words.says("it is decimal(7,2)", "decimal(7, 2)")
    assert type_words.says("it is decimal(7, 2)", "decimal(7,2)")
    assert not type_words.says("it is decimal(17, 2)", "decimal(7, 2)")
