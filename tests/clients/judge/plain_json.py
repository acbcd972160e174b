"""JSON that no client reads offline: it must at least be JSON, with each key once."""

import json
from collections.abc import Iterator
from pathlib import Path

from .finding import Finding

NAME = "json"
UNIT = "file"


def judge(paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        try:
            json.loads(path.read_text(), object_pairs_hook=once)
        except ValueError as error:
            yield Finding(path, getattr(error, "lineno", 1), NAME, str(error))


def once(pairs: list[tuple[str, object]]) -> dict:
    document = dict(pairs)
    if len(document) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"`{twice}` is written twice")
    return document
