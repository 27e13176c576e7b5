"""The store of the tables, where it is not that of the sources: who reaches it, and what depends on it."""

from dataclasses import replace

import pytest

from lakebook import profile
from lakebook.errors import ConfigurationError
from lakebook.profile import Role
from lakebook.stack import resolution, services, warehouse
from lakebook.stack.service import EVERYWHERE

ON_LOCAL_FILES = profile.load("local-files")


@pytest.mark.parametrize(
    ("role", "kind"), [("catalog", "nessie"), ("engine", "spark"), ("ingestion", "tinylake_autoloader_on_spark")]
)
def test_a_service_that_does_not_reach_the_tables_is_named_with_their_store(role, kind):
    wrong = replace(ON_LOCAL_FILES, roles={**ON_LOCAL_FILES.roles, role: Role(kind, {})})
    with pytest.raises(ConfigurationError, match=f"the {role} {kind} does not reach tables in local_files"):
        resolution.kinds(wrong)


def test_every_store_keeps_tables_where_some_engine_and_catalog_reach_them():
    kinds = [services.get(kind) for kind in services.kinds()]
    assert {one.keeps for one in kinds} == EVERYWHERE
    assert all(one.reaches <= EVERYWHERE for one in kinds)


def test_what_a_store_without_tables_lacks_is_not_taken_from_the_profile():
    beside = {"expiry", "scoped_list", "scoped_copy"}
    embedded, azurite = (resolution.capabilities(profile.load(name))[1] for name in ("embedded", "azurite"))
    assert beside <= embedded.keys()
    assert beside & azurite.keys() == {"scoped_list", "scoped_copy"}
    assert all("Azurite" in azurite[name] for name in ("scoped_list", "scoped_copy"))


def test_tables_lie_in_the_storage_unless_a_profile_says_otherwise():
    assert warehouse.of({"storage": "one"}) == "one"
    assert warehouse.of({"storage": "one", "warehouse": "other"}) == "other"
