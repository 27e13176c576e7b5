"""Pangolin's known failures: each explains what it is about, as the deciders show it, and no other defect beside it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lakebook import profile
from lakebook.checks import answers, credentials, declared, delegation, exposure, namespaces, refusals
from lakebook.checks.plain import shown
from lakebook.lake import catalog_requests, operations
from lakebook.lake.access import Attempt
from lakebook.lake.http import Answer
from lakebook.lake.vended import Vended
from lakebook.s3 import Keys

LOCAL = [f"pangolin-{store}{mode}" for store in ("memory", "sqlite", "postgres") for mode in ("", "-client")]
EVERY = [*LOCAL, "pangolin-mongodb", "pangolin-mongodb-client"]
GIVE = [name for name in LOCAL if not name.endswith("-client")]
KNOWN_OF_HEADERS = [name for name in LOCAL if name != "pangolin-memory-client"]
HOME = "/v1/lake/namespaces/lakebook_delegation_1"
REFUSED, LOG = "answer to a key among the properties of a refused table", "log of pangolin"
KEYS = {"s3.secret-access-key": "x", "s3.access-key-id": "AKID"}
LOADED = {"config": {"s3.endpoint": "http://x", **KEYS}}


def explained(name, requirement, decision):
    """Whether a profile knows what a decider found, which must be a failure."""
    assert decision.ok is False
    known = [one for one in profile.outline(name).known_failures if one.requirement == requirement]
    return any(one.explains(shown(decision.got)) for one in known)


def alternatives(pattern):
    """The alternatives of a pattern that stand in no group."""
    plain = re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]", lambda found: "x" * len(found[0]), pattern)
    depth, begins, parts = 0, 0, []
    for at, letter in enumerate(plain):
        depth += (letter == "(") - (letter == ")")
        if letter == "|" and not depth:
            parts.append(pattern[begins:at])
            begins = at + 1
    return [*parts, pattern[begins:]]


@pytest.mark.parametrize("name", EVERY)
def test_each_pattern_of_a_vended_key_or_a_token_is_whole(name):
    security = [one for one in profile.outline(name).known_failures if one.requirement.startswith("VEND-")]
    broken = [(one.requirement, part) for one in security for part in alternatives(one.got) if not whole(part)]
    assert not broken


def whole(part):
    return part.startswith("^") and part.endswith("$") and not part.endswith(r"\$") and ".*" not in part


def asked(**changed):
    """The answers to each kind of token, as Pangolin gives them, but for those of some kinds and requests."""
    requests = {
        "config": "GET /v1/config?warehouse=lakebook",
        "namespaces": "GET /v1/lake/namespaces",
        "new": "POST /v1/lake/namespaces",
        "table": f"GET {HOME}/tables/orders",
        "commit": f"POST {HOME}/tables/orders",
    }
    return {
        token: [changed.get(f"{token}_{what}", answered(token, what)).of(request) for what, request in requests.items()]
        for token in ("none", "wrong", "no bearer", "good")
    }


class Told:
    """A status and a body, to whatever was asked."""

    def __init__(self, status, body):
        self.status, self.body = status, body

    def of(self, request):
        return Answer(self.status, self.body, request)


def answered(token, what):
    return Told(200, {"defaults": {}}) if "good" in token or what == "config" else Told(401, "Invalid token")


@pytest.mark.parametrize("name", EVERY)
def test_an_open_configuration_is_known_and_a_table_for_a_wrong_token_is_not(name):
    def known(**changed):
        return explained(name, "VEND-15", refusals.unauthenticated(asked(**changed)))

    assert known()
    for token in ("none", "wrong"):
        for what in ("namespaces", "new", "table", "commit"):
            assert not known(**{f"{token}_{what}": Told(200, LOADED)})
            assert not known(**{f"{token}_{what}": Told(500, "boom")})
    assert not known(good_table=Told(401, "Invalid token"))
    assert not known(none_config=Told(500, "boom"))


SECRETS = {
    "storage: catalog_key": "the-key",
    "storage: catalog_secret": "the-secret",
    "catalog: root_password": "the-password",
}


@pytest.mark.parametrize("name", ["pangolin-memory", "pangolin-sqlite", "pangolin-postgres", "pangolin-sqlite-client"])
def test_a_key_that_is_known_to_spill_hides_no_password_that_does(name):
    spot, other = (REFUSED, LOG) if name == "pangolin-memory" else (LOG, REFUSED)

    def spilled(where, *values):
        places = {REFUSED: "word", LOG: "word", where: " ".join(["word", *values])}
        return explained(name, "VEND-13", exposure.nowhere(SECRETS, places, {"answer": "word", "log": "word"}))

    assert spilled(spot, "the-key", "the-secret")
    assert not spilled(spot, "the-key", "the-secret", "the-password")
    assert not spilled(spot, "the-password")
    assert not spilled(other, "the-key", "the-secret")


@pytest.mark.parametrize("name", EVERY)
def test_what_is_not_served_is_known_and_a_500_beside_it_is_not(name):
    known = {one.declared: one for one in operations.OPERATIONS}
    told = {what: as_pangolin(what, gives=not name.endswith("-client")) for what in (*known, *operations.MADE_UP)}
    decide = operations.DEFAULT, operations.OPERATIONS
    assert explained(name, "CAT-10", declared.as_declared(decide[0], told, decide[1]))
    for what in told:
        other = {**told, what: Answer(500, "boom", what)}
        assert not explained(name, "CAT-10", declared.as_declared(decide[0], other, decide[1])), what


def as_pangolin(what, *, gives):
    """What Pangolin 0.6.0 answers to an operation."""
    method, _, path = what.partition(" ")
    end = path.removeprefix("/v1/{prefix}").removeprefix("/namespaces/{namespace}")
    table = {"table-uuid": "u", "location": "l", "format-version": 2}
    told = {
        "GET ": (405, None),
        "HEAD ": (405, None),
        "HEAD /tables/{table}": (200, None),
        "GET /tables/{table}/credentials": (500, "Failed to vend credentials: S3 warehouse missing bucket")
        if gives
        else (400, "Catalog has no warehouse configured. Client must provide storage credentials."),
        "POST /views": (422, f"{_JSON}: missing field `sql` at line 1 column 326"),
        "GET /views": (405, None),
        "GET /views/{view}": (404, "View not found"),
        "POST /views/{view}": (405, None),
        "DELETE /views/{view}": (405, None),
        "PATCH /tables/{table}": (405, None),
    }.get(f"{method} {end}")
    if told is None and what in operations.DEFAULT and not path.endswith(("/register", "/transactions/commit")):
        served = next(one for one in operations.OPERATIONS if one.declared == what)
        body = {"namespaces": [], "namespace": [], "updated": [], "removed": [], "identifiers": [], "metadata": table}
        told = (served.statuses[0], {**body, "metadata-location": "m"} if served.fields else None)
    return Answer(*(told or (404, None)), what)


_JSON = "Failed to deserialize the JSON body into the target type"


@pytest.mark.parametrize("name", GIVE)
def test_that_the_warehouses_key_is_given_is_known_and_what_else_is_wrong_with_a_key_is_not(name):
    def given(**sets):
        vended = Vended(Keys("AKID", "x"), "", sets)
        return explained(name, "VEND-03", credentials.temporary(vended, ["AKID"], now=datetime.now(UTC)))

    assert given(config=KEYS)
    assert not given(config={**KEYS, "s3.session-token": "of another session"})
    assert not given(config=KEYS, defaults=KEYS)
    assert not given(config={**KEYS, "s3.access-key-id": "another's"})


@pytest.mark.parametrize("name", GIVE)
@pytest.mark.parametrize(
    ("requirement", "who", "operation", "object_"),
    [
        ("VEND-05", "key for orders", "get", "s3://lake/pangolin/a/orders2/data/inside.txt"),
        ("VEND-12", "key for orders", "put", "s3://lake/pangolin/a/above.txt"),
        ("VEND-07", "no token", "put", "s3://lake/pangolin/a/orders/data/inside.txt"),
        ("VEND-18", "writer's key", "get", "s3://lake/pangolin/a/customers/data/inside.txt"),
    ],
)
def test_a_key_that_opens_its_warehouse_is_known_and_one_that_opens_more_is_not(
    name, requirement, who, operation, object_
):
    one = Attempt(who, operation, object_, "allowed", "200")
    others = [
        replace(one, object="s3://lakebook-sources/a.json"),
        replace(one, operation="new user"),
        replace(one, who="reader's key"),
        replace(one, outcome="undecided", answer="500 InternalError"),
    ]
    assert explained(name, requirement, credentials.all_refused([one]))
    for other in others:
        assert not explained(name, requirement, credentials.all_refused([one, other]))


@pytest.mark.parametrize("name", KNOWN_OF_HEADERS)
def test_credentials_in_answer_to_the_wrong_header_are_known_where_they_are_given_and_a_500_of_a_load_is_not(name):
    gives, stages_once = name in GIVE, "memory" not in name

    def decided(**changed):
        told = {}
        for header in catalog_requests.HEADERS:
            body = {"config": KEYS if gives else {}}
            lost = stages_once and header != "absent"
            told[header] = [
                changed.get(header, Told(200, body)).of(f"GET {HOME}/tables/orders"),
                (Told(500, "Internal Server Error") if lost else Told(200, body)).of(f"POST {HOME}/tables"),
            ]
        return explained(name, "VEND-10", delegation.as_asked(told, vends=gives, signs=False))

    assert decided()
    assert not decided(vended=Told(500, "boom"))
    assert not decided(signing=Told(200, {"config": {**KEYS, "s3.signer.uri": "http://x"}}))


@pytest.mark.parametrize("name", KNOWN_OF_HEADERS)
def test_credentials_that_nobody_asked_for_are_known_of_tables_and_not_of_the_configuration(name):
    gives, stages_once = name in GIVE, "memory" not in name
    table = LOADED if gives else {"config": {}}
    bodies = {
        "GET /v1/config?warehouse=lakebook": {"defaults": {}},
        f"POST {HOME}/tables": table,
        f"GET {HOME}/tables/orders": table,
    }

    def decided(**changed):
        told = [Answer(200, changed.get(what.split()[0], body), what) for what, body in bodies.items()]
        told[1] = Answer(500, "Internal Server Error", told[1].request) if stages_once else told[1]
        return explained(name, "VEND-02", credentials.none_returned(told))

    assert decided()
    assert not decided(GET={"defaults": KEYS})


def refused_as(wanted, **statuses):
    """Each request by its name, refused with a status and without an error body, where a status and a type are due."""
    return answers.refused({what: (Answer(status, "no", what), *wanted) for what, status in statuses.items()})


@pytest.mark.parametrize("name", EVERY)
def test_refusals_without_a_body_are_known_by_their_statuses_and_other_statuses_are_not(name):
    missing = (404, "NoSuchNamespaceException")

    def of_namespaces(**other):
        known = {"load": 405, "list": 200, "change": 404, "drop": 404, "again": 200}
        return explained(name, "CAT-02", refused_as(missing, **(known | other)))

    def of_tables(**other):
        known = {"load": 404, "commit": 404, "drop": 404, "rename": 404}
        return explained(name, "CAT-03", refused_as((404, "NoSuchTableException"), **(known | other)))

    assert of_namespaces()
    assert of_namespaces(change=200, drop=204, again=500)
    assert not of_namespaces(drop=500)
    assert not of_namespaces(load=200)
    assert of_tables()
    assert of_tables(rename=204)
    assert not of_tables(drop=204)
    assert not of_tables(commit=200)


@pytest.mark.parametrize("name", EVERY)
def test_properties_that_stay_are_known_and_ones_that_are_not_set_are_not(name):
    def moved(**other):
        body = {"updated": ["owner"], "removed": [], "missing": []} | other
        wanted = {"updated": ["owner"], "removed": ["cost-centre"], "missing": ["colour"]}
        now = (Answer(405, None, "now"), 200, {"properties": {"owner": "team b", "cost-centre": None}})
        told = {"moved": (Answer(200, body, "moved"), 200, wanted), "now": now}
        return explained(name, "CAT-02", answers.served(told))

    assert moved()
    assert not moved(updated=[])
    assert not moved(removed=["cost-centre"])


@pytest.mark.parametrize("name", EVERY)
def test_a_namespace_that_is_made_inside_of_another_is_known_and_one_that_is_made_elsewhere_is_not(name):
    home = "lakebook_namespaces_1"
    inner = (home, "inner"), (home, "inner", "most")

    def made(*status):
        tried = {one: Answer(code, {}, "POST") for one, code in zip(inner, status, strict=True)}
        return explained(name, "CAT-02", namespaces.nested(tried, nests=False))

    def listed(*found):
        answer = Answer(200, {"namespaces": [[*one] for one in found]}, "GET")
        return explained(name, "CAT-02", namespaces.listed({(): answer}, {(): {(home,)}}, prefix=home))

    assert made(200, 200)
    assert not made(200, 500)
    assert listed((home,), *inner)
    assert not listed(*inner)
    assert not listed((home,), (f"{home}x",))
