"""What was sent is not told again where it could be a secret in the wrong place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import catalog_wire as wire
import pytest

if TYPE_CHECKING:
    import httpx

SECRET = "a-key-in-the-wrong-place"


@pytest.mark.parametrize(
    "body",
    [
        {"updates": [{"action": SECRET}]},
        {"requirements": [{"type": SECRET}]},
        {"updates": SECRET},
    ],
)
def test_a_refused_commit_does_not_repeat_what_it_held(
    writer: httpx.Client, namespace: str, body: dict[str, Any]
) -> None:
    wire.create(writer, namespace)
    answer = writer.post(f"/namespaces/{namespace}/tables/orders", json=body)
    wire.refused(answer, 400, "BadRequestException")
    assert SECRET not in answer.text
