"""Which client each file belongs to."""

import json
from pathlib import Path
from typing import NamedTuple

import yaml

from . import devops

SKIPPED_FOLDERS = {".git", "__pycache__", "node_modules"}
# Of GitHub Actions; a pipeline of Azure has none of them.
WORKFLOW_KEYS = {"on", "permissions", "concurrency"}
PIPELINE_KEYS = {"stages", "jobs", "steps", "extends", "trigger", "pr", "schedules", "resources", "pool"}
SCRIPTS = {".sh", ".bash"}


class Chart(NamedTuple):
    folder: Path
    # Besides the chart's own `values.yaml`.
    values: list[Path]


class Files(NamedTuple):
    pipelines: list[Path]
    ml: list[Path]
    setup: list[Path]
    json: list[Path]
    scripts: list[Path]
    charts: list[Chart]
    sarif: list[Path]
    junit: list[Path]
    workflows: list[Path]
    yaml: list[Path]
    all: list[Path]
    others: list[Path]


def sort(roots: list[Path]) -> Files:
    paths = [path for root in roots for path in walk(root)]
    charts = [Chart(path.parent, values_of(path.parent)) for path in paths if path.name == "Chart.yaml"]
    files = Files([], [], [], [], [], charts, sarif=[], junit=[], workflows=[], yaml=[], all=paths, others=[])
    for path in paths:
        # Templates of charts are no YAML before Helm has worked on them.
        if path.suffix in {".yml", ".yaml"} and path.parent.name != "templates":
            files.yaml.append(path)
        if not any(chart.folder in path.parents for chart in charts):
            kind(path, files).append(path)
    return files


def walk(root: Path) -> list[Path]:
    if root.is_file():
        return [root]
    if not root.is_dir():
        raise SystemExit(f"{root}: no such file or folder")
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path for path in found if not SKIPPED_FOLDERS & set(path.relative_to(root).parts))


def values_of(chart: Path) -> list[Path]:
    """In the chart or beside it."""
    return sorted([*chart.glob("values-*.yaml"), *chart.parent.glob("values-*.yaml")])


def kind(path: Path, files: Files) -> list[Path]:
    if path.suffix in SCRIPTS:
        return files.scripts
    if path.suffix == ".sarif":
        return files.sarif
    if path.suffix == ".xml":
        return files.junit
    if path.suffix == ".json":
        if devops.is_mine(path):
            return files.setup
        return files.ml if is_ml(path) else files.json
    if path.suffix in {".yml", ".yaml"} and is_workflow(path):
        return files.workflows
    if path.suffix in {".yml", ".yaml"} and is_pipeline(path):
        return files.pipelines
    return files.others


def is_ml(path: Path) -> bool:
    """By its schema, or by where it lies: a document without a schema must not get away."""
    if "azure-ml" in path.parts:
        return True
    try:
        document = json.loads(path.read_text())
    except ValueError:
        return False
    return isinstance(document, dict) and "azuremlschemas" in str(document.get("$schema"))


def is_workflow(path: Path) -> bool:
    try:
        document = yaml.compose(path.read_text())
    except yaml.YAMLError:
        return False
    return isinstance(document, yaml.MappingNode) and any(key.value in WORKFLOW_KEYS for key, _ in document.value)


def is_pipeline(path: Path) -> bool:
    """What is no YAML is taken for a pipeline too, so that somebody complains."""
    try:
        document = yaml.compose(path.read_text())
    except yaml.YAMLError:
        return True
    if not isinstance(document, yaml.MappingNode):
        return "azure-pipelines" in path.parts
    return "azure-pipelines" in path.parts or any(key.value in PIPELINE_KEYS for key, _ in document.value)
