"""The environment is read while another thread changes it, as pytest does before and after every test."""

from __future__ import annotations

import os
import threading

from lakebook.environment import snapshot


def test_a_variable_that_comes_and_goes_meanwhile_is_no_error(monkeypatch):
    monkeypatch.setenv("LAKEBOOK_STAYS", "here")
    done = threading.Event()

    def restless():
        while not done.is_set():
            os.environ["LAKEBOOK_COMES_AND_GOES"] = "now"
            del os.environ["LAKEBOOK_COMES_AND_GOES"]

    thread = threading.Thread(target=restless)
    thread.start()
    try:
        found = [snapshot() for _ in range(3000)]
    finally:
        done.set()
        thread.join()
    assert all(one["LAKEBOOK_STAYS"] == "here" for one in found)
