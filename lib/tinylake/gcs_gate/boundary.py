"""Credential Access Boundaries: what a downscoped token may do at most.

https://cloud.google.com/iam/docs/downscoping-short-lived-credentials
https://cloud.google.com/iam/docs/reference/sts/rest/v1/Options

Two roles are known, and of CEL, in which conditions are written, the two attributes of Google's examples, what they
start with, and alternatives (`||`). A boundary with anything else is refused: what is not understood opens nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

LARGEST = 2048  # characters of `options`
MOST_RULES = 10
Permission = Literal["get", "list", "create", "update", "delete"]  # storage.objects.*
ROLES: dict[str, frozenset[Permission]] = {
    "inRole:roles/storage.objectViewer": frozenset({"get", "list"}),
    "inRole:roles/storage.objectAdmin": frozenset({"get", "list", "create", "update", "delete"}),
}
RESOURCE = "//storage.googleapis.com/projects/_/buckets/"
NAME, LISTED = "resource.name", "api.getAttribute('storage.googleapis.com/objectListPrefix', '')"
STARTS = re.compile(
    rf"\s*(?P<attribute>{re.escape(NAME)}|{re.escape(LISTED)})\.startsWith\('(?P<start>(?:[^'\\]|\\['\\])*)'\)\s*"
)


class BoundaryError(Exception):
    """What is no boundary, or one that is not understood."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request needs: a permission, on an object or, for a listing, on what begins with `prefix`."""

    permission: Permission
    bucket: str
    object: str | None = None
    prefix: str = ""

    def value(self, attribute: str) -> str:
        """What an attribute of a condition is for this request."""
        if attribute == LISTED:
            return self.prefix
        bucket = f"projects/_/buckets/{self.bucket}"
        return bucket if self.object is None else f"{bucket}/objects/{self.object}"


def alternatives(expression: str) -> tuple[tuple[str, str], ...]:
    """The attributes of a condition, each with what it must start with; one of them is enough."""
    found, at = [], 0
    while one := STARTS.match(expression, at):
        found.append((one["attribute"], re.sub(r"\\(.)", r"\1", one["start"])))
        at = one.end()
        if at == len(expression):
            return tuple(found)
        if not expression.startswith("||", at):
            break
        at += 2
    raise ValueError("a condition is made of ATTRIBUTE.startsWith('...'), joined by ||")


def _bucket(resource: str) -> str:
    if not re.fullmatch(rf"{re.escape(RESOURCE)}[a-z0-9._-]+", resource):
        raise ValueError(f"a resource is {RESOURCE}NAME")
    return resource


def _role(permission: str) -> str:
    if permission not in ROLES:
        raise ValueError(f"a permission is one of {sorted(ROLES)}")
    return permission


def _condition(expression: str) -> str:
    alternatives(expression)
    return expression


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, hide_input_in_errors=True)


class Condition(_Strict):
    """When a rule applies."""

    expression: Annotated[str, AfterValidator(_condition)]
    title: str = ""
    description: str = ""


class Rule(_Strict):
    """What may be done in one bucket."""

    available_resource: Annotated[str, AfterValidator(_bucket)]
    available_permissions: tuple[Annotated[str, AfterValidator(_role)], ...] = Field(min_length=1)
    availability_condition: Condition | None = None

    def allows(self, asked: Asked) -> bool:
        """Whether this rule lets a request through."""
        if self.available_resource.removeprefix(RESOURCE) != asked.bucket:
            return False
        if not any(asked.permission in ROLES[role] for role in self.available_permissions):
            return False
        if self.availability_condition is None:
            return True
        starts = alternatives(self.availability_condition.expression)
        return any(asked.value(attribute).startswith(start) for attribute, start in starts)


class Boundary(_Strict):
    """What a token may do: what one of the rules lets through."""

    access_boundary_rules: tuple[Rule, ...] = Field(min_length=1, max_length=MOST_RULES)

    def allows(self, asked: Asked) -> bool:
        """Whether some rule lets a request through."""
        return any(rule.allows(asked) for rule in self.access_boundary_rules)


class Options(_Strict):
    """What a token exchange is sent beside the words of RFC 8693."""

    access_boundary: Boundary


def parse(options: str) -> Boundary:
    """The boundary in the JSON of `options`; BoundaryError says what is wrong with it."""
    if len(options) > LARGEST:
        raise BoundaryError(f"options has {len(options)} characters, {LARGEST} is the most")
    try:
        return Options.model_validate_json(options).access_boundary
    except ValidationError as error:
        faults = (f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors())
        raise BoundaryError("; ".join(faults)) from None
