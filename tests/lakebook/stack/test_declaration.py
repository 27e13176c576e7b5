"""What a profile says of a service that is there already: in which forms, and what comes of what it does not say."""

import re

import pytest
import workbook

from lakebook import profile
from lakebook.errors import ConfigurationError
from lakebook.stack import declaration, resolution, services

STORE = "storage: {service: s3, address: 'http://127.0.0.1:9', access_key_id: k, secret_access_key: s"
STORE += ", warehouse_bucket: w, source_bucket: s"
REST = "service: rest_catalog, address: 'http://127.0.0.1:9'"
ENDS = "engine: {service: pyiceberg}\ningestion: {service: tinylake_autoloader}\n"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    made = workbook.make(tmp_path_factory.mktemp("declared") / "book")
    made.notebook("green", *workbook.GREEN)
    yield made
    made.end()


@pytest.fixture
def declared(book, monkeypatch):
    """What a profile can do, and what is absent, by what it says of its store and its catalog."""
    monkeypatch.setattr("lakebook.project.root", lambda: book.home)

    def capabilities(catalog, storage=""):
        book.profile("own", f"title: own\n{STORE}{storage}}}\ncatalog: {{{REST}{catalog}}}\n{ENDS}")
        return resolution.capabilities(profile.load("own"))

    return capabilities


@pytest.mark.parametrize("given", ["'vends, sts'", "[vends, sts]", "[vends, 'sts']"])
def test_what_it_can_do_is_a_list_or_a_text_with_commas(declared, given):
    has, lacks = declared(f", can: {given}")
    assert {"vends", "sts"} <= has
    assert not {"vends", "sts"} & lacks.keys()


def test_what_a_catalog_is_not_said_to_do_is_absent_because_nobody_declared_it(declared):
    _, lacks = declared(", can: [vends, sts]")
    assert lacks["scoped_list"] == "not declared: add it to catalog.can, if the catalog does it"
    assert "catalog.can, and reader to catalog.principals, if" in lacks["read_grants"]
    assert declaration.CATALOG.keys() - lacks.keys() == {"vends", "sts"}
    assert "used by its address" in lacks["own_catalog"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("[assumes_roles]", "the profile says so, in storage.cannot"),
        ("assumes_roles", "the profile says so, in storage.cannot"),
        ("{assumes_roles: it has no STS}", "it has no STS"),
    ],
)
def test_what_it_cannot_do_is_absent_with_its_reason(declared, given, reason):
    assert "assumes_roles" in declared("")[0]
    has, lacks = declared("", f", cannot: {given}")
    assert "assumes_roles" not in has
    assert lacks["assumes_roles"] == reason


@pytest.mark.parametrize("given", ["[vends, flies]", "'vends, flies'", "{flies: high}", "5"])
def test_a_word_that_is_none_is_refused_with_those_that_are(book, given):
    book.profile("odd", f"title: odd\n{STORE}}}\ncatalog: {{{REST}, can: {given}}}\n{ENDS}")
    done = book.lakebook("run", "--profile", "odd")
    assert done.returncode == 2
    assert "catalog.can of the profile odd" in done.stderr
    assert re.search(r"expected .*: vends, sts, read_grants, .*remote_signing$", done.stderr, re.MULTILINE)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("word", "missing"), [("read_grants", "reader"), ("principals", "alice")])
def test_grants_that_differ_are_not_believed_without_principals_that_have_them(declared, word, missing):
    with pytest.raises(ConfigurationError, match=f"expected .*{missing}") as told:
        declared(f", can: [vends, sts, {word}]")
    assert f"catalog.principals.{missing}" in told.value.todo
    assert word in declared(f", can: [{word}], principals: {{reader: r, alice: a, bob: b}}")[0]


def test_a_value_of_a_wrong_type_says_what_is_expected(book):
    book.profile("odd", f"title: odd\n{STORE}}}\ncatalog: {{{REST}, token: [t]}}\n{ENDS}")
    done = book.lakebook("run", "--profile", "odd")
    assert done.returncode == 2
    assert re.search(r"expected +a text$", done.stderr, re.MULTILINE)


@pytest.mark.parametrize("name", ["polaris", "lakekeeper"])
def test_a_template_declares_that_listings_and_copies_are_scoped(name, monkeypatch):
    for variable in ("POLARIS_CLIENT_SECRET", "LAKEKEEPER_CLIENT_SECRET", "LAKEKEEPER_TOKEN_URI"):
        monkeypatch.setenv(variable, "a-value")
    has, lacks = resolution.capabilities(profile.load(name))
    assert {"scoped_list", "scoped_copy", "multi_table_commit"} <= has
    assert "principals" in lacks["principals"]


def test_the_readme_says_what_each_word_means():
    table = (workbook.ROOT / "README.md").read_text().partition("| `can` | what it says |")[2].partition("\n\n")[0]
    assert dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", table, re.MULTILINE)) == declaration.CATALOG
    assert services.get("tinylake_catalog").has == declaration.CATALOG.keys()
