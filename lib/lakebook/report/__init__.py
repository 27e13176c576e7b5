"""Reports: one executed notebook to one page, and a run to its index."""
