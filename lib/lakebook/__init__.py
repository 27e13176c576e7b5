"""Lakebook: a notebook-driven workbook that shows whether an Iceberg lakehouse does what it says."""

from lakebook.lake.session import Lake, connect

__all__ = ["Lake", "connect"]
