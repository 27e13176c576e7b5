"""The environment of this process, as a value."""

from __future__ import annotations

import os


def snapshot() -> dict[str, str]:
    """Return the environment as it is now; also while another thread changes it, as pytest does at every test."""
    return {name: value for name in list(os.environ) if (value := os.environ.get(name)) is not None}
