"""Objects, signatures and tokens on real stores of each cloud: what a check sees there is what the store answers."""

import json
from datetime import UTC, datetime, timedelta

import pytest
import stores
from azure.storage.blob import generate_container_sas
from azure.storage.filedatalake import generate_directory_sas

from lakebook import web
from lakebook.errors import ServiceError
from lakebook.lake import access, clients, vended
from lakebook.lake.cloud_io import AzureFileIO
from lakebook.lake.cloud_reach import Signature, Token
from lakebook.lake.http import Answer
from lakebook.stack import object_store, warehouse

OTHER_THAN_S3 = ("azurite", "fake_gcs", "local_files")
ALL = (*access.OPERATIONS, "list", "copy")
AZURE = "abfss://c@lakebook.dfs.core.windows.net/orders"


@pytest.fixture(scope="module", params=stores.here(*OTHER_THAN_S3))
def store(request, tmp_path_factory):
    with stores.running(request.param, tmp_path_factory.mktemp(request.param)) as running:
        yield running.endpoint


@pytest.fixture(scope="module", params=stores.here("azurite"))
def azurite(request, tmp_path_factory):
    with stores.running(request.param, tmp_path_factory.mktemp("azurite")) as running:
        yield running.endpoint


@pytest.fixture(scope="module", params=stores.here("fake_gcs"))
def gcs(request, tmp_path_factory):
    with stores.running(request.param, tmp_path_factory.mktemp("gcs")) as running:
        yield running.endpoint


def signature(store, permission, *, seconds=60):
    key, account = warehouse.own_key(store)["adls.account-key"], warehouse.properties(store)["adls.account-name"]
    expiry = datetime.now(UTC) + timedelta(seconds=seconds)
    sas = generate_container_sas(
        account, object_store.WAREHOUSE_BUCKET, account_key=key, permission=permission, expiry=expiry
    )
    return Signature(sas, f"{store.url}/{account}")


def outcomes(store, reach, operations=ALL):
    place = f"{warehouse.location(store)}/orders/data/inside.txt"
    own = clients.objects(store, None)
    own.put(place, b"inside")
    tried = access.attempts("a key", reach, own, [place], operations, into=place)
    return {one.operation: (one.outcome, one.answer) for one in tried}


def test_objects_are_stored_read_listed_by_how_they_begin_and_removed(store):
    own, home = clients.objects(store, None), f"{warehouse.location(store)}/ns"
    for place in (f"{home}/orders/a.txt", f"{home}/orders/deep/b.txt", f"{home}/orders2/c.txt"):
        own.put(place, place.encode())
    assert own.read(f"{home}/orders2/c.txt") == f"{home}/orders2/c.txt".encode()
    assert sorted(own.starting(f"{home}/orders/")) == [f"{home}/orders/a.txt", f"{home}/orders/deep/b.txt"]
    assert len(own.starting(f"{home}/orders")) == 3
    own.remove(f"{home}/orders/")
    assert own.starting(f"{home}/") == [f"{home}/orders2/c.txt"]
    assert own.starting(f"{home}/none/") == []


def test_a_signature_does_what_it_allows_and_no_more(azurite):
    assert {outcome for outcome, _ in outcomes(azurite, signature(azurite, "racwdl")).values()} == {"allowed"}
    reads = {name: outcome for name, (outcome, _) in outcomes(azurite, signature(azurite, "rl")).items()}
    assert {name for name, outcome in reads.items() if outcome == "allowed"} == {"get", "head", "list"}
    assert set(reads.values()) == {"allowed", "refused"}


def test_a_signature_that_was_tampered_with_or_is_over_opens_nothing(azurite):
    good, other = (signature(azurite, "rl") for _ in range(2))
    forged = access.forgeries(good, other)
    assert len(forged) == 4
    for name, keys in {**forged, "over": signature(azurite, "racwdl", seconds=-60)}.items():
        refused = {outcome for outcome, _ in outcomes(azurite, keys, ("get", "put")).values()}
        assert refused == {"refused"}, name


def test_azurite_takes_no_signature_for_a_directory_so_that_one_opens_the_neighbours(azurite):
    key, account = warehouse.own_key(azurite)["adls.account-key"], warehouse.properties(azurite)["adls.account-name"]
    expiry, bucket = datetime.now(UTC) + timedelta(seconds=60), object_store.WAREHOUSE_BUCKET
    for folder in ("warehouse/orders", "warehouse/other"):
        sas = generate_directory_sas(account, bucket, folder, credential=key, permission="racwdl", expiry=expiry)
        narrow = Signature(sas, f"{azurite.url}/{account}")
        assert {outcome for outcome, _ in outcomes(azurite, narrow, ("get", "put", "list")).values()} == {"refused"}
    assert outcomes(azurite, signature(azurite, "racwdl"), ("list", "copy"))["list"][0] == "allowed"


