"""The known failures that are shipped: each says all, and another defect of its requirement is not taken for it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from lakebook import profile, project
from lakebook.checks import (
    credentials,
    delegation,
    evolution,
    mistakes,
    rows,
    runs,
    schema,
    tables,
    together,
    transactions,
    versions,
)
from lakebook.checks.plain import equal, shown
from lakebook.lake.access import Attempt
from lakebook.lake.http import Answer
from lakebook.lake.schema_changes import Attempt as Change
from lakebook.lake.table import Comparison, TableVersion

from .checks.ingestion_runs import a_run, an_error

NESSIE, RADOSGW, AZURITE = "nessie-memory", "radosgw", "azurite"
OLD = {1: "timestamp", 2: "id", 3: "user_id", 4: "event_type", 5: "value"}
BEFORE = TableVersion("0af", ((7, "append"),), OLD, (OLD,), 5, dict.fromkeys(OLD.values(), "string"))
LOADED = replace(BEFORE, lineage=((8, "append"),))  # as Nessie shows it: its newest snapshot alone
NEW = ["metadata", "metadata.browser", "metadata.device", "metadata.version", "region"]
WIDE = {"count": "long", "id": "long", "price": "decimal(20, 2)", "share": "double"}
NARROW = {"count": "int", "id": "long", "price": "decimal(7, 2)", "share": "float"}
LANDED = SimpleNamespace(files=2, records=20)
ROW = {"id": 30, "timestamp": "2026-01-01T00:00:00Z", "value": 0.5}

BAD_REQUEST = "WebApplicationException: HTTP 400 Bad Request"
UNCLEAR = "no clear answer to the commit at http://h:1/iceberg to 8 attempts"


def failed(*errors, **changes):
    return a_run(status="failed", errors=[an_error(None, *error) for error in errors], **changes)


AS_KNOWN = failed(("commit_unknown", f"{UNCLEAR}: {BAD_REQUEST}"))
SETTLED = failed(
    ("interrupted", "the commit of this run is not in the table's history; none of its rows were loaded: retry it")
)
OTHERWISE = [
    failed(("interrupted", "the service ended during this run; none of its rows were loaded: run again, or retry it")),
    failed(("type_conflict", "field 'id' is long, and the file has string")),
    failed(("commit_unknown", f"{UNCLEAR}: ServiceUnavailableError: 503")),
    failed(("commit_unknown", f"{UNCLEAR}: {BAD_REQUEST}"), ("internal", "locked")),
    failed(),
    a_run(),
]


def both(one):
    return together.all_succeeded([one, one.model_copy(update={"ingestion_id": "i2"})], [LANDED, LANDED])


def added(after, new=NEW, dropped=()):
    return schema.columns_added(BEFORE, after, new=new, dropped=dropped)


def same(got=30, expected=50, **found):
    return rows.same(Comparison("n.t", "spark", 7, expected, got, got, **found))


def lost(got, *missing, expected=30, **found):
    return rows.none_lost(Comparison("n.t", "spark", 7, expected, got, got, missing=missing, **found))


def nulls(*columns, rows_there=30, **other):
    return rows.all_null({"*": rows_there, **dict.fromkeys(columns), **other}, rows=30)


def tidied(*last):
    unclear = ("failed", f"CommitStateUnknownException: {BAD_REQUEST}")
    names = ("delete_column(event_type)", "rename_column(value, amount)", "move_first(user_id)")
    outcomes = (unclear, unclear, last or unclear)
    return evolution.made([Change(0, name, *one, 0.0, 1.0) for name, one in zip(names, outcomes, strict=True)])


def in_order(*names):
    return equal(["user_id", "timestamp", "id", "amount"], [*names])


def taken(after):
    return evolution.refused_by_catalog(Answer(200, {}, "POST /x"), BEFORE, after)


def with_amount(fields):
    types = dict.fromkeys(fields.values(), "string")
    return replace(BEFORE, fields=fields, schemas=(OLD, fields), last_column_id=6, columns=types)


def trip(failing, said):
    steps = ("create the namespace", "create the table", "append", "read back", "add a column", "drop the table")
    at = steps.index(failing)
    outcomes = {step: "done" if n < at else "not reached" for n, step in enumerate(steps)} | {failing: said}
    return credentials.round_trip([*outcomes.items()])


def moved(**other):
    names = ("orders", "lines", "ledger")
    after = {name: other.get(name, LOADED) for name in names}
    return transactions.done(Answer(200, {}, "POST /x"), dict.fromkeys(names, BEFORE), after)


def asked(**other):
    """What Nessie gives for each delegation header, but for the other answers to a POST."""
    as_known = {"absent": "both", "empty": "none", "vended": "keys", "signing": "signer", "both": "both"}
    every = {"keys": {"s3.secret-access-key": "x"}, "signer": {"s3.signer": "x"}, "none": {}}
    every["both"] = every["keys"] | every["signer"]
    answers = {
        header: [Answer(200, {"config": every[given]}, "GET /t"), Answer(200, {"config": every[more]}, "POST /t")]
        for header, given in as_known.items()
        for more in [other.get(header, given)]
    }
    return delegation.as_asked(answers, vends=True, signs=True)


def told(*files):
    one = {"version": 1, "affected_files": [*files], "detected_at": "2026-01-01T00:00:00.5Z"}
    second = versions.Step(a_run(started_at="2026-01-01T00:00:02Z"), ["b"], {"x": "int"})
    return versions.told([one], [versions.Step(a_run(), ["a"], {}), second])


def unrefused(**other):
    one = {"who": "altered token", "operation": "get", "object": "s3://w/n/orders/data/x", "outcome": "allowed"}
    return credentials.all_refused([Attempt(**(one | {"answer": "200"} | other))])


def wider(**other):
    role = {"who": "writer's key", "operation": "assume again", "object": "arn:aws:iam:::role/lakebook-0af3"}
    return unrefused(**(role | other))


def opened(**other):
    place = "abfss://lakebook-warehouse@lakebook.dfs.core.windows.net/n/orders2/x"
    return unrefused(**({"who": "key for orders", "object": place} | other))


def setup(said, *, rows_there=0, cause="credential|signature"):
    return mistakes.failed_for(failed(("access_denied", said)), cause=cause, address="http://h:1", rows=rows_there)


DENIED = "cannot read s3://b/data/ at http://h:1: AccessDenied: None"
UNFOUND = "Cannot find snapshot with ID 7"
LACKING = {"missing_columns": ("region", "metadata")}
RETYPED = (
    "count: int, expected long",
    "share: float, expected double",
    "price: decimal(7, 2), expected decimal(20, 2)",
)

# Of each requirement: what its check gets because of the known failure, and what it gets because of other defects.
CASES = [
    *(
        (NESSIE, one, runs.only_new(AS_KNOWN, LANDED), [runs.only_new(other, LANDED) for other in OTHERWISE])
        for one in ("EVO-04", "EVO-07", "EVO-08", "EVO-15", "EVO-17", "ING-26")
    ),
    (NESSIE, "EVO-14", both(AS_KNOWN), [both(other) for other in OTHERWISE]),
    (NESSIE, "EVO-14", both(SETTLED), [both(other) for other in OTHERWISE]),
    *(
        (
            NESSIE,
            one,
            added(BEFORE),
            [
                added(replace(BEFORE, uuid="1bf")),
                added(replace(BEFORE, fields={1: "timestamp", 2: "id"})),
                added(replace(LOADED, lineage=((8, "append"), *BEFORE.lineage))),
            ],
        )
        for one in ("EVO-01", "EVO-07", "EVO-14", "EVO-17")
    ),
    (NESSIE, "EVO-07", added(BEFORE, dropped=["value"]), [added(replace(BEFORE, fields={1: "id"}), dropped=["value"])]),
    *(
        (
            NESSIE,
            one,
            added(LOADED, new=[]),
            [
                added(BEFORE, new=[]),  # `ignore` appended nothing
                added(replace(LOADED, uuid="1bf"), new=[]),
                added(replace(LOADED, fields={**OLD, 6: "region"}), new=[]),
                added(replace(LOADED, lineage=((8, "overwrite"),)), new=[]),
            ],
        )
        for one in ("EVO-06", "EVO-07")
    ),
    (NESSIE, "EVO-08", added(BEFORE, new=[]), [added(replace(BEFORE, uuid="1bf"), new=[])]),
    (
        NESSIE,
        "EVO-02",
        nulls("region", *NEW[:4]),
        [nulls("region", *NEW[:4], rows_there=20), nulls(*NEW[:4], region=5)],
    ),
    (NESSIE, "EVO-03", same(0, **LACKING), [same(5, **LACKING), same(0, missing_columns=("id",))]),
    (
        NESSIE,
        "EVO-04",
        same(missing=(ROW,)),
        [same(missing=({**ROW, "id": 0},)), lost(29, {**ROW, "id": 29}), lost(0, ROW)],
    ),
    (NESSIE, "EVO-07", same(**LACKING), [same(missing=(ROW,)), same(0, **LACKING), same(missing_columns=("value",))]),
    (NESSIE, "EVO-08", schema.columns(NARROW, WIDE), [schema.columns({**NARROW, "share": "string"}, WIDE)]),
    (NESSIE, "EVO-08", same(other_types=RETYPED), [same(other_types=(*RETYPED[:2], "price: string, expected long"))]),
    (
        NESSIE,
        "EVO-10",
        tidied(),
        [tidied("refused", "ValueError: no such column"), tidied("failed", "ServerError: 500")],
    ),
    (NESSIE, "EVO-10", in_order(*OLD.values()), [in_order("timestamp", "id"), in_order(), in_order("id", "timestamp")]),
    (NESSIE, "EVO-10", same(50, missing_columns=("amount",)), [same(49, missing_columns=("amount",))]),
    (
        NESSIE,
        "EVO-10",
        nulls(event_type=30),
        [nulls(event_type=29), nulls("event_type"), nulls(event_type=30, rows_there=20)],
    ),
    (
        NESSIE,
        "EVO-11",
        taken(with_amount({**OLD, 6: "amount"})),
        [taken(with_amount({**OLD, 5: "amount"})), taken(BEFORE)],
    ),
    (NESSIE, "EVO-16", told("a"), [told("a", "b"), told()]),
    (
        NESSIE,
        "EVO-17",
        same(50, missing_columns=("note",)),
        [same(49, missing_columns=("note",)), same(missing=(ROW,))],
    ),
    (
        NESSIE,
        "VEND-01",
        trip("add a column", f"CommitStateUnknownException: {BAD_REQUEST}"),
        [
            trip("append", f"CommitStateUnknownException: {BAD_REQUEST}"),
            trip("add a column", "403"),
            trip("append", "403"),
        ],
    ),
    (NESSIE, "CAT-07", same(refusal=UNFOUND), [same(refusal="403"), lost(0, refusal=UNFOUND)]),
    (NESSIE, "CAT-05", moved(), [moved(orders=replace(LOADED, uuid="1bf")), moved(orders=BEFORE)]),
    (
        NESSIE,
        "CAT-03",
        tables.purged(3, ["s3://x"], ["a", "b"], ["a", "b"]),
        [tables.purged(3, ["s3://x"], ["a"], ["a", "b"])],
    ),
    (NESSIE, "ING-22", lost(0, ROW), [same(missing=(ROW,)), lost(29, ROW), same(0, missing=(ROW,))]),
    (
        NESSIE,
        "VEND-10",
        asked(),
        [asked(empty="keys"), asked(vended="both"), asked(signing="keys"), asked(absent="keys")],
    ),
    (RADOSGW, "VEND-07", unrefused(), [unrefused(who="no token"), unrefused(object="s3://w/n/customers/data/x")]),
    (
        RADOSGW,
        "VEND-18",
        wider(),
        [wider(operation="new user"), wider(object="arn:aws:iam:::role/admin"), wider(answer="500")],
    ),
    (
        RADOSGW,
        "ING-31",
        setup(DENIED),
        [
            setup("cannot read s3://b/data/: AccessDenied: None"),
            setup(DENIED.replace("h:1", "h:12")),
            setup(DENIED, rows_there=5),
            setup(DENIED, cause="bucket"),
        ],
    ),
    (AZURITE, "VEND-05", opened(), [opened(object="abfss://another@lakebook/n/x"), opened(who="key for customers")]),
    (AZURITE, "VEND-14", opened(who="bob's key"), [opened(who="nobody's key"), opened(who="bob's key", answer="500")]),
]


def explained(name, requirement, decision):
    assert decision.ok is False
    listed = [one for one in profile.outline(name).known_failures if one.requirement == requirement]
    return [one.reason for one in listed if one.explains(shown(decision.got), shown(decision.expected))]


@pytest.mark.parametrize(("name", "requirement", "known"), [case[:3] for case in CASES])
def test_what_is_known_is_explained_by_one_entry(name, requirement, known):
    assert len(explained(name, requirement, known)) == 1


@pytest.mark.parametrize(
    ("name", "requirement", "other"), [(name, one, other) for name, one, _, others in CASES for other in others]
)
def test_another_defect_of_the_requirement_is_not_known(name, requirement, other):
    assert explained(name, requirement, other) == []


def test_a_policy_that_fails_the_run_and_changes_the_table_is_not_known():
    named = failed(("schema_change", "new fields: region, metadata"))
    assert evolution.failed_by_policy(named, BEFORE, BEFORE, fields=["region", "metadata"]).ok
    for run, after in ((named, LOADED), (AS_KNOWN, BEFORE), (AS_KNOWN, LOADED)):
        assert explained(NESSIE, "EVO-07", evolution.failed_by_policy(run, BEFORE, after, fields=NEW)) == []


SHIPPED = {
    (one.requirement, one.got, one.expected): one
    for name in profile.names()
    for one in profile.outline(name).known_failures
}


@pytest.mark.parametrize("entry", SHIPPED.values(), ids=lambda one: f"{one.requirement}: {one.reason}")
def test_an_entry_says_what_was_answered_how_to_see_it_alone_and_what_a_check_gets(entry):
    assert all((entry.reason, entry.link, entry.versions, entry.answer, entry.got))
    assert (project.root() / entry.reproduction).is_file()
