"""JupyterLab in an environment of its own, and a browser to use it with."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import workbook
from playwright.sync_api import Page, expect, sync_playwright

from .driver import DEADLINE_SECONDS

ENVIRONMENT = workbook.ROOT / ".lakebook" / "lab-environment"
DEADLINE_MS = DEADLINE_SECONDS * 1000
expect.set_options(timeout=DEADLINE_MS)


@pytest.fixture(scope="session")
def python() -> Path:
    """The Python of an environment with the extra `lab`: this one where it has it, else one that uv makes."""
    if importlib.util.find_spec("jupyterlab"):
        return Path(sys.executable)
    uv = os.environ.get("UV") or shutil.which("uv")
    assert uv, "uv is missing: pip install uv"
    command = [uv, "sync", "--extra", "lab", "--no-default-groups", "--python", sys.executable, "--quiet"]
    environment = {**os.environ, "UV_PROJECT_ENVIRONMENT": str(ENVIRONMENT)}
    done = subprocess.run(command, cwd=workbook.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return ENVIRONMENT / "bin" / "python"


@pytest.fixture
def page(tmp_path) -> Page:
    """A page of a headless Chromium, which waits long: machines under load are slow."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium to test JupyterLab with: apt-get install -y chromium"
    with sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=chromium, args=options, timeout=DEADLINE_MS)
        opened = browser.new_page(viewport={"width": 1400, "height": 1000})
        opened.set_default_timeout(DEADLINE_MS)
        opened.set_default_navigation_timeout(DEADLINE_MS)
        yield opened
        opened.screenshot(path=tmp_path / "page.png")  # how it looked at the end, for whoever asks why it failed
        browser.close()
