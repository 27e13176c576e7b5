"""What JupyterLab saves of a scenario: what a person typed, and nothing that came of running it."""

from __future__ import annotations

import copy

import nbformat
import pytest
import workbook
from nbformat import v4

from lakebook.lab import saving

METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def committed():
    cells = [v4.new_markdown_cell("# Title", id="title"), v4.new_code_cell("1 + 1", id="sum")]
    cells[1].metadata["tags"] = ["parameters"]
    return v4.new_notebook(cells=cells, metadata=copy.deepcopy(METADATA))


def stepped_through(notebook):
    """Return a notebook as JupyterLab has it once its cells ran."""
    ran = copy.deepcopy(notebook)
    ran.cells[1].outputs = [v4.new_output("execute_result", {"text/plain": "2"}, execution_count=1)]
    ran.cells[1].execution_count = 1
    ran.cells[1].metadata |= {"execution": {"iopub.execute_input": "2026-01-01T00:00:00Z"}, "trusted": True}
    ran.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    ran.metadata.language_info |= {"version": "3.11.7", "file_extension": ".py"}
    return ran


def saved(notebook, path):
    model = {"type": "notebook", "content": copy.deepcopy(notebook)}
    saving.without_outputs(model=model, path=path, contents_manager=None)
    return model["content"]


def test_a_scenario_that_was_stepped_through_is_saved_as_it_was_committed():
    assert saved(stepped_through(committed()), "notebooks/ingestion/basic.ipynb") == committed()


def test_what_was_typed_is_saved():
    changed = stepped_through(committed())
    changed.cells[1].source = "2 + 2"
    assert saved(changed, "/notebooks/ingestion/basic.ipynb").cells[1].source == "2 + 2"


@pytest.mark.parametrize("path", [".lakebook/lab/start.ipynb", "notes.ipynb"])
def test_other_notebooks_keep_their_outputs(path):
    ran = stepped_through(committed())
    assert saved(ran, path) == ran


def test_a_file_that_is_no_notebook_is_saved_as_it_is():
    model = {"type": "file", "content": "ING-01: {}"}
    saving.without_outputs(model=model, path="notebooks/requirements.yaml")
    assert model["content"] == "ING-01: {}"


def test_the_start_page_is_committed_as_it_is_saved():
    page = nbformat.read(workbook.ROOT / "notebooks" / "start.ipynb", as_version=4)
    assert saved(page, "notebooks/start.ipynb") == page
