"""Azure ML documents before the SDK: loaded, validated and converted to what would be sent. Nothing is sent."""

import inspect
import json
import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path

from .finding import Finding

NAME = "azure-ai-ml"
UNIT = "file"
SCHEMA = re.compile(r"azuremlschemas.*/(\w+)\.schema\.json$")
# How the name of a schema ends, and which `load_…` reads such a document. The first that fits counts.
LOADERS = [
    ("Job", "job"),
    ("Component", "component"),
    ("Compute", "compute"),
    ("computeInstance", "compute"),
    ("environment", "environment"),
    ("chedule", "schedule"),
    ("pipelineComponentBatchDeployment", "pipeline_component_batch_deployment"),
    ("modelBatchDeployment", "model_batch_deployment"),
    ("atchDeployment", "batch_deployment"),
    ("nlineDeployment", "online_deployment"),
    ("atchEndpoint", "batch_endpoint"),
    ("nlineEndpoint", "online_endpoint"),
    ("workspace", "workspace"),
    ("azureBlob", "datastore"),
    ("azureFile", "datastore"),
    ("azureDataLakeGen2", "datastore"),
    ("data", "data"),
    ("asset", "data"),
    ("model", "model"),
    ("registry", "registry"),
]
# Documents are converted as if for a workspace here; the place makes no difference to whether they can be.
LOCATION = "westeurope"


def judge(paths: list[Path]) -> Iterator[Finding]:
    if not paths:
        return
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    for path in paths:
        text = path.read_text()
        for where, message in complaints(path, text):
            yield Finding(path, line_of(text, where), NAME, f"{where}: {message}" if where else message)


def complaints(path: Path, text: str) -> list[tuple[str, str]]:
    """Each with the dotted path of the field, or nothing where the document as a whole is meant."""
    from azure.ai.ml.entities import _load_functions as loaders

    try:
        schema = SCHEMA.search(json.loads(text).get("$schema", ""))
    except (ValueError, AttributeError) as error:
        return [("", f"no JSON object: {error}")]
    if schema is None:
        return [("", "has no `$schema` of Azure ML")]
    loader = next((load for ending, load in LOADERS if schema[1].endswith(ending)), None)
    if loader is None:
        return [("$schema", f"`{schema[1]}` is not known here")]
    try:
        entity = getattr(loaders, f"load_{loader}")(path)
        return validate(entity) or convert(entity)
    except Exception as error:
        return explain(error)


def validate(entity: object) -> list[tuple[str, str]]:
    """Some entities have nothing to validate, and say so by having no such method or by returning nothing."""
    result = entity._validate() if hasattr(entity, "_validate") else None
    return [] if result is None or result.passed else sorted(result.error_messages.items())


def convert(entity: object) -> list[tuple[str, str]]:
    names = ("_to_rest_object", "_to_rest_online_endpoint", "_to_rest_batch_endpoint")
    convert = next((getattr(entity, it) for it in names if hasattr(entity, it)), None)
    if convert is None:
        return [("", f"{type(entity).__name__} has no form that could be sent")]
    wants_location = "location" in inspect.signature(convert).parameters
    convert(**({"location": LOCATION} if wants_location else {}))
    return []


def explain(error: Exception) -> list[tuple[str, str]]:
    """The report that the SDK wraps in advice, one complaint a field; else the error as it is."""
    text = str(error)
    start, end = text.find("{"), text.rfind("}")
    try:
        report = json.loads(text[start : end + 1])
    except ValueError:
        return [("", f"{type(error).__name__}: {text}")]
    if isinstance(report.get("errors"), list):
        return [(it.get("path", ""), it.get("message", "")) for it in report["errors"]]
    return [(field, json.dumps(said)) for field, said in report.items()]


def line_of(text: str, where: str) -> int:
    """Where the last known key of a dotted path stands."""
    at = 0
    for key in where.split("."):
        found = text.find(f'"{key}"', at)
        if found >= 0:
            at = found
    return text.count("\n", 0, at) + 1
