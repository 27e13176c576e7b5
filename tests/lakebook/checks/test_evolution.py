"""Deciders about changes of a schema."""

from dataclasses import replace

import pyarrow as pa
import pytest

from lakebook.checks import evolution
from lakebook.lake.http import Answer
from lakebook.lake.ingestion import Run
from lakebook.lake.schema_changes import Appended, Attempt
from lakebook.lake.table import TableVersion

FIELDS = {1: "id", 2: "value"}
BEFORE = TableVersion("u-1", ((10, "append"),), FIELDS, (FIELDS,), 2, {"id": "long", "value": "double"})
TWO = {**FIELDS, 3: "a", 4: "b"}
AFTER = replace(BEFORE, fields=TWO, schemas=(FIELDS, TWO), last_column_id=4, columns={**BEFORE.columns, "a": "string"})
PATH, OTHER = "s3://b/p/bad.json", "s3://b/p/other.json"
CONFLICT = {PATH: ("value", "double", "string")}
MESSAGE = "type conflict in field 'value': it is double, and the file has string"
STALE = {"error": {"type": "CommitFailedException", "message": "current schema changed: expected 0, found 1"}}


def tried(client, outcome, said="why"):
    return Attempt(client, "add_column(a, string)", outcome, said, 0.0, 1.0)


def run(status="failed", files=0, errors=()):
    metrics = {"files_processed": files, "records_ingested": files, "bytes_read": 0, "bytes_written": 0}
    metrics |= {"duration_seconds": 1.0, "error_count": len(errors)}
    times = {"started_at": "2026-01-01T00:00:00Z", "ended_at": "2026-01-01T00:00:01Z"}
    kept = [{"file": file, "error_type": "type_conflict", "message": message} for file, message in errors]
    return Run(id="r-1", ingestion_id="i", status=status, trigger="manual", metrics=metrics, errors=kept, **times)


def answer(status, body=None):
    return Answer(status, body, "POST /v1/x/namespaces/n/tables/t")


def test_a_table_that_is_what_it_was_passes():
    assert evolution.unchanged(BEFORE, replace(BEFORE), attempted="nothing").ok


@pytest.mark.parametrize(
    "change",
    [
        {"uuid": "u-2"},
        {"lineage": ((11, "append"), (10, "append"))},
        {"columns": {"id": "long", "value": "float"}},
        {"fields": {1: "id", 3: "value"}},
        {"schemas": (FIELDS, FIELDS)},
        {"last_column_id": 3},
    ],
)
def test_anything_that_a_refusal_left_behind_is_red(change):
    after = replace(BEFORE, **change)
    assert evolution.unchanged(BEFORE, after, attempted="nothing").ok is False
    assert evolution.refused([tried(1, "refused")], BEFORE, after).ok is False
    assert evolution.refused_by_catalog(answer(400, STALE), BEFORE, after).ok is False
    failed = run(errors=[(None, "new fields: 'region'")])
    assert evolution.failed_by_policy(failed, BEFORE, after, fields=["region"]).ok is False


def test_every_attempt_must_be_refused_for_good():
    assert evolution.refused([tried(1, "refused"), tried(1, "refused")], BEFORE, BEFORE).ok
    for outcome in ("done", "conflict", "failed"):
        assert evolution.refused([tried(1, "refused"), tried(1, outcome)], BEFORE, BEFORE).ok is False


def test_a_refusal_without_a_reason_or_no_attempt_at_all_is_red():
    assert evolution.refused([tried(1, "refused", said="")], BEFORE, BEFORE).ok is False
    assert evolution.refused([], BEFORE, BEFORE).ok is False


@pytest.mark.parametrize("refusal", [answer(200, STALE), answer(500, STALE), answer(400, {}), answer(400, "no")])
def test_a_catalog_must_refuse_with_4xx_and_a_reason(refusal):
    assert evolution.refused_by_catalog(answer(400, STALE), BEFORE, BEFORE).ok
    assert evolution.refused_by_catalog(refusal, BEFORE, BEFORE).ok is False


def test_a_run_that_policy_failed_names_every_field_and_loads_nothing():
    failed = run(errors=[(None, "new fields: 'region' (string); 'metadata' (struct)")])
    assert evolution.failed_by_policy(failed, BEFORE, BEFORE, fields=["region", "metadata"]).ok
    assert evolution.failed_by_policy(failed, BEFORE, BEFORE, fields=["region", "device"]).ok is False
    assert evolution.failed_by_policy(failed, BEFORE, BEFORE, fields=["regio"]).ok is False
    loaded = run("partial", 1, [(None, "new fields: 'region'")])
    assert evolution.failed_by_policy(loaded, BEFORE, BEFORE, fields=["region"]).ok is False


def test_a_conflict_must_name_field_and_both_types_for_its_file():
    assert evolution.conflicts_named(run(errors=[(PATH, MESSAGE)]), CONFLICT).ok
    assert evolution.conflicts_named(run(errors=[(PATH, "value: Float64, the file has Text")]), CONFLICT).ok
    for message in ("value does not fit", "value: double", "value: string", "double, string", "values: double, string"):
        assert evolution.conflicts_named(run(errors=[(PATH, message)]), CONFLICT).ok is False, message


def test_a_conflict_with_whole_numbers_may_call_them_int_or_long():
    conflict = {PATH: ("user_id", "string", "whole number")}
    for message in ("user_id: string, the file has int", "user_id: string, the file has bigint"):
        assert evolution.conflicts_named(run(errors=[(PATH, message)]), conflict).ok, message
    for message in ("user_id: string, the file has double", "id: string, the file has long"):
        assert evolution.conflicts_named(run(errors=[(PATH, message)]), conflict).ok is False, message


