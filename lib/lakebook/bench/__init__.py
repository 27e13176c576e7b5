"""Figures with limits: how fast, how small. One file each; a limit is a ratio wherever something stands beside it."""
