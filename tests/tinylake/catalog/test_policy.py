"""What a policy says, without a store."""

from __future__ import annotations

from tinylake.catalog import policy


def test_a_read_policy_names_the_tables_objects_with_their_slash() -> None:
    objects, listing = policy.for_table("s3://b/w/orders", "read")["Statement"]
    assert objects["Action"] == ["s3:GetObject"]
    assert objects["Resource"] == ["arn:aws:s3:::b/w/orders/*"]
    assert listing["Resource"] == ["arn:aws:s3:::b"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": ["w/orders/*"]}}


def test_a_write_policy_also_puts_deletes_and_aborts() -> None:
    objects, listing = policy.for_table("s3://b/w/orders/", "write")["Statement"]
    assert {"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"} <= set(objects["Action"])
    assert objects["Resource"] == ["arn:aws:s3:::b/w/orders/*"]
    assert listing["Action"] == ["s3:ListBucket"]
