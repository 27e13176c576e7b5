"""What the owner of a fork server asks it for, over a socket: one worker, for one job."""

from __future__ import annotations

import json
import socket
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LENGTH_BYTES = 8


@dataclass(frozen=True, slots=True)
class Order:
    """A worker: the file of its job, its private folder, where its output goes, and its environment, whole."""

    file: str
    private: str
    log: str
    folder: str
    environment: Mapping[str, str]

    def send(self, connection: socket.socket) -> None:
        """Send the order. Raises OSError where nobody takes it."""
        content = json.dumps(asdict(self)).encode()
        connection.sendall(len(content).to_bytes(_LENGTH_BYTES) + content)

    @classmethod
    def receive(cls, connection: socket.socket) -> Order:
        """Return the order that was sent, and read not a byte beyond it. Raises ValueError where half of it came."""
        length = int.from_bytes(connection.recv(_LENGTH_BYTES, socket.MSG_WAITALL))
        return cls(**json.loads(connection.recv(length, socket.MSG_WAITALL)))
