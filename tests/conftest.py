"""What holds for all tests, the notebooks excepted."""

import pytest


@pytest.fixture(scope="session", autouse=True)
def without_the_profiles_of_this_run():
    """What CI covers is not for the runs that tests make: they name their profiles, or mean the default."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("LAKEBOOK_PROFILES", raising=False)
        yield
