"""Deciders about what a service says before it loads: a preview of a source, and what loading it would cost.

Source: the ingestion API, /test and /estimate-cost.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.http import Answer
    from lakebook.lake.source import Landed

_MOST_SAMPLES = 5
_CLOSE = 0.1  # an estimate of the records may be off by a tenth
_RUNS_A_MONTH = {None: (1, 1), "hourly": (672, 744), "daily": (28, 31), "weekly": (4, 5)}
_COARSE = Decimal("0.05")  # of compute a month
_FLOAT = Decimal("1e-12")  # some thousand times the precision of a double
_PARTS = ("compute_monthly", "storage_monthly", "discovery_monthly")
_SAME_TYPES = {"bigint": "long", "int64": "long", "float64": "double"}


def previewed(answer: Answer, landed: Landed, *, columns: Mapping[str, str], new: Sequence[str]) -> Decision:
    """Hold where a preview shows the columns with their types, those that are `new`, true rows, files and records.

    `landed` is all that lies in the source. The records may be estimated, a tenth off; the files are counted.
    """
    body = answer.body if isinstance(answer.body, dict) else {}
    schema = [entry for entry in body.get("schema") or [] if isinstance(entry, dict)]
    expected = {
        "status": 200,
        "columns": dict(sorted(columns.items())),
        "new columns": sorted(new),
        "sample": f"1 to {_MOST_SAMPLES} rows, all from the files",
        "files": landed.files,
        "records": f"about {landed.records:,}",
    }
    got = {
        "status": answer.status,
        "columns": {str(entry.get("name")): _type(entry.get("data_type")) for entry in sorted(schema, key=_name)},
        "new columns": sorted(str(entry.get("name")) for entry in schema if entry.get("is_new")),
        "sample": _sample(body.get("sample_data"), landed) or expected["sample"],
        "files": body.get("file_count"),
        "records": _about(body.get("estimated_records"), landed.records),
    }
    return Decision(expected == got, expected, got, answer.request, "compare with the files in the source")


def _name(entry: Mapping[str, Any]) -> str:
    return str(entry.get("name"))


def _type(stated: Any) -> str:
    """Return a type as Iceberg writes it, the fields of a struct in the order of their names."""
    if struct := re.fullmatch(r"struct<([^<>]*)>", str(stated)):
        fields = sorted(re.sub(": *", ": ", field) for field in re.split(", *", struct[1]))
        return f"struct<{', '.join(fields)}>"
    return _SAME_TYPES.get(str(stated), str(stated))


def _about(estimate: Any, records: int) -> str:
    close = isinstance(estimate, int | float) and abs(estimate - records) <= _CLOSE * records
    return f"about {records:,}" if close else str(estimate)


def _sample(texts: Any, landed: Landed) -> str:
    """Return what is wrong with the sample rows; empty where nothing is."""
    if not isinstance(texts, list) or not 1 <= len(texts) <= _MOST_SAMPLES:
        return f"{len(texts) if isinstance(texts, list) else texts!r} rows"
    real = landed.rows.to_pylist()
    strange = [text for text in texts if not any(_within(_parsed(text), row) for row in real)]
    return f"not in any file: {strange}" if strange else ""


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except (ValueError, TypeError):
        return None


def _within(row: Any, real: Mapping[str, Any]) -> bool:
    """Tell whether a row is a real one; a field that its file lacks may be left out, or be NULL."""
    filled = {name: value for name, value in real.items() if value is not None}
    return isinstance(row, dict) and {name: value for name, value in row.items() if value is not None} == filled


def adds_up(answer: Answer, *, frequency: str | None) -> Decision:
    """Hold where an estimate's total is the sum of its parts, and compute a month is compute a run x runs a month.

    How many runs a month has is the service's to say, within reason: 28 to 31 daily ones, 4.33 weekly ones. Sums may
    be off by what rounding to the stated digits explains. Where this is more than a twentieth of a month's computing,
    or a run costs nothing, a product that seems right proves nothing, and is unknown.
    """
    body = answer.body if isinstance(answer.body, dict) else {}
    costs = {name: _decimal(body.get(name)) for name in ("compute_per_run", *_PARTS, "total_monthly")}
    missing = [name for name, cost in costs.items() if cost is None]
    if answer.status != 200 or missing:
        got = {"status": answer.status, "not a number": missing}
        return Decision(False, {"status": 200, "not a number": []}, got, answer.request)
    return _added(body, {name: cost for name, cost in costs.items() if cost is not None}, frequency, answer.request)


def _added(body: Mapping[str, Any], costs: Mapping[str, Decimal], frequency: str | None, where: str) -> Decision:
    least, most = _RUNS_A_MONTH[frequency]
    a_run, compute = costs["compute_per_run"], costs["compute_monthly"]
    stated = _runs(body)
    low, high = _digits_of(stated) if stated is not None else (Decimal(least), Decimal(most))
    parts = sum((costs[name] for name in _PARTS), Decimal())
    finest = min(_rounding(costs[name]) for name in _PARTS)  # 0.07990 is stated as 0.0799: not the digits of each
    summed = abs(parts - costs["total_monthly"]) <= _rounding(costs["total_monthly"]) + len(_PARTS) * finest
    multiplied = _least(a_run) * low <= _most(compute) and _least(compute) <= _most(a_run) * high
    plausible = stated is None or least <= stated <= most
    precise = _rounding(a_run) * high + _rounding(compute) <= _COARSE * compute
    expected = {
        "total a month": f"{parts} = compute + storage + discovery",
        "compute a month": f"{a_run} x {stated or f'{least} to {most}'} runs",
        "runs a month": f"{least} to {most}" if least != most else str(least),
    }
    got = {
        "total a month": expected["total a month"] if summed else str(costs["total_monthly"]),
        "compute a month": expected["compute a month"] if multiplied else str(compute),
        "runs a month": expected["runs a month"] if plausible else str(stated),
    }
    decided = summed and multiplied and plausible
    return Decision(
        None if decided and not precise else decided,
        expected,
        got,
        where,
        "which part is left out of the sum, or counted for other runs?",
    )


def _runs(body: Mapping[str, Any]) -> Decimal | None:
    """Return the runs a month that the service states, if it does."""
    details = body.get("breakdown_details")
    return _decimal(details.get("runs_per_month")) if isinstance(details, dict) else None


def _digits_of(runs: Decimal) -> tuple[Decimal, Decimal]:
    """Return the least and the most runs that a number stands for: 4.33 is rounded, 4 is counted."""
    return (runs, runs) if runs == runs.to_integral_value() else (_least(runs), _most(runs))


def _decimal(value: Any) -> Decimal | None:
    number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return Decimal(str(value)) if number else None


def _least(value: Decimal) -> Decimal:
    return value - _rounding(value)


def _most(value: Decimal) -> Decimal:
    return value + _rounding(value)


def _rounding(value: Decimal) -> Decimal:
    """Return half of the last digit that a number states, or what reckoning in floats may be off by."""
    return max(Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2, abs(value) * _FLOAT)
