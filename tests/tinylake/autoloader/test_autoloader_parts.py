"""The pure parts: types, plans, discovery, JSON, cost, secrecy."""

from __future__ import annotations

import io
from typing import Any

import pyarrow as pa
import pytest

from tinylake.autoloader import cost, discovery, identity, outcome, secrecy
from tinylake.autoloader.failures import ErrorType, Failure
from tinylake.autoloader.formats import json as json_format
from tinylake.autoloader.schema import evolution, types
from tinylake.autoloader.settings import PREFIX, MissingSettingError, Settings
from tinylake.autoloader.source import Listed
from tinylake.autoloader.store.files import SourceFile

BASE = pa.struct([("id", pa.int64()), ("v", pa.float64()), ("m", pa.struct([("x", pa.string())]))])
WIDER = pa.struct([*BASE, ("r", pa.string())])


def read(data: bytes, expected: pa.DataType | None = None) -> list[dict[str, Any]]:
    batches = json_format.read(io.BytesIO(data), {}, expected or pa.struct([]))
    return [row for batch in batches for row in batch.to_pylist()]


def test_times_stay_text_in_structs_and_lists_too() -> None:
    line = b'{"t": "2026-01-01T00:00:00Z", "s": {"t": "2026-01-01"}, "l": ["2026-01-01"], "k": [{"t": "2026-01-01"}]}\n'
    (row,) = read(line)
    assert row == {
        "t": "2026-01-01T00:00:00Z",
        "s": {"t": "2026-01-01"},
        "l": ["2026-01-01"],
        "k": [{"t": "2026-01-01"}],
    }


@pytest.mark.parametrize("position", [1, 2, 60_000, 300_000])
def test_a_malformed_record_is_named_by_its_line_in_any_block(position: int) -> None:
    lines = [b'{"id": %d, "text": "0123456789012345678901234567890123456789"}' % number for number in range(300_000)]
    lines[position - 1] = b'{"id": oops}'
    with pytest.raises(Failure, match=rf"line {position}:") as caught:
        read(b"\n".join(lines))
    assert caught.value.error_type == ErrorType.MALFORMED_RECORD


def test_empty_lines_are_no_records_and_count_as_lines() -> None:
    assert read(b'\n{"id": 1}\n\n{"id": 2}') == [{"id": 1}, {"id": 2}]
    with pytest.raises(Failure, match="line 4:"):
        read(b'{"id": 1}\n\n\n{oops}\n')


def test_a_line_longer_than_a_piece_is_read() -> None:
    text = "x" * 3_000_000
    assert read(b'{"t": "%s"}\n{"t": "y"}\n' % text.encode()) == [{"t": text}, {"t": "y"}]


def test_long_and_double_merge_to_double_and_others_conflict() -> None:
    assert types.merge(pa.int64(), pa.float64()) == pa.float64()
    with pytest.raises(Failure, match=r"'a\.b'.*long.*string"):
        types.merge(pa.int64(), pa.string(), ("a", "b"))


@pytest.mark.parametrize(
    ("column", "found", "fits"),
    [
        (pa.float64(), pa.int64(), True),
        (pa.int64(), pa.float64(), False),
        (pa.int64(), pa.string(), False),
        (pa.string(), pa.int64(), False),
        (pa.bool_(), pa.int64(), False),
        (pa.large_string(), pa.string(), True),
    ],
)
def test_only_values_that_keep_their_meaning_fit_a_column(column: pa.DataType, found: pa.DataType, fits: bool) -> None:
    assert types.stores(column, found) is fits


def test_unknown_types_are_left_out() -> None:
    kind = pa.struct([("a", pa.null()), ("b", pa.struct([])), ("c", pa.list_(pa.null())), ("d", pa.int64())])
    assert types.known(kind) == pa.struct([("d", pa.int64())])


def test_a_new_struct_is_one_addition_and_a_new_nested_field_another() -> None:
    found = pa.struct(
        [("m", pa.struct([("x", pa.string()), ("y", pa.int64())])), ("n", pa.struct([("z", pa.int64())]))]
    )
    assert [item.name for item in types.additions(BASE, found)] == ["m.y", "n"]


@pytest.mark.parametrize(
    ("policy", "added"), [("ignore", []), ("append_new_columns", ["r"]), ("sync_all_columns", ["r"])]
)
def test_each_policy_adds_what_it_says(policy: str, added: list[str]) -> None:
    plan = evolution.plan(BASE, {"a": BASE, "b": WIDER}, policy)
    assert [item.name for item in plan.additions] == added
    assert plan.removals == []
    assert plan.changed_by == {name: ["b"] for name in added}


