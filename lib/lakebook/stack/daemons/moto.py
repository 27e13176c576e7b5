"""`python -m lakebook.stack.daemons.moto ...`: moto's server, which lists its own folder once.

By itself it does so for every request, to tell which service is meant: a sixth of what it takes to answer.
"""

from __future__ import annotations

from moto import backends
from moto.server import main

if __name__ == "__main__":
    names = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names
    main()
