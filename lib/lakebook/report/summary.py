"""A run as Markdown, fit for the summary of a CI job: the matrix, what is red and what to do next, versions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from lakebook import panel
from lakebook.report import headline, markdown, matrix, reds
from lakebook.report.markdown import code, table, text
from lakebook.report.wording import again, count, duration, evidence, sentence, when
from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lakebook.run.execute import Result
    from lakebook.run.results import Run

_MOST_REDS = 50  # a job summary may have 1 MiB; the rest stands in index.html
_MOST_IN_CELL = 6
_EXPLAINED = (Verdict.KNOWN_FAILURE, Verdict.NOT_APPLICABLE)


def render(run: Run) -> str:
    """Return the summary as GitHub's Markdown, without a link: it is read far from the reports."""
    parts = [
        f"# {sign(run.verdict)}: {text(headline.of(run))}",
        f"{when(run.started)} · {duration(run.seconds)} · {code(run.command)}",
        _counts(run),
        _matrix(run),
        *_red(run),
        *_explained(run),
        *_versions(run),
    ]
    return "\n\n".join(parts) + "\n"


def sign(verdict: Verdict) -> str:
    """Return a verdict as a sign and a word."""
    return f"{panel.SIGNS[verdict]} {verdict.word}"


def _counts(run: Run) -> str:
    counts = Counter(check.verdict for result in run.results for check in result.checks)
    said = ", ".join(f"{counts[verdict]:,} {verdict.word}" for verdict in Verdict if counts[verdict])
    left_out = f" Left out of this run: {text(', '.join(run.left_out))}." if run.left_out else ""
    left_out += f" Not on this machine: {text(', '.join(one.name for one in run.absent))}." if run.absent else ""
    profiles = count(len(run.profiles), "profile")
    return f"{count(len(run.results), 'result')} on {profiles}; checks: {said or 'none'}.{left_out}"


def _matrix(run: Run) -> str:
    rows = [
        [f"{text(group.workflow)} / **{text(row.scenario)}**", *(_cell(cell) for cell in row.cells)]
        for group in matrix.groups(run)
        for row in group.rows
    ]
    return table(["scenario", *(text(profile.name) for profile in run.profiles)], rows)


def _cell(result: Result | None) -> str:
    if result is None:
        return "not run"
    red = list(dict.fromkeys(check.requirement for check in result.checks if check.verdict.red))
    more = f" and {len(red) - _MOST_IN_CELL} more" if len(red) > _MOST_IN_CELL else ""
    named = f": {', '.join(red[:_MOST_IN_CELL])}{more}" if red else ""
    return f"{sign(result.verdict)} {duration(result.seconds)}{named}"


def _red(run: Run) -> Iterator[str]:
    """Yield what is red: profiles that did not start, then each scenario's error and checks."""
    absent = [profile for profile in run.profiles if profile.error]
    said = [f"### ? {text(one.name)} did not start\n\n{_fenced(one.error)}" for one in absent]
    said += [part for trouble in reds.every(run) for part in _trouble(trouble)]
    if said:
        yield "## What is red"
        yield from said[:_MOST_REDS]
    if len(said) > _MOST_REDS:
        yield f"… and {len(said) - _MOST_REDS:,} more: index.html has them all."


def _trouble(trouble: reds.Trouble) -> Iterator[str]:
    where = text(f"{trouble.result.workflow}/{trouble.result.scenario} on {trouble.result.profile}")
    repeat = f"- **repeat** {code(again(trouble.result))}"
    if trouble.result.error:
        yield f"### ✘ {where} did not come to its end\n\n{_fenced(trouble.result.error)}\n\n{repeat}"
    for check in trouble.decided:
        yield f"### {sign(check.verdict)} {check.requirement}: {where}\n\n{_check(check)}\n\n{repeat}"
    for group in trouble.undecided:
        reason = f"\n\n{_fenced(group.reason)}" if group.reason else ""
        yield f"### ? not decided: {where}\n\n{', '.join(group.requirements)}{reason}\n\n{repeat}"


def _check(check: Check) -> str:
    """Return the sentence, expected and got, and the notes of a red check."""
    pairs = [[text(pair.name), _lines(pair.expected), _lines(pair.got)] for pair in evidence(check)]
    notes = {"where": check.where, "reason": check.reason, "next": check.todo}
    lines = [f"- **{name}** {text(note)}" for name, note in notes.items() if note]
    parts = [
        text(sentence(check.requirement)),
        table(["", "expected", "got"], pairs) if pairs else "",
        "\n".join(lines),
    ]
    return "\n\n".join(part for part in parts if part)


def _lines(value: str) -> str:
    """Return lines as code, in one cell of a table."""
    return "<br>".join(code(line) for line in value.splitlines())


def _fenced(block: str) -> str:
    """Return lines as a block of code, whatever backticks they have; of a long one the beginning and the end."""
    lines = markdown.plain(block).replace("`", "'").splitlines()
    kept = lines if len(lines) <= 30 else [*lines[:12], f"… {len(lines) - 27} lines left out …", *lines[-15:]]
    return "\n".join(["```text", *(line[:400] for line in kept), "```"])


def _explained(run: Run) -> Iterator[str]:
    """Yield known failures and what is not applicable, counted, each with its reason once."""
    found: dict[tuple[Verdict, str], list[tuple[str, str]]] = {}
    for result in run.results:
        for check in result.checks:
            if check.verdict in _EXPLAINED:
                found.setdefault((check.verdict, check.reason), []).append((check.requirement, result.profile))
    if found:
        rows = [_reason(verdict, reason, found[verdict, reason]) for verdict, reason in sorted(found)]
        yield "## Known failures, and what is not applicable"
        yield table(["", "checks", "requirements", "profiles", "reason"], rows)


def _reason(verdict: Verdict, reason: str, of: Sequence[tuple[str, str]]) -> list[str]:
    requirements, profiles = (", ".join(sorted({pair[at] for pair in of})) for at in (0, 1))
    return [sign(verdict), f"{len(of):,}", text(requirements), text(profiles), text(reason)]


def _service(one: Mapping[str, Any]) -> str:
    return f"{one['kind']} {one['version']}, {duration(one['ready_seconds'])}"


def _versions(run: Run) -> Iterator[str]:
    """Yield the versions of services by profile, with their seconds to ready; then those of packages."""
    roles = list(dict.fromkeys(str(one["role"]) for profile in run.profiles for one in profile.services))
    rows = []
    for profile in run.profiles:
        by_role = {one["role"]: _service(one) for one in profile.services}
        rows.append([text(profile.name), *(text(by_role.get(role, "–")) for role in roles)])
    yield "## Versions, and how soon each service was ready"
    if roles:
        yield table(["profile", *map(text, roles)], rows)
    packages = run.environment.get("packages", {})
    said = {"python": run.environment.get("python", ""), **packages, "commit": run.environment.get("commit", "")}
    yield ", ".join(f"{text(name)} {text(str(version))}" for name, version in said.items() if version)
