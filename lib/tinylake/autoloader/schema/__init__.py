"""Types: what a file brings, what a table has, and what follows from the difference."""