def test_policy_fail_names_field_type_and_file() -> None:
    with pytest.raises(Failure, match=r"'r' \(string\) in b"):
        evolution.plan(BASE, {"a": BASE, "b": WIDER}, "fail")


def test_the_newest_file_decides_what_sync_removes() -> None:
    newest = pa.struct([("id", pa.int64())])
    assert evolution.plan(BASE, {"a": BASE, "b": newest}, "sync_all_columns").removals == ["v", "m"]
    assert evolution.plan(BASE, {"b": newest, "a": BASE}, "sync_all_columns").removals == []


def test_a_file_in_conflict_is_rejected_alone() -> None:
    bad = pa.struct([("id", pa.string())])
    plan = evolution.plan(None, {"a": BASE, "b": bad, "c": WIDER}, "append_new_columns")
    assert (plan.accepted, list(plan.rejected)) == (["a", "c"], ["b"])


def test_discovery_tells_new_known_and_changed_apart() -> None:
    present = [SourceFile(name, "1", 1) for name in ("new", "known", "changed")]
    found = discovery.select_new(present, {"known": "1", "changed": "0", "gone": "1"})
    assert [[file.path for file in kept] for kept in (found.new, found.known, found.changed)] == [
        ["new"],
        ["known"],
        ["changed"],
    ]


def test_files_come_oldest_first_and_patterns_look_at_the_base_name() -> None:
    listed = [
        Listed("s3://b/p/b.json", "1", 1, "2026-01-02"),
        Listed("s3://b/p/x.json/c.txt", "1", 1, "2026-01-01"),
        Listed("s3://b/p/a.json", "1", 1, "2026-01-03"),
    ]
    assert [file.path for file in discovery.matching(listed, "*.json")] == ["s3://b/p/b.json", "s3://b/p/a.json"]


@pytest.mark.parametrize("count", [0, 1, 10_000])
def test_a_snapshot_says_which_files_it_loaded(count: int) -> None:
    files = [SourceFile(f"s3://bucket/data/batch_{number}.json", f"{number:032x}", number) for number in range(count)]
    written = identity.properties("run", "ingestion", files)
    assert identity.files_of(written) == files
    assert sum(map(len, written.values())) < 500_000


def test_schema_changes_name_the_outermost_field() -> None:
    before, after = {"a": "long", "gone": "string"}, {"a": "double", "m": "struct", "m.x": "string"}
    kinds = {(change["column_name"], change["change_type"]) for change in outcome.changes_between(before, after)}
    assert kinds == {("m", "NEW_COLUMN"), ("gone", "REMOVED_COLUMN"), ("a", "TYPE_CHANGE")}


@pytest.mark.parametrize("frequency", [None, "daily", "hourly", "weekly", "custom"])
def test_estimates_add_up(frequency: str | None) -> None:
    found = cost.estimate(2_500, 10**9, frequency)
    assert found["total_monthly"] == pytest.approx(
        found["compute_monthly"] + found["storage_monthly"] + found["discovery_monthly"]
    )
    assert found["breakdown_details"]["lists_per_run"] == 3


def test_known_secrets_and_passwords_in_addresses_are_masked() -> None:
    secrecy.remember(["s3cr3t/key+", None, ""])
    assert (
        secrecy.redact("key s3cr3t/key+ or s3cr3t%2Fkey%2B at http://me:pw@host/") == "key *** or *** at http://host/"
    )


def test_the_properties_of_a_store_are_a_json_object_or_named_as_wrong():
    told = {f"{PREFIX}{name}": "x" for name in ("DATABASE", "CATALOG_URI", "CATALOG_WAREHOUSE")}
    given = Settings.from_environment({**told, f"{PREFIX}STORE": '{"s3.endpoint": "http://store"}'})
    assert (given.store, given.store_keys) == ({"s3.endpoint": "http://store"}, {})
    for wrong in ("{", "[]"):
        with pytest.raises(MissingSettingError, match=f"{PREFIX}STORE_KEYS"):
            Settings.from_environment({**told, f"{PREFIX}STORE_KEYS": wrong})


def test_a_signature_in_an_address_is_masked_though_nobody_has_seen_it():
    assert secrecy.redact("'http://h/c/x?se=1&sig=qj%2BR%3D&sp=r' failed") == "'http://h/c/x?se=1&sig=***&sp=r' failed"
