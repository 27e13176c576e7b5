"""Faults from outside: a recording proxy in front of a service, and what it may do to an exchange.

Whatever system is under test, its clients see the proxy's address in the service's place. The record says of each
exchange what the service answered and what its client was told, so that a check can show that a fault really happened.
"""

from lakebook.faults.exchange import Exchange
from lakebook.faults.fault import Fault, Hold, answer, call, delay, drop, hold, kill
from lakebook.faults.match import COMMIT, DOWNLOAD, DROP_TABLE, LISTING, LOAD, METADATA, UPLOAD, Match
from lakebook.faults.proxy import Proxy

__all__ = [
    "COMMIT",
    "DOWNLOAD",
    "DROP_TABLE",
    "LISTING",
    "LOAD",
    "METADATA",
    "UPLOAD",
    "Exchange",
    "Fault",
    "Hold",
    "Match",
    "Proxy",
    "answer",
    "call",
    "delay",
    "drop",
    "hold",
    "kill",
]
