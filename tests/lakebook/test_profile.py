"""A profile's file, then its local override, then the environment; variables with and without defaults."""

import pytest

from lakebook import profile, project, secret
from lakebook.errors import ConfigurationError
from lakebook.known_failure import KnownFailure

TEXT = """
title: For a test
storage: {service: moto}
catalog: {service: tinylake_catalog, credential_seconds: 60}
engine: {service: sail}
ingestion: {service: tinylake_autoloader}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    (tmp_path / "parameters" / "profiles").mkdir(parents=True)
    monkeypatch.setattr(project, "root", lambda: tmp_path)

    def write(name, text):
        (tmp_path / "parameters" / "profiles" / name).write_text(text)

    return write


def test_the_file_alone(write):
    write("mine.yaml", TEXT)
    assert profile.load("mine").roles["catalog"].settings == {"credential_seconds": 60}


def test_the_local_override_changes_one_setting_and_keeps_the_rest(write):
    write("mine.yaml", TEXT)
    write("mine.local.yaml", "catalog: {port: 4000}")
    assert profile.load("mine").roles["catalog"].settings == {"credential_seconds": 60, "port": 4000}


def test_the_environment_comes_last(write, monkeypatch):
    write("mine.yaml", TEXT)
    write("mine.local.yaml", "catalog: {port: 4000}")
    monkeypatch.setenv("LAKEBOOK__CATALOG__PORT", "5000")
    assert profile.load("mine").roles["catalog"].settings["port"] == "5000"


def test_a_local_override_is_not_a_profile_of_its_own(write):
    write("mine.yaml", TEXT)
    write("mine.local.yaml", "{}")
    assert profile.names() == ["mine"]


def test_a_variable_is_filled_in_and_its_default_where_it_is_not_set(write, monkeypatch):
    write("mine.yaml", TEXT.replace("For a test", "${WHO:-nobody} and ${HOME_TOWN}"))
    monkeypatch.setenv("HOME_TOWN", "Ulm")
    assert profile.load("mine").title == "nobody and Ulm"


def test_an_unset_variable_without_a_default_is_named(write):
    write("mine.yaml", TEXT.replace("For a test", "${NOT_SET_ANYWHERE}"))
    with pytest.raises(ConfigurationError, match="NOT_SET_ANYWHERE"):
        profile.load("mine")


def test_an_unknown_profile_names_the_nearest(write):
    write("mine.yaml", TEXT)
    with pytest.raises(ConfigurationError, match="did you mean mine"):
        profile.load("mines")


@pytest.mark.parametrize("text", ["storage: [", "- a list", TEXT + "surprise: 1", TEXT.replace("engine", "motor")])
def test_a_broken_profile_is_one_clear_error(write, text):
    write("mine.yaml", text)
    with pytest.raises(ConfigurationError) as raised:
        profile.load("mine")
    assert raised.value.expected
    assert raised.value.got


def test_a_known_failure_of_an_unknown_requirement_is_refused(write, monkeypatch):
    failure = "{requirement: XYZ-01, kind: never, reason: r, link: l, versions: ==1}"
    write("mine.yaml", f"{TEXT}known_failures: [{failure}]")
    monkeypatch.setattr("lakebook.requirement.all_requirements", lambda: {"ING-01": None})
    with pytest.raises(ConfigurationError, match="XYZ-01"):
        profile.load("mine")


REST = "reason: r, link: l, versions: ==1"
NEEDY = TEXT.replace("moto", "s3").replace("title: For", "executed: never\ntitle: ${TITLE:-For}")
NEEDY = NEEDY.replace("{service: s3}", '{service: s3, address: "${OWN_S3}", region: "${OWN_REGION:-mars}"}')


def test_an_outline_needs_no_variable_and_names_those_that_are_not_set(write, monkeypatch):
    monkeypatch.delenv("OWN_S3", raising=False)
    write("mine.yaml", NEEDY)
    with pytest.raises(ConfigurationError, match="OWN_S3 is not set"):
        profile.load("mine")
    found = profile.outline("mine")
    assert (found.unset, found.caption) == (("OWN_S3",), "For a test (never executed so far)")
    assert found.roles["storage"].settings == {"address": "${OWN_S3}", "region": "mars"}
    monkeypatch.setenv("OWN_S3", "http://here")
    assert profile.outline("mine").unset == ()
    assert profile.load("mine").never_executed


@pytest.mark.parametrize(
    ("versions", "running", "covered"),
    [
        ("==0.99.0", {"nessie": "0.99.0"}, True),
        ("0.99.0", {"nessie": "0.99.0"}, True),
        ("nessie <0.105", {"nessie": "0.99.0", "sail": "0.105"}, True),
        ("nessie ==0.105", {"nessie": "0.99.0", "sail": "0.105"}, False),
        ("nessie 0.99.0; mended in 0.105.3", {"nessie": "0.99.0"}, True),
        (">=16,<17", {"radosgw": "16.2.15"}, True),
        ("radosgw 16.2.15", {"radosgw": "17.2.0"}, False),
        (">=1", {"rest_catalog": "unstated"}, False),
        ("rest_catalog any; it states none", {"rest_catalog": "unstated"}, True),
        ("rest_catalog any", {"nessie": "0.99.0"}, False),
    ],
)
def test_a_known_failure_says_of_which_versions_it_is_known(versions, running, covered):
    given = {"requirement": "ING-01", "kind": "never", "reason": "r", "link": "l", "versions": versions}
    assert KnownFailure(**given).covers(running) is covered


def test_versions_that_cannot_be_compared_are_refused(write):
    failure = "{requirement: ING-01, kind: never, reason: r, link: l, versions: all of them}"
    write("mine.yaml", f"{TEXT}known_failures: [{failure}]")
    with pytest.raises(ConfigurationError, match="the profile mine is broken") as told:
        profile.load("mine")
    assert "nessie ==0.99.0" in str(told.value)


def test_an_entry_of_several_requirements_is_one_of_each(write):
    write("mine.yaml", f"{TEXT}known_failures: [{{requirement: [ING-01, ING-02], kind: never, {REST}}}]")
    found = profile.load("mine").known_failures
    assert [(one.requirement, one.reason) for one in found] == [("ING-01", "r"), ("ING-02", "r")]


def test_a_list_that_several_profiles_share_is_taken_from_its_file_beside_entries_of_ones_own(write, tmp_path):
    (tmp_path / "parameters" / "known_failures").mkdir()
    shared = f"[{{requirement: [ING-01, ING-02], kind: never, {REST}}}]"
    (tmp_path / "parameters" / "known_failures" / "ours.yaml").write_text(shared)
    own = f"{{requirement: ING-03, kind: never, {REST}}}"
    write("mine.yaml", f"{TEXT}known_failures: [{{from: ours}}, {own}]")
    assert [one.requirement for one in profile.load("mine").known_failures] == ["ING-01", "ING-02", "ING-03"]


@pytest.mark.parametrize(
    ("text", "says"),
    [(None, "from: ours is no file of parameters/known_failures: there is none"), ("a: 1", "no list"), ("[", "YAML")],
)
def test_a_shared_list_that_is_absent_or_none_is_refused(write, tmp_path, text, says):
    if text is not None:
        (tmp_path / "parameters" / "known_failures").mkdir()
        (tmp_path / "parameters" / "known_failures" / "ours.yaml").write_text(text)
    write("mine.yaml", f"{TEXT}known_failures: [from: ours]")
    with pytest.raises(ConfigurationError, match=says):
        profile.load("mine")


def test_a_pattern_that_is_none_is_refused(write):
    entry = "{requirement: ING-04, kind: never, reason: r, link: l, versions: '1', got: '('}"
    write("mine.yaml", f"{TEXT}known_failures: [{entry}]")
    with pytest.raises(ConfigurationError, match="not a pattern"):
        profile.load("mine")


def test_secrets_among_the_settings_are_known_before_anything_is_done_with_them(write, monkeypatch):
    write("mine.yaml", f"{TEXT}cache: {{service: redis, admin_key: not-a-word, principals: {{bob: of-bob-alone}}}}")
    monkeypatch.setenv("LAKEBOOK__STORAGE__SECRET_ACCESS_KEY", "from-the-environment")
    profile.load("mine")
    said = secret.redact("from-the-environment of-bob-alone not-a-word")
    assert said == f"{secret.MASK} {secret.MASK} not-a-word"
