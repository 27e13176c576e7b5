"""A run with everything that a report has to show, made up; and its executed notebook."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from lakebook import panel, project, requirement
from lakebook.run.execute import Result
from lakebook.run.results import ProfileRun, Run
from lakebook.stack.presence import Absent
from lakebook.verdict import Check, Verdict, worst

ELSEWHERE = Absent("aws", "Amazon S3", "the variable AWS_ROLE_ARN not set", "export AWS_ROLE_ARN=...")
LINK = "https://github.com/lakehq/sail/issues/1491"
SCRIPT = "<script>alert(1)</script>"
TITLE = "What lands is what was uploaded"
PASSED = Check("ING-03", Verdict.PASS, {"files": 3, "records": 3_000}, {"files": 3, "records": 3_000}, cell="metrics")
FAILED = Check(
    "ING-04",
    Verdict.FAIL,
    {"rows": 3_000, "missing": [], "repeated": []},
    {"rows": 2_998, "missing": ["id 17", SCRIPT], "repeated": []},
    where="table events, snapshot 4812",
    todo="look at the run's errors: GET /ingestions/{id}/runs, and at the file that holds id 17",
    cell="rows",
)
KNOWN = Check(
    "ING-10",
    Verdict.KNOWN_FAILURE,
    "the keys of the table alone",
    "the keys of the server",
    reason="not yet: the engine asks for vended credentials, and does not use them (0.7.2)",
    links=[LINK],
    cell="vended",
)
ABSENT = Check("EVO-13", Verdict.NOT_APPLICABLE, reason="format_v3: the engine writes format v2 alone", cell="vended")
UNDECIDED = Check("ING-06", Verdict.UNKNOWN, reason="ValueError: no such column: id")
_SVG = """<svg xmlns="http://www.w3.org/2000/svg" width="420" height="60"><path d="M20 30H400" stroke="#888"/>
<circle cx="90" cy="30" r="9" fill="#1a7f37"/><circle cx="330" cy="30" r="9" fill="#1a7f37"/></svg>"""
_CODE = """# a second look, by an engine that did not write it
landed = lake.source.put(events(files, rows_per_file))
for name, size in sorted(landed.files.items()):
    print(f"{name:<20} {size / 1024:.1f} kB")"""


def result(profile: str = "embedded", scenario: str = "basic", *checks: Check, **more: Any) -> Result:
    """Return a result; without checks it has a good one."""
    made = checks or (PASSED,)
    base = Result(
        scenario,
        "ingestion",
        TITLE,
        profile,
        worst(check.verdict for check in made),
        12.34,
        "",
        "",
        "",
        "",
        {"profile": profile, "files": 3, "rows_per_file": 1_000},
        made,
    )
    return replace(base, **more)


def bad(profile: str = "embedded") -> Result:
    """Return a result that is red in every way."""
    error = f"ValueError: no such column: id\n  where    {project.root()}/lib/lakebook/lake/table.py"
    every = (PASSED, FAILED, KNOWN, ABSENT, UNDECIDED)
    return result(profile, "bad", *every, error=error, error_cell="raised", verdict=Verdict.FAIL)


def run(*results: Result) -> Run:
    """Return a run on three profiles, of which one did not start."""
    services = [
        {"role": "storage", "kind": "moto", "version": "5.2.5", "ready_seconds": 1.21},
        {"role": "catalog", "kind": "tinylake_catalog", "version": "0.1.0", "ready_seconds": 0.93},
        {"role": "engine", "kind": "sail", "version": "0.7.2", "ready_seconds": 2.4},
        {"role": "ingestion", "kind": "tinylake_autoloader", "version": "0.1.0", "ready_seconds": 1.02},
    ]
    names = ["credential_delegation", "time_travel", "nested_columns"]
    lacks = {"format_v3": "the engine writes format v2 alone", "remote_signing": "the catalog signs nothing"}
    dead = f"nessie did not become ready\n  expected UP\n  log      {Path.home()}/x.log: <b>port in use</b>"
    environment = {
        "python": "3.11.7",
        "packages": {"lakebook": "0.1.0", "pyiceberg": "0.12.0", "pyarrow": "26.0.1", "pysail": "0.7.2"},
        "machine": {"system": "Linux x86_64", "cores": 2, "memory_gib": 24},
        "commit": "96b974b-dirty",
    }
    profiles = [
        ProfileRun("embedded", "Nothing but Python", services, names, lacks),
        ProfileRun("minio", "MinIO in front of everything", services, names, {}),
        ProfileRun("nessie-postgres", "Nessie on PostgreSQL", error=dead),
    ]
    command = "lakebook run --profile embedded --profile minio --profile nessie-postgres --quick"
    return Run(
        "2026-11-21T14:03:22Z", 95.2, command, environment, profiles, list(results), ["scale/million_rows"], [ELSEWHERE]
    )


def notebook(file: Path) -> Path:
    """Write an executed notebook with prose, panels, a table, a long output and a traceback; return it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=_cells()), file)
    return file


