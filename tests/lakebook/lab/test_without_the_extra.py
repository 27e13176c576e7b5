"""An environment without JupyterLab."""

import importlib.util

import pytest
import workbook


@pytest.mark.skipif(importlib.util.find_spec("jupyterlab") is not None, reason="this environment has the extra lab")
@pytest.mark.parametrize("arguments", [["lab"], ["debug", "last", "incremental"]], ids=["lab", "debug"])
def test_the_command_says_what_to_type(tmp_path, arguments):
    book = workbook.make(tmp_path / "book")
    done = book.lakebook(*arguments)
    assert done.returncode == 2
    assert "JupyterLab is not installed" in done.stderr
    assert "uv run --extra lab lakebook" in done.stderr
    assert not book.processes()
    book.end()
