"""What a client says about a file."""

import os
from pathlib import Path
from typing import NamedTuple

CLIENTS = Path(os.environ["MLOPSC_CLIENTS"])
HERE = Path(__file__).resolve().parent.parent
LONGEST = 300


class Finding(NamedTuple):
    path: Path
    line: int
    client: str
    message: str

    def __str__(self) -> str:
        message = " ".join(self.message.split())
        if len(message) > LONGEST:
            message = message[:LONGEST] + " …"
        return f"{self.path}:{self.line}: {self.client}: {message}"


class ClientMissing(Exception):
    """A client is not there or did not work: nothing can be said about its files."""
