"""Workflows of GitHub Actions before zizmor, which knows how they are attacked."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .finding import CLIENTS, ClientMissing, Finding

NAME = "zizmor"
UNIT = "workflow"
PROGRAM = CLIENTS / "python/bin/zizmor"


def judge(paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        command = [PROGRAM, "--offline", "--quiet", "--format", "json", "--no-exit-codes", path]
        ran = subprocess.run(command, capture_output=True, text=True)
        if ran.returncode != 0:
            raise ClientMissing(f"{NAME}: {ran.stderr}")
        for said in json.loads(ran.stdout):
            yield Finding(path, line_of(said), NAME, f"{said['ident']}: {said['desc']}")


def line_of(said: dict) -> int:
    """Its rows begin at 0."""
    primary = (it for it in said["locations"] if it["symbolic"]["kind"] == "Primary")
    location = next(primary, said["locations"][0])
    return location["concrete"]["location"]["start_point"]["row"] + 1
