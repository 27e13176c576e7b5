"""Deterministic data: the same arguments give the same rows, on every machine."""

from lakebook.data.batch import Batch, DataFile
from lakebook.data.events import events
from lakebook.data.typed import typed

__all__ = ["Batch", "DataFile", "events", "typed"]
