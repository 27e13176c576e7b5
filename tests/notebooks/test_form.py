"""What all notebooks must be like."""

import ast
import re

import nbformat
import papermill
import pytest

from lakebook import project, requirement
from lakebook.run import scenario

PATHS = sorted((project.root() / "notebooks").glob("*/*.ipynb"))
IN_PROSE = re.compile(r"\b[A-Z]{2,4}-\d{2,3}\b")


@pytest.fixture(params=PATHS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def notebook(request):
    return nbformat.read(request.param, as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_there_are_notebooks():
    assert PATHS


def test_it_is_committed_without_outputs(notebook):
    assert not any(cell.outputs or cell.execution_count for cell in code(notebook))


def test_it_has_one_parameters_cell_of_plain_values(notebook):
    tagged = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", ())]
    assert len(tagged) == 1
    assert 'profile = "embedded"' in tagged[0].source


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_papermill_sees_the_parameters_that_the_runner_sees(path):
    assert papermill.inspect_notebook(path).keys() == scenario.read(path).parameters.keys()


def test_it_begins_with_a_title_and_ends_with_finish(notebook):
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    assert notebook.cells[-1].source == "lake.finish()"


def test_code_cells_are_short_and_define_nothing(notebook):
    for cell in code(notebook):
        tree = ast.parse(cell.source)
        assert cell.source.count("\n") < 10, cell.source
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda)]


def test_prose_and_code_are_about_one_to_one(notebook):
    prose = sum(cell.cell_type == "markdown" for cell in notebook.cells)
    assert 0.6 <= prose / len(code(notebook)) <= 1.5


def test_nothing_in_it_can_hide_an_error(notebook):
    assert "allow_errors" not in str(notebook.metadata)
    assert not any(scenario.HIDING_TAGS.intersection(cell.metadata.get("tags", ())) for cell in notebook.cells)
    assert not any(isinstance(node, ast.Try) for cell in code(notebook) for node in ast.walk(ast.parse(cell.source)))


def test_it_names_no_backend_and_does_not_sleep(notebook):
    words = " ".join(cell.source for cell in code(notebook)).lower()
    for word in ("tinylake", "moto", "sail", "nessie", "pangolin", "polaris", "minio", "sleep", "print("):
        assert word not in words


def test_a_requirement_that_its_prose_names_is_checked(notebook):
    prose = " ".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    checked = " ".join(cell.source for cell in code(notebook))
    assert not [identifier for identifier in IN_PROSE.findall(prose) if identifier not in checked]


def test_a_workflow_folder_is_named_as_in_the_requirements():
    workflows = {one.workflow for one in requirement.all_requirements().values()}
    assert {path.parent.name for path in PATHS} <= workflows
