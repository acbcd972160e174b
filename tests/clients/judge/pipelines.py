"""Azure Pipelines YAML before Microsoft's language service."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .finding import CLIENTS, HERE, ClientMissing, Finding

NAME = "azure-pipelines-language-service"
UNIT = "file"


def judge(paths: list[Path]) -> Iterator[Finding]:
    if not paths:
        return
    schema = HERE / "data" / "azure-pipelines-schema.json"
    command = ["node", HERE / "language_service.js", CLIENTS, schema, *paths]
    service = subprocess.run(command, capture_output=True, text=True)
    if service.returncode != 0:
        raise ClientMissing(f"{NAME}: {service.stderr}")
    for line in service.stdout.splitlines():
        said = json.loads(line)
        yield Finding(Path(said["file"]), said["line"], NAME, said["message"])
