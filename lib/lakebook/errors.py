"""One exception family. Each error says what was expected, what came, where, and what to do next."""

from __future__ import annotations


class LakebookError(Exception):
    """Base of every error that Lakebook raises on purpose; its text is meant to be read as it is."""

    exit_status = 1

    def __init__(self, message: str, *, expected: str = "", got: str = "", where: str = "", todo: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.expected, self.got, self.where, self.todo = expected, got, where, todo

    def __str__(self) -> str:
        parts = {"expected": self.expected, "got": self.got, "where": self.where, "next": self.todo}
        return "\n".join([self.message, *(f"  {name:<9}{text}" for name, text in parts.items() if text)])

    def __reduce__(self) -> tuple[object, ...]:  # survives the way back from a worker process
        return (_rebuild, (type(self), self.message, self.expected, self.got, self.where, self.todo))


def _rebuild(kind: type[LakebookError], message: str, *parts: str) -> LakebookError:
    expected, got, where, todo = parts
    return kind(message, expected=expected, got=got, where=where, todo=todo)


class ConfigurationError(LakebookError):
    """Wrong usage: an unknown name, a broken file, an unset variable. Exit status 2."""

    exit_status = 2


class ServiceError(LakebookError):
    """A service did not start, died, hung, or answered what it should not."""


class DeadlineError(LakebookError):
    """Something that was waited for did not happen before its deadline."""


class CheckFailedError(LakebookError):
    """`lake.finish()` found a check that was red."""
