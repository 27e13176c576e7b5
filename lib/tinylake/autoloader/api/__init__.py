"""The HTTP interface: bodies, routes, and errors in one form."""
