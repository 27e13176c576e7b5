"""Deciders about the delegation header: each answer holds what was asked for, and nothing more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lakebook.checks import credentials
from lakebook.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lakebook.lake.http import Answer

_NOTHING, _CREDENTIALS, _SIGNING = "nothing", "credentials", "signing"
_SIGNERS = ("s3.signer", "signer.")


def as_asked(answers: Mapping[str, Sequence[Answer]], *, vends: bool, signs: bool) -> Decision:
    """Hold where each answer gives what its delegation header asked for: for both, exactly one of the two.

    `answers` are those to each of the headers "absent", "empty", "vended", "signing" and "both"; one that is missing
    leaves it undecided. `vends` and `signs` say what the catalog can do. Source: Iceberg REST specification, the header
    X-Iceberg-Access-Delegation: a catalog may choose among what was asked for.
    """
    may = {
        "absent": {_NOTHING},
        "empty": {_NOTHING},
        "vended": {_CREDENTIALS if vends else _NOTHING},
        "signing": {_SIGNING if signs else _NOTHING},
        "both": {kind for kind, can in ((_CREDENTIALS, vends), (_SIGNING, signs)) if can} or {_NOTHING},
    }
    every = [(header, answer) for header in may for answer in answers.get(header, ())]
    expected = {f"{header}: {one.request}": f"200, {' or '.join(sorted(may[header]))}" for header, one in every}
    got = {f"{header}: {one.request}": f"{one.status}, {given(one)}" for header, one in every}
    ok = all(one.status == 200 and given(one) in may[header] for header, one in every)
    complete = all(answers.get(header) for header in may)
    todo = "look at how the catalog reads X-Iceberg-Access-Delegation: a list of words, of which none may be assumed"
    if not signs and any(given(one) == _SIGNING for _, one in every):
        todo += "; one that is to sign is said to do so in its profile: remote_signing"
    return Decision(ok if complete or not ok else None, expected, got, todo=todo)


def given(answer: Answer) -> str:
    """Return what an answer gives a client to reach the store with: credentials, signing, both or nothing."""
    body = answer.body if isinstance(answer.body, dict) else {}
    found = [_CREDENTIALS] if credentials.sets(body) else []
    config = {**(body.get("defaults") or {}), **(body.get("overrides") or {}), **(body.get("config") or {})}
    if any(map(_signs, config.items())):
        found.append(_SIGNING)
    return " and ".join(found) or _NOTHING


def _signs(entry: tuple[str, str]) -> bool:
    name, value = entry
    return name.startswith(_SIGNERS) or (name == "s3.remote-signing-enabled" and str(value).lower() == "true")
