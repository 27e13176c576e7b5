"""A check, a scorecard and a session as people see them: HTML and plain text of the same content."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from lakebook import secret
from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.requirement import Requirement

SIGNS = {
    Verdict.PASS: "✔",
    Verdict.FAIL: "✘",
    Verdict.UNKNOWN: "?",
    Verdict.KNOWN_FAILURE: "≈",
    Verdict.NOT_APPLICABLE: "–",
}
_LONGEST = 1_500

STYLE = """<style>
.lb { --pass:#1a7f37; --fail:#c62828; --unknown:#b35900; --known_failure:#7a5c00; --not_applicable:#6b7280;
  --line:color-mix(in srgb, currentColor 18%, transparent);
  border:1px solid var(--line); border-left:6px solid var(--tone, var(--line)); border-radius:6px;
  padding:.6em .9em; margin:.4em 0; font:14px/1.45 system-ui, sans-serif; overflow-x:auto }
@media (prefers-color-scheme: dark) { body:not([data-jp-theme-light]) .lb { --pass:#4ac26b; --fail:#ff6b6b;
  --unknown:#ffa657; --known_failure:#d4b106; --not_applicable:#9aa4b2 } }
body[data-jp-theme-light=false] .lb { --pass:#4ac26b; --fail:#ff6b6b; --unknown:#ffa657; --known_failure:#d4b106;
  --not_applicable:#9aa4b2 }
.lb b.verdict { color:var(--tone) }
.lb table { border-collapse:collapse; margin:.5em 0 0; font-size:13px }
.lb td, .lb th { text-align:left; vertical-align:top; padding:.2em .9em .2em 0; border:0; background:none }
.lb th { font-weight:600; opacity:.75; overflow-wrap:anywhere; max-width:22em }
.lb td { min-width:5em }
.lb .differs { color:var(--fail); font-weight:600 }
.lb code, .lb pre { font:12.5px/1.4 ui-monospace, monospace; margin:0; background:none; white-space:pre-wrap;
  overflow-wrap:anywhere }
.lb .small { opacity:.75; font-size:13px }
/* thrice the class: JupyterLab's own rules for tables and code in outputs are that specific */
.lb.lb.lb :is(td, th, tr) { text-align:left; background:none }
.lb.lb.lb code { background:none; padding:0 }
</style>"""


class Shown:
    """Something to display: HTML where there is a page, text elsewhere."""

    def __init__(self, html: str, text: str) -> None:
        self._html, self._text = secret.redact(html), secret.redact(text)

    def _repr_html_(self) -> str:
        return self._html

    def __repr__(self) -> str:
        return self._text


def check(check: Check, requirement: Requirement) -> Shown:
    """Return the panel of one check: the sentence, expected and got side by side, where, and what to do next."""
    head = f"{SIGNS[check.verdict]} {check.verdict.word}"
    red = check.verdict.red
    decided = check.verdict is not Verdict.NOT_APPLICABLE
    rest = {"where": check.where, "reason": check.reason, "next": check.todo if red else ""}
    html = (
        f'<div class="lb" style="--tone:var(--{check.verdict})">'
        f'<b class="verdict">{head}</b> <b>{check.requirement}</b> {escape(requirement.says)}'
        f"{_side_by_side(check) if decided else ''}{_notes(rest)}</div>"
    )
    lines = [f"{head} {check.requirement}: {requirement.says}"]
    lines += [f"  expected  {_short(check.expected)}", f"  got       {_short(check.got)}"] if decided else []
    lines += [f"  {name:<9} {text}" for name, text in rest.items() if text]
    return Shown(html, "\n".join(lines))


def _notes(notes: Mapping[str, str]) -> str:
    return "".join(f'<div class="small"><b>{name}</b> {escape(text)}</div>' for name, text in notes.items() if text)


def _side_by_side(check: Check) -> str:
    """Return expected and got as a table; where the check did not pass, what differs stands out."""
    expected, got = check.expected, check.got
    if isinstance(expected, dict) and isinstance(got, dict):
        rows = [(key, expected.get(key, _ABSENT), got.get(key, _ABSENT)) for key in {**expected, **got}]
    else:
        rows = [("", expected, got)]
    cells = "".join(
        f"<tr><th>{escape(str(name))}</th><td>{_value(one)}</td>"
        f"<td{' class=differs' if one != other and check.verdict is not Verdict.PASS else ''}>{_value(other)}</td></tr>"
        for name, one, other in rows
    )
    return f"<table><tr><th></th><th>expected</th><th>got</th></tr>{cells}</table>"


_ABSENT = "—"


def _value(value: Any) -> str:
    if isinstance(value, list | tuple) and value and all(isinstance(item, dict) for item in value):
        return table([dict(item) for item in value])
    return f"<code>{escape(_short(value))}</code>"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} … ({len(text):,} characters)"


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return rows as an HTML table."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    head = "".join(f"<th>{escape(str(name))}</th>" for name in names)
    body = "".join(f"<tr>{''.join(f'<td>{_value(row.get(name))}</td>' for name in names)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def scorecard(checks: Sequence[Check], requirements: Mapping[str, Requirement]) -> Shown:
    """Return the last panel of a notebook: every check with its verdict."""
    red = [check for check in checks if check.verdict.red]
    tone = Verdict.FAIL if red or not checks else Verdict.PASS
    title = f"{len(red)} of {len(checks)} checks red" if red else f"{len(checks)} checks, none red"
    rows = "".join(
        f'<tr style="--tone:var(--{check.verdict})"><td><b class="verdict">{SIGNS[check.verdict]} '
        f"{check.verdict.word}</b></td><td><b>{check.requirement}</b></td>"
        f"<td>{escape(requirements[check.requirement].says)}</td></tr>"
        for check in checks
    )
    html = f'<div class="lb" style="--tone:var(--{tone})"><b class="verdict">{title}</b><table>{rows}</table></div>'
    lines = [f"{SIGNS[c.verdict]} {c.verdict.word:<14} {c.requirement}" for c in checks]
    return Shown(html, "\n".join([title, *lines]))


def session(profile: str, title: str, namespace: str, services: Sequence[Mapping[str, str]]) -> Shown:
    """Return the panel that `connect` shows: which system answers, in which versions, under which name."""
    html = (
        f'{STYLE}<div class="lb"><b>{escape(profile)}</b> {escape(title)} '
        f'<span class="small">namespace {escape(namespace)}</span>{table(services)}</div>'
    )
    lines = [f"{profile}: {title}; namespace {namespace}"]
    lines += [f"  {s['role']:<10} {s['service']} {s['version']} at {s['address']}" for s in services]
    return Shown(html, "\n".join(lines))


def kept(namespace: str, stack: str) -> Shown:
    """Return the note that says what a scenario left behind, to look at, and for how long."""
    text = (
        f"kept while the stack runs: namespace {namespace} (the stack's folder is {stack}); lakebook clean removes it. "
        "A stack that a run started ends with that run; after lakebook up, it stays until lakebook down"
    )
    return Shown(f'<div class="lb small">{escape(text)}</div>', text)
