"""What a service needs on the machine, and the command that brings it: a binary, a jar, an environment of its own."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lakebook.errors import ServiceError
from lakebook.stack import command
from lakebook.timeouts import TIMEOUTS

if TYPE_CHECKING:
    from collections.abc import Callable

CACHE_VARIABLE = "LAKEBOOK_CACHE"
_MAVEN, _PLUGIN = ("mvn", "-B", "-q"), "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_WHOLE = "whole"  # the file that says that a folder was installed to its end


def cache() -> Path:
    """Return the folder where parts are kept for all workbooks of a user: LAKEBOOK_CACHE, or `~/.cache/lakebook`."""
    return Path(os.environ.get(CACHE_VARIABLE) or Path.home() / ".cache" / "lakebook").expanduser().absolute()


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that must be on the machine.

    `find` returns where it is, None while it is absent; `bring` returns the commands that bring it, one after the
    other, as arguments. They may be run again: what is there already stays.
    """

    name: str
    find: Callable[[], Path | None]
    bring: Callable[[], tuple[tuple[str, ...], ...]]

    def path(self) -> Path:
        """Return where it is. Raises ServiceError, with the command that brings it, where it is absent."""
        found = self.find()
        if found is None:
            raise ServiceError(
                f"{self.name} is not on this machine",
                expected=f"{self.name}, brought by one command",
                got="nothing of that name",
                todo=f"lakebook install --profile NAME, of the profile that needs it; or by hand: {self.command()}",
            )
        return found

    def command(self) -> str:
        """Return the command that brings it, as one types it."""
        return " && ".join(shlex.join(one) for one in self.bring())

    def install(self) -> Path:
        """Bring it where it is absent; return where it is. Raises ServiceError, with what the command said."""
        for one in () if self.find() else self.bring():
            try:
                status, said = command.run(one, seconds=TIMEOUTS.part)
            except (OSError, subprocess.TimeoutExpired) as error:
                raise _not_brought(self, one, str(error)) from None
            if status:
                raise _not_brought(self, one, said[-1500:])
        return self.path()


def _not_brought(part: Part, failed: tuple[str, ...], said: str) -> ServiceError:
    return ServiceError(
        f"{part.name} could not be brought", expected="success", got=said.strip(), where=shlex.join(failed)
    )


def on_path(name: str, *, package: str) -> Part:
    """Return the part that is a program on the PATH, of a Debian package."""
    return Part(name, lambda: which(name), lambda: (from_debian(package),))


def from_debian(package: str) -> tuple[str, ...]:
    """Return the command that brings a Debian package, for the user who asks; `apt-get update` may come first."""
    asks = () if os.geteuid() == 0 else ("sudo",)
    return (*asks, "apt-get", "install", "-y", "--no-install-recommends", package)


def which(name: str) -> Path | None:
    """Return where a program of the PATH is, whatever folder it is started in; None where there is none."""
    found = shutil.which(name)
    return Path(found).absolute() if found else None


def jar(coordinates: str) -> Part:
    """Return the part that is a jar of Maven Central, `group:artifact:version[:jar:classifier]`."""
    _, artifact, version, *rest = coordinates.split(":")
    name = "-".join([artifact, version, *rest[1:]]) + ".jar"
    folder = cache() / "jars"
    partial = folder / f"{name}.partial"  # of a copy that was broken off nobody takes anything
    copy = (
        *(*_MAVEN, f"{_PLUGIN}:copy", f"-Dartifact={coordinates}"),
        *(f"-DoutputDirectory={partial}", "-Dmdep.useBaseVersion=true"),
    )
    move = ("mv", str(partial / name), str(folder / name))
    return Part(name, lambda: _file(folder / name), lambda: (copy, move))


def archives(name: str, *wanted: tuple[str, str]) -> Part:
    """Return the part that is a folder of unpacked archives of Maven Central: the folder each goes to, and what."""
    folder = cache() / "archives" / name
    partial = folder.with_suffix(".partial")
    commands: list[tuple[str, ...]] = [("rm", "-rf", str(partial))]
    for place, coordinates in wanted:
        _, artifact, version, kind = coordinates.split(":")
        archive = partial / f"{artifact}-{version}.{kind}"
        unpack = "zipfile" if kind == "zip" else "tarfile"
        commands += [
            (*_MAVEN, f"{_PLUGIN}:copy", f"-Dartifact={coordinates}", f"-DoutputDirectory={partial}"),
            (sys.executable, "-m", unpack, "-e", str(archive), str(partial / place)),
            ("rm", str(archive)),
        ]
    return Part(name, lambda: _file(folder), lambda: (*commands, ("mv", str(partial), str(folder))))


def jars(name: str, project: Path) -> Part:
    """Return the part that is a folder of jars: those that a Maven project names, with all that these need in turn."""
    folder = cache() / "jars" / name
    partial = folder.with_suffix(".partial")
    copy = (*_MAVEN, "-f", str(project), f"{_PLUGIN}:copy-dependencies", f"-DoutputDirectory={partial}")
    return Part(name, lambda: _file(folder), lambda: (copy, ("mv", str(partial), str(folder))))


def _file(path: Path) -> Path | None:
    return path if path.exists() else None


def environment(name: str, *packages: str, module: str) -> Part:
    """Return the part that is a Python environment of its own; its path is the folder of `module` in there."""
    folder = cache() / "environments" / name
    python = folder / "bin" / "python"
    commands = (
        ("uv", "venv", "--quiet", "--allow-existing", str(folder)),
        ("uv", "pip", "install", "--quiet", "--python", str(python), *packages),
        ("touch", str(folder / _WHOLE)),
    )
    return Part(
        name,
        lambda: _if_whole(folder, next(folder.glob(f"lib/python3*/site-packages/{module}"), None)),
        lambda: commands,
    )


def _if_whole(folder: Path, found: Path | None) -> Path | None:
    """Return what was found in a folder, but nothing where its installation was broken off."""
    return found if (folder / _WHOLE).exists() else None


def go_binary(name: str, package: str, *, build: str = "") -> Part:
    """Return the part that is a Go program, built from a module `path@version`; of any version it is found on the PATH.

    Which one that is, build_info tells.
    """
    folder = cache() / "bin" / f"{name}-{_version(package)}"
    install = ("env", f"GOBIN={folder}", "go", "install", *([build] if build else []), package)
    return Part(name, lambda: _file(folder / name) or which(name), lambda: (install,))


def npm_package(name: str, package: str) -> Part:
    """Return the part that is a program of an npm package `name@version`."""
    folder = cache() / "npm" / f"{name}-{_version(package)}"
    commands = (
        ("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package),
        ("touch", str(folder / _WHOLE)),
    )
    return Part(name, lambda: _if_whole(folder, _file(folder / "node_modules" / ".bin" / name)), lambda: commands)


def _version(package: str) -> str:
    """Return the version that `name@version` asks for: another one is another part, in another folder."""
    return package.rpartition("@")[2]
