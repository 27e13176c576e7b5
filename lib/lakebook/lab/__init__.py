"""JupyterLab as the place where people step through scenarios: its server, its start page, kernels that were kept."""
