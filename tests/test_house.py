"""The house rules that a machine can hold: typing, linting, layers, pins, sizes, and what must not be committed."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted((ROOT / "lib").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40
OURS = {"lakebook"}


def run(*command):
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_typing_is_strict_and_clean():
    run("mypy")


def test_linting_is_clean():
    run("ruff", "check", "lib", "tests")


def test_formatting_is_settled():
    run("ruff", "format", "--check", "lib", "tests")


def test_layers_point_one_way():
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_every_installed_package_is_pinned_at_its_version():
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["constraint-dependencies"]
    allowed = {tuple(re.split("==| ;", pin)[:2]) for pin in pins}
    found = {(re.sub("[-_.]+", "-", one.name).lower(), one.version) for one in distributions()}
    assert not {f"{name}=={version}" for name, version in found if name not in OURS} - {
        "==".join(pin) for pin in allowed
    }


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_and_functions_are_small(path):
    text = path.read_text()
    assert text.count("\n") <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno - node.lineno < LONGEST_FUNCTION, f"{node.name}, line {node.lineno}"


def test_no_module_has_a_name_that_says_nothing():
    assert not [path for path in MODULES if path.stem in {"utils", "util", "helpers", "common", "misc", "base"}]


def committed():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    return [ROOT / name for name in listed if name and (ROOT / name).is_file()]


def test_nothing_committed_names_a_place_of_a_machine_or_a_registry():
    hosts = ("pypi" + ".org", "python" + "hosted", "maven" + ".org", "npmjs" + ".org", "debian" + ".org")
    places = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/")
    for path in committed():
        text = path.read_text(errors="replace")
        assert not [word for word in (*hosts, *places) if word in text], path


def test_waiting_has_one_place():
    lib = [path for path in MODULES if "lakebook" in path.parts]
    sleeping = [path.name for path in lib if re.search(r"\bsleep\(", path.read_text())]
    assert sleeping == ["proxy.py"]  # where a delay is the fault itself
