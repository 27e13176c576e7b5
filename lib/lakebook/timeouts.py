"""Every time-out of Lakebook, in seconds, in one record; LAKEBOOK_TIMEOUT_SERVICE_READY=120 changes one of them."""

from __future__ import annotations

from dataclasses import dataclass, fields

from lakebook.environment import snapshot
from lakebook.errors import ConfigurationError

PREFIX = "LAKEBOOK_TIMEOUT_"


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long each kind of waiting may take, in seconds; machines under load are slow, so none is tight."""

    service_ready: float = 60
    service_answer: float = 10
    service_silent: float = 60  # while scenarios run: one that gives no answer for so long hangs
    service_stop: float = 5
    service_probe: float = 5
    http: float = 20
    second_reader: float = 30
    s3: float = 20
    ingestion_run: float = 300
    cell: float = 1200  # credentials that cannot be made to last less than 900 s are outlived in one
    scenario: float = 1500
    kernel_start: float = 60
    part: float = 1800  # a build from source, on a small machine
    containers: float = 1800  # images that are not there yet are fetched first
    database: float = 60  # one database to be made, or dropped with all its connections
    poll_interval: float = 0.05

    @classmethod
    def from_environment(cls) -> Timeouts:
        """Return the time-outs, those changed that the environment names. Raises ConfigurationError for a wrong one."""
        known = {f"{PREFIX}{field.name.upper()}": field.name for field in fields(cls)}
        given = {variable: value for variable, value in snapshot().items() if variable.startswith(PREFIX)}
        for variable in given.keys() - known.keys():
            raise ConfigurationError(
                f"there is no time-out {variable}", expected=" or ".join(known), got=variable, todo=f"unset {variable}"
            )
        return cls(**{known[variable]: _seconds(variable, value) for variable, value in given.items()})


def _seconds(variable: str, value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise ConfigurationError(
            f"{variable} is not a time-out", expected="seconds, more than 0", got=value, todo=f"export {variable}=60"
        )
    return seconds


def _valid() -> Timeouts:
    try:
        return Timeouts.from_environment()
    except ConfigurationError:
        return Timeouts()  # the command asks again where it can say so: not while modules are imported


TIMEOUTS = _valid()
