"""Small supervisors: several daemons that are one service, under one process that the launcher starts."""
