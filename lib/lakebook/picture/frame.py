"""What all pictures share: the frame that scrolls, the colours of both modes, and aligned text for terminals."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lakebook.panel import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

STYLE = """<style>
.lb-picture { --lb-one:#0a58a8; --lb-two:#1a7f37; --lb-three:#8250a8; --lb-four:#9a5b00; --lb-bad:#c62828;
  --lb-quiet:color-mix(in srgb, currentColor 68%, transparent);
  --lb-line:color-mix(in srgb, currentColor 18%, transparent); margin:.6em 0; font:13px/1.45 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { body:not([data-jp-theme-light]) .lb-picture { --lb-one:#79b8ff;
  --lb-two:#4ac26b; --lb-three:#c9a0ee; --lb-four:#f0b070; --lb-bad:#ff7b72 } }
body[data-jp-theme-light=false] .lb-picture { --lb-one:#79b8ff; --lb-two:#4ac26b; --lb-three:#c9a0ee;
  --lb-four:#f0b070; --lb-bad:#ff7b72 }
.lb-picture figcaption { color:var(--lb-quiet); margin:0 0 .35em; font-style:normal; text-align:left }
.lb-picture .lb-scroll { overflow-x:auto; max-width:100%; border:1px solid var(--lb-line); border-radius:6px;
  padding:.5em .8em }
.lb-picture table { border-collapse:collapse; border:0; margin:0; font-size:13px; font-variant-numeric:tabular-nums }
/* thrice the class: JupyterLab's own rules for tables in outputs are that specific */
.lb-picture.lb-picture.lb-picture tr { background:none }
.lb-picture.lb-picture.lb-picture :is(th, td) { text-align:left; vertical-align:middle; padding:.16em 1em .16em 0;
  border:0; background:none; white-space:nowrap; max-width:none }
.lb-picture th { font-weight:500; color:var(--lb-quiet) }
.lb-picture.lb-picture.lb-picture .lb-number { text-align:right }
.lb-picture code { font:12px/1.4 ui-monospace, monospace; background:none; padding:0 }
.lb-picture .lb-bad { color:var(--lb-bad); font-weight:600 }
.lb-picture.lb-picture.lb-picture .lb-wraps { white-space:normal; min-width:8em }
.lb-picture .lb-quiet { color:var(--lb-quiet) }
.lb-picture svg { display:block; font:12px system-ui, sans-serif; fill:currentColor }
</style>"""


def framed(title: str, inner: str, text: str) -> Shown:
    """Return a picture in its frame: `inner` is HTML that is already escaped, `text` says the same to a terminal.

    What is wider than the page scrolls, by keyboard too.
    """
    name = escape(title)
    html = (
        f'{STYLE}<figure class="lb-picture"><figcaption>{name}</figcaption>'
        f'<div class="lb-scroll" tabindex="0" role="region" aria-label="{name}">{inner}</div></figure>'
    )
    return Shown(html, f"{title}\n{text}" if text else title)


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned text, two spaces between columns; a row may be shorter than others."""
    width = max((len(row) for row in rows), default=0)
    widths = [max((len(row[at]) for row in rows if len(row) - 1 > at), default=0) for at in range(width)]
    return "\n".join("  ".join(cell.ljust(widths[at]) for at, cell in enumerate(row)).rstrip() for row in rows)


def shortened(text: str, longest: int) -> str:
    """Return a text with its middle left out where it is too long: names tell themselves apart at both ends."""
    if len(text) <= longest:
        return text
    end = longest * 2 // 3
    return f"{text[: longest - end - 1]}…{text[-end:]}"
