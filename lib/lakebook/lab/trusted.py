"""Notebooks that this machine executed, for JupyterLab to show as they are: it strips the outputs of any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import nbformat
from nbformat.sign import NotebookNotary

from lakebook import project, secret

if TYPE_CHECKING:
    from pathlib import Path


def write(notebook: Any, file: Path) -> None:
    """Write a notebook without secrets, and sign its outputs for this user's JupyterLab."""
    text = secret.redact(nbformat.writes(notebook))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise project.unwritable(file, error) from None
    NotebookNotary().sign(nbformat.reads(text, as_version=4))
