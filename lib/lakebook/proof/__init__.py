"""Proof that the checks can fail: planted defects, each of which must turn exactly its requirements red."""
