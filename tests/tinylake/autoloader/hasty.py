"""The autoloader, which waits two seconds for a clear answer to a commit. For tests alone."""

from __future__ import annotations

import sys

from tinylake.autoloader.__main__ import main
from tinylake.autoloader.loaders import commit

if __name__ == "__main__":
    commit.COMMIT_SECONDS = 2.0
    sys.exit(main())
