"""ORC, whose types are its own."""

from __future__ import annotations

import shutil
import tempfile
from typing import TYPE_CHECKING, Any

from pyarrow import orc

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa


def read(body: Any, options: dict[str, Any], expected: pa.DataType) -> Iterator[pa.RecordBatch]:
    """The rows, stripe by stripe. The file is copied to local disk first: its footer stands at its end."""
    del options, expected  # the file says all
    with tempfile.TemporaryFile(prefix="autoloader-") as local:
        shutil.copyfileobj(body, local)
        local.seek(0)
        file = orc.ORCFile(local)
        for stripe in range(file.nstripes):
            yield file.read_stripe(stripe)
