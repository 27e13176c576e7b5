"""The session that a notebook holds."""
