"""Pure deciders: each takes what was recorded and returns a Decision; none opens a connection."""
