"""The app that every subcommand registers itself on, and the console that it writes to."""

from __future__ import annotations

import typer
from rich.console import Console

app = typer.Typer(
    help="Find out whether an Iceberg lakehouse does what it says.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
out = Console(highlight=False)