def test_a_conflict_may_have_to_name_its_field_alone_but_never_nothing():
    said = run(errors=[(PATH, "value does not fit")])
    assert evolution.conflicts_named(said, {PATH: ("value",)}).ok
    assert evolution.conflicts_named(said, {PATH: ("amount",)}).ok is False
    assert evolution.conflicts_named(said, {PATH: ()}).ok is False


def test_a_conflict_of_another_file_or_told_twice_is_red():
    assert evolution.conflicts_named(run(errors=[(OTHER, MESSAGE)]), CONFLICT).ok is False
    assert evolution.conflicts_named(run(errors=[(PATH, MESSAGE), (OTHER, MESSAGE)]), CONFLICT).ok is False
    assert evolution.conflicts_named(run(errors=[(PATH, MESSAGE), (PATH, MESSAGE)]), CONFLICT).ok is False


def test_good_files_beside_a_conflict_must_be_loaded_and_no_others():
    partial = run("partial", 1, [(PATH, MESSAGE)])
    assert evolution.conflicts_named(partial, CONFLICT, loaded=1).ok
    assert evolution.conflicts_named(partial, CONFLICT).ok is False
    assert evolution.conflicts_named(run(errors=[(PATH, MESSAGE)]), CONFLICT, loaded=1).ok is False
    assert evolution.conflicts_named(run("success", 0), {}).ok is False


def test_columns_that_all_arrived_pass_whoever_lost_a_race():
    done = [tried(1, "done"), tried(2, "conflict"), tried(2, "done")]
    assert evolution.all_added(done, BEFORE, AFTER, columns=["a", "b"]).ok


def test_a_lost_column_is_red_though_both_clients_were_told_that_all_went_well():
    done = [tried(1, "done"), tried(2, "done")]
    lost = replace(AFTER, fields={**FIELDS, 3: "b"})
    assert evolution.all_added(done, BEFORE, lost, columns=["a", "b"]).ok is False
    moved = replace(AFTER, fields={1: "id", 5: "value", 3: "a", 4: "b"})
    assert evolution.all_added(done, BEFORE, moved, columns=["a", "b"]).ok is False


def test_a_client_that_gave_up_or_was_told_otherwise_is_red():
    assert evolution.all_added([tried(1, "done"), tried(2, "failed")], BEFORE, AFTER, columns=["a", "b"]).ok is False
    assert evolution.all_added([tried(1, "done"), tried(2, "conflict")], BEFORE, AFTER, columns=["a", "b"]).ok is False
    assert evolution.all_added(
        [tried(1, "done")], BEFORE, replace(AFTER, fields={**FIELDS, 3: "a"}), columns=["a"]
    ).ok is (False)


def test_of_several_who_add_the_same_column_one_succeeds():
    one = replace(BEFORE, fields={**FIELDS, 3: "a"})
    attempts = [tried(1, "done", ""), tried(2, "conflict"), tried(2, "refused")]
    assert evolution.one_added(attempts, BEFORE, one, column="a").ok
    assert evolution.one_added([tried(1, "done"), tried(2, "done")], BEFORE, one, column="a").ok is False
    assert evolution.one_added([tried(1, "refused"), tried(2, "refused")], BEFORE, one, column="a").ok is False
    assert evolution.one_added([tried(1, "done"), tried(2, "conflict")], BEFORE, one, column="a").ok is False
    assert evolution.one_added([tried(1, "done")], BEFORE, one, column="a").ok is False
    assert evolution.one_added(attempts, BEFORE, BEFORE, column="a").ok is False


def test_a_stale_commit_gets_409_with_its_reason_and_goes_through_on_the_new_schema():
    assert evolution.stale_refused(answer(409, STALE), answer(200), AFTER, columns=["a"]).ok


@pytest.mark.parametrize(
    ("stale", "refreshed", "columns"),
    [
        (answer(200, {}), answer(200), ["a"]),
        (answer(400, STALE), answer(200), ["a"]),
        (answer(409, {"error": {"type": "CommitFailedException", "message": "no"}}), answer(200), ["a"]),
        (answer(409, {"error": {"type": "AlreadyExistsException", "message": "schema"}}), answer(200), ["a"]),
        (answer(409, STALE), answer(409, STALE), ["a"]),
        (answer(409, STALE), answer(200), ["a", "lost"]),
    ],
)
def test_a_stale_commit_that_is_told_otherwise_is_red(stale, refreshed, columns):
    assert evolution.stale_refused(stale, refreshed, AFTER, columns=columns).ok is False


def test_an_append_is_done_or_in_conflict_and_nothing_else():
    nothing = pa.table({"id": []})
    done, conflict, failed = (Appended(outcome, "", nothing) for outcome in ("done", "conflict", "failed"))
    assert evolution.appends_settled([done, conflict]).ok
    assert evolution.appends_settled([done, failed]).ok is False
    assert evolution.appends_settled([]).ok is False


def test_a_change_that_was_not_made_is_red_and_says_what_the_client_was_told():
    assert evolution.made([tried(1, "done", "")]).ok
    assert evolution.made([]).ok is False
    decision = evolution.made([tried(1, "done", ""), replace(tried(2, "failed"), change="move_first(a)")])
    assert (decision.ok, decision.got) == (False, {"add_column(a, string)": "done", "move_first(a)": "failed: why"})
