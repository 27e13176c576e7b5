"""A run as JUnit XML: a suite for each scenario on each profile, a test case for each check.

It follows the strict schema, that of Ant's reports (JUnit.xsd of windyroad/JUnit-Schema), which wants a host name, an
id, and both outputs. A failed check is a failure, an undecided one an error; known failures and what is not applicable
are skipped, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from lakebook.report import headline, links, markdown
from lakebook.report.wording import again, evidence, sentence
from lakebook.verdict import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lakebook.run.execute import Result
    from lakebook.run.results import Run

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KINDS = {
    Verdict.FAIL: "failure",
    Verdict.UNKNOWN: "error",
    Verdict.KNOWN_FAILURE: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
}
_WHOLE = "comes to its end"


def render(run: Run) -> str:
    """Return the XML document, with its declaration."""
    root = ET.Element("testsuites")
    for number, result in enumerate(run.results):
        root.append(_suite(run, result, number))
    ET.indent(root, " ")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _suite(run: Run, result: Result, number: int) -> ET.Element:
    cases = list(_cases(result))
    kinds = Counter(child.tag for case in cases for child in case)
    attributes = {
        "name": f"{result.workflow}/{result.scenario} [{result.profile}]",
        "package": result.workflow,
        "id": str(number),
        "timestamp": run.started.removesuffix("Z"),
        "hostname": "localhost",  # the name of the machine is nobody's business
        "tests": str(len(cases)),
        "failures": str(kinds["failure"]),
        "errors": str(kinds["error"]),
        "skipped": str(kinds["skipped"]),
        "time": f"{result.seconds:.3f}",
    }
    suite = ET.Element("testsuite", {name: _clean(value) for name, value in attributes.items()})
    suite.append(_properties(run, result))
    suite.extend(cases)
    ET.SubElement(suite, "system-out")
    ET.SubElement(suite, "system-err")
    return suite


def _properties(run: Run, result: Result) -> ET.Element:
    """Return what the suite ran on: profile, parameters, versions, report."""
    profile = next((one for one in run.profiles if one.name == result.profile), None)
    services = profile.services if profile else ()
    named = {
        "run": headline.of(run),
        "profile": result.profile,
        "verdict": result.verdict,
        "report": result.report,
        "commit": str(run.environment.get("commit", "")),
        **{f"version.{one['role']}": f"{one['kind']} {one['version']}" for one in services},
        **{f"parameter.{name}": str(value) for name, value in result.parameters.items()},
    }
    properties = ET.Element("properties")
    for name, value in named.items():
        if value:
            ET.SubElement(properties, "property", name=_clean(name), value=_clean(value))
    return properties


def _cases(result: Result) -> Iterator[ET.Element]:
    """Yield a case for each check, and one for the scenario itself where it did not come to its end."""
    times: Counter[str] = Counter()
    for check in result.checks:
        times[check.requirement] += 1
        again = f" ({times[check.requirement]})" if times[check.requirement] > 1 else ""
        case = _case(result, f"{check.requirement}{again}", check.seconds)
        if check.verdict in _KINDS:
            case.append(_outcome(result, check))
        yield case
    if result.error or not result.checks:
        case = _case(result, _WHOLE, 0)
        reason = result.error or "it decided nothing"
        outcome = ET.SubElement(case, "error", type="error", message=_line(reason))
        outcome.text = _clean(reason)
        yield case


def _case(result: Result, name: str, seconds: float) -> ET.Element:
    place = f"{result.workflow}.{result.scenario}"
    return ET.Element(
        "testcase", name=_clean(f"{name} [{result.profile}]"), classname=_clean(place), time=f"{seconds:.3f}"
    )


def _outcome(result: Result, check: Check) -> ET.Element:
    """Return why a case did not pass, with all that its reader needs."""
    says = sentence(check.requirement)
    if not check.verdict.red:
        return ET.Element("skipped", message=_line(f"{check.verdict.word}: {check.reason}"))
    outcome = ET.Element(
        _KINDS[check.verdict], type=check.verdict.word, message=_line(says or check.reason or check.requirement)
    )
    pairs = evidence(check)
    lines = [says]
    lines += [f"expected {pair.name}: {pair.expected}\ngot      {pair.name}: {pair.got}" for pair in pairs]
    notes = {
        "where": check.where,
        "reason": check.reason,
        "next": check.todo,
        "repeat": again(result),
        "report": links.to_cell(result, check.cell),
    }
    lines += [f"{name}: {note}" for name, note in notes.items() if note]
    outcome.text = _clean("\n".join(line for line in lines if line))
    return outcome


def _line(text: str) -> str:
    return " ".join(_clean(text).split())[:500]


def _clean(text: str) -> str:
    """Return what XML may hold of a text: no secret, no terminal colour, no control character, no half of a pair."""
    return _NOT_XML.sub("", markdown.plain(text))
