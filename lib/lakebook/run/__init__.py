"""Executes notebooks: what to run, how, and what came of it."""
