"""Charts before Helm 3 and Helm 4: `lint --strict` and `template`, with each values file."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .files import Chart
from .finding import CLIENTS, ClientMissing, Finding

HELMS = ("helm3", "helm4")
NAME = "helm"
UNIT = "chart"
LABELS = {f"{helm} {verb}" for helm in HELMS for verb in ("lint", "template")}
# A chart needs no icon.
HARMLESS = "icon is recommended"


def judge(charts: list[Chart]) -> Iterator[Finding]:
    for chart in charts:
        for helm in HELMS:
            for values in [None, *chart.values]:
                yield from both(helm, chart.folder, values)


def both(helm: str, chart: Path, values: Path | None) -> Iterator[Finding]:
    place = values or chart / "values.yaml"
    extra = ["--values", values] if values else []
    lint = run(helm, ["lint", "--strict", chart, *extra])
    if lint.returncode != 0:
        said = [it for it in lint.stdout.splitlines() if it.startswith(("[ERROR]", "[WARNING]"))]
        for line in said or [lint.stdout + lint.stderr]:
            if HARMLESS not in line:
                yield Finding(place, 1, f"{helm} lint", line)
    template = run(helm, ["template", "release", chart, *extra])
    if template.returncode != 0:
        yield Finding(place, 1, f"{helm} template", template.stderr)


def run(helm: str, arguments: list) -> subprocess.CompletedProcess:
    """With a home of its own, so that nobody's plug-ins or repositories take part."""
    binary = CLIENTS / helm
    if not os.access(binary, os.X_OK):
        raise ClientMissing(f"{helm}: not installed")
    with tempfile.TemporaryDirectory() as home:
        environment = {"HOME": home, "PATH": os.defpath}
        return subprocess.run([binary, *arguments], capture_output=True, text=True, env=environment)
