"""Proof that the checks can fail on Google's storage, too: a boundary that is too wide is found."""

import pytest
import stores

from lakebook import profile
from lakebook.proof import prove
from mutants import prefix_without_slash


@pytest.mark.slow
@pytest.mark.timeout(900)
@stores.asked_for("fake-gcs")
def test_a_boundary_without_its_last_slash_is_found(tmp_path):
    one = prove.one(prefix_without_slash.MUTANT, profile.load("fake-gcs"), tmp_path)
    assert set(one.red) == set(prefix_without_slash.MUTANT.finds)
    assert not one.undecided