def token(store, grant="write", *, place=None):
    """What the catalog would vend for a table in this store."""
    boundary = {"write": "objectAdmin", "read": "objectViewer"}[grant]
    bucket, _, path = (place or f"{warehouse.location(store)}/orders").removeprefix("gs://").partition("/")
    rule = {
        "availableResource": f"//storage.googleapis.com/projects/_/buckets/{bucket}",
        "availablePermissions": [f"inRole:roles/storage.{boundary}"],
        "availabilityCondition": {
            "expression": f"resource.name.startsWith('projects/_/buckets/{bucket}/objects/{path}/') || "
            f"api.getAttribute('storage.googleapis.com/objectListPrefix', '').startsWith('{path}/')"
        },
    }
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token": warehouse.own_key(store)["gcs.oauth2.token"],
        "options": json.dumps({"accessBoundary": {"accessBoundaryRules": [rule]}}),
    }
    answer = web.post(f"{store.url}/v1/token", data=form, timeout=30).raise_for_status()
    return Token(answer.json()["access_token"], store.url)


def test_what_is_missing_or_does_not_answer_is_no_refusal(azurite, gcs):
    writer, nowhere = signature(azurite, "racwdl"), Signature("sig=x", "http://127.0.0.1:9/lakebook")
    missing = f"{warehouse.location(azurite)}/nothing.txt"
    assert access.outcome(lambda: writer.get(missing)) == ("undecided", "404 BlobNotFound")
    assert access.outcome(lambda: nowhere.get(missing)) == ("undecided", "ConnectError")
    reader = token(gcs)
    assert access.outcome(lambda: reader.get(f"{warehouse.location(gcs)}/orders/nothing.txt"))[0] == "undecided"


def test_a_token_of_googles_does_what_its_boundary_allows_and_no_more(gcs):
    assert {outcome for outcome, _ in outcomes(gcs, token(gcs)).values()} == {"allowed"}
    reads = {name: outcome for name, (outcome, _) in outcomes(gcs, token(gcs, "read")).items()}
    assert {name for name, outcome in reads.items() if outcome == "allowed"} == {"get", "head", "list"}
    assert set(reads.values()) == {"allowed", "refused"}
    neighbour = token(gcs, place=f"{warehouse.location(gcs)}/orders2")
    assert {outcome for outcome, _ in outcomes(gcs, neighbour).values()} == {"refused"}


def test_a_token_of_googles_that_was_tampered_with_opens_nothing(gcs):
    forged = access.forgeries(token(gcs), token(gcs))
    assert set(forged) == {"no token", "altered token"}
    for name, keys in forged.items():
        assert {outcome for outcome, _ in outcomes(gcs, keys, ("get", "put")).values()} == {"refused"}, name


def test_the_first_byte_alone_is_read_where_that_is_asked(azurite, gcs):
    for store, reach in ((azurite, signature(azurite, "rl")), (gcs, token(gcs))):
        clients.objects(store, None).put(place := f"{warehouse.location(store)}/orders/long.txt", b"abc")
        assert (reach.get(place), reach.get(place, first_byte=True)) == (b"abc", b"a")


def test_pyicebergs_client_of_azure_deletes_a_blob_once(azurite):
    own, place = clients.objects(azurite, None), f"{warehouse.location(azurite)}/gone.txt"
    own.put(place, b"x")
    io = AzureFileIO({**warehouse.properties(azurite), **warehouse.own_key(azurite)})
    io.delete(place)
    assert own.starting(place) == []
    with pytest.raises(FileNotFoundError):
        io.delete(place)


@pytest.mark.parametrize("form", [AZURE, "abfss://c/orders"])
def test_a_path_in_azure_begins_with_the_container(form):
    assert AzureFileIO.parse_location(form)[2] == "c/orders"


def answer(**config):
    sent = {"storage-credentials": [{"prefix": AZURE, "config": config}]}
    return Answer(200, sent, "GET /v1/lake/namespaces/n/tables/orders")


def test_what_is_vended_is_used_in_its_clouds_own_way():
    host = "lakebook.dfs.core.windows.net"
    azure = vended.of(
        answer(**{f"adls.sas-token.{host}": "sv=1&sig=x", f"adls.sas-token-expires-at-ms.{host}": "1767225600000"}), {}
    )
    assert azure.keys == Signature("sv=1&sig=x", "https://lakebook.blob.core.windows.net")
    assert (azure.secret_name, str(azure.expires_at)) == ("adls.sas-token", "2026-01-01 00:00:00+00:00")
    google = vended.of(answer(**{"gcs.oauth2.token": "ya29", "gcs.oauth2.token-expires-at": "1767225600000"}), {})
    assert google.keys == Token("ya29", "https://storage.googleapis.com")
    assert google.secret_name == "gcs.oauth2.token"
    with pytest.raises(ServiceError, match="vended no credentials"):
        vended.of(answer(**{"adls.account-name": "lakebook"}), {})


def test_nobody_sees_a_key_that_is_shown():
    for keys in (Signature("a-secret", "http://x"), Token("a-secret", "http://x")):
        assert "a-secret" not in repr(keys)