def _cells() -> list[Any]:
    rows = pd.DataFrame({"id": [1, 2, 3], "value": [0.25, 0.5, 0.75], "text": ["a", SCRIPT, "c" * 40]})
    session = panel.session("embedded", "Nothing but Python", "lb_basic_1_a1b2c3", [_service()])
    return [
        new_markdown_cell(
            f"# {TITLE}\n\nAn ingestion service makes **one promise** before all others: every record that was "
            "uploaded is in the table, once, with the values it had. Here three files land in `source/`, a run loads "
            "them, and an engine that did *not* write the table reads it back.",
            id="title",
        ),
        new_code_cell(
            'profile = "embedded"\nfiles, rows_per_file = 3, 1_000',
            id="defaults",
            metadata={"tags": ["parameters"]},
        ),
        new_code_cell(
            '# Parameters\nprofile = "minio"\nfiles = 3', id="given", metadata={"tags": ["injected-parameters"]}
        ),
        new_code_cell("lake = lakebook.connect(profile)", id="connect", outputs=[_shown(session)]),
        new_markdown_cell(
            "## What lands\n\nThe files are small, and the same in every run: whoever repeats this sees the same rows."
            " A count alone would not do, since a row lost and another doubled leave it unchanged.",
            id="prose",
        ),
        new_code_cell(_CODE, id="code", outputs=[_stream("\n".join(f"part-{n:05}.json  12.4 kB" for n in range(40)))]),
        new_code_cell('lake.table("events").head(3)', id="head", outputs=[_frame(rows)]),
        _check(PASSED),
        _check(FAILED),
        new_code_cell("lake.vended()", id="vended", outputs=[_panel(KNOWN), _panel(ABSENT)]),
        new_code_cell(f"display({SCRIPT!r})", id="drawn", outputs=[_drawn("image/svg+xml", _SVG), _script()]),
        new_code_cell('lake.table("events").column("id")', id="raised", outputs=[_error()]),
    ]


def _service() -> dict[str, str]:
    return {"role": "storage", "service": "moto", "version": "5.2.5", "address": "http://127.0.0.1:40123"}


def _check(check: Check) -> Any:
    return new_code_cell(f'lake.check("{check.requirement}", got=run.metrics)', id=check.cell, outputs=[_panel(check)])


def _panel(check: Check) -> Any:
    return _shown(panel.check(check, requirement.get(check.requirement)))


def _shown(one: panel.Shown) -> Any:
    return new_output("display_data", {"text/html": one._repr_html_(), "text/plain": repr(one)})


def _frame(rows: pd.DataFrame) -> Any:
    return new_output("execute_result", {"text/html": rows._repr_html_(), "text/plain": repr(rows)})


def _drawn(kind: str, content: str) -> Any:
    return new_output("display_data", {kind: content, "text/plain": "a line of snapshots"})


def _script() -> Any:
    return new_output("display_data", {"application/javascript": "alert(2)"})


def _stream(text: str) -> Any:
    return new_output("stream", name="stdout", text=text)


def _error() -> Any:
    place = f"{sys.prefix}/lib/python3.11/site-packages/pyarrow/table.py"
    lines = [
        "\x1b[31m---------------------------------------------------------------------------\x1b[39m",
        "\x1b[31mValueError\x1b[39m                                Traceback (most recent call last)",
        "\x1b[36mCell\x1b[39m \x1b[32mIn[9]\x1b[39m\x1b[32m, line 1\x1b[39m\n----> 1 lake.table('events')",
        f"\x1b[36mFile \x1b[39m\x1b[32m{project.root()}/lib/lakebook/lake/table.py:80\x1b[39m, in column\n     79 x",
        f"\x1b[36mFile \x1b[39m\x1b[32m{place}:1201\x1b[39m, in column",
        "\x1b[31mValueError\x1b[39m: no such column: id",
    ]
    return new_output("error", ename="ValueError", evalue="no such column: id", traceback=lines)
