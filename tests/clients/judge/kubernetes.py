"""What charts render, with each values file, before the schemas of the oldest and the newest Kubernetes."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jsonschema
import kubernetes_validate
import yaml
from referencing import Registry, Resource

from . import charts
from .files import Chart
from .finding import Finding

NAME = "kubernetes"
UNIT = "rendering"
# The chart's own lower bound, and the newest one that there are schemas of.
VERSIONS = ("1.25.0", "1.37.0")
LABELS = {f"kubernetes {it}" for it in VERSIONS} | {"selectors"}
# https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
QUANTITY = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+|[numkMGTPE]|[KMGTPE]i)?")
SCHEMAS = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"


def renderings(found: list[Chart]) -> list[tuple[Chart, Path | None, str]]:
    return [(chart, values, version) for chart in found for values in [None, *chart.values] for version in VERSIONS]


def judge(work: list[tuple[Chart, Path | None, str]]) -> Iterator[Finding]:
    for chart, values, version in work:
        place = values or chart.folder / "values.yaml"
        extra = ["--values", values] if values else []
        rendered = charts.run("helm4", ["template", "release", chart.folder, "--kube-version", version, *extra])
        # That it can be rendered at all is Helm's own matter.
        objects = [it for it in yaml.safe_load_all(rendered.stdout) if it] if rendered.returncode == 0 else []
        for it in objects:
            for message in [*complaints(it, version), *amounts("", it)]:
                yield Finding(place, 1, f"kubernetes {version}", f"{name(it)}: {message}")
        for message in connections(objects):
            yield Finding(place, 1, "selectors", message)


def name(it: dict) -> str:
    return f"{it.get('kind')}/{it.get('metadata', {}).get('name')}"


def complaints(it: dict, version: str) -> Iterator[str]:
    try:
        check = validator(version, it["kind"], it["apiVersion"])
    except FileNotFoundError:
        group = it["apiVersion"].split("/")[0]
        if "." in group and not group.endswith(".k8s.io"):
            print(f"{name(it)}: {it['apiVersion']} is no part of Kubernetes: not judged")
        else:
            yield f"there is no {it['kind']} of {it['apiVersion']}"
        return
    for error in check.iter_errors(it):
        where = ".".join(str(part) for part in error.absolute_path)
        yield f"{where}: {error.message}"


@cache
def validator(version: str, kind: str, api_version: str) -> jsonschema.Draft202012Validator:
    group, _, rest = api_version.rpartition("/")
    api = f"{group.split('.')[0]}-{rest}" if group else rest
    path = folder(version) / f"{kind.lower()}-{api}.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text()), registry=definitions(version))


@cache
def definitions(version: str) -> Registry:
    contents = json.loads((folder(version) / "_definitions.json").read_text())
    return Resource.from_contents(contents) @ Registry()


def folder(version: str) -> Path:
    found = SCHEMAS / f"v{version}-local-strict"
    if not found.is_dir():
        raise FileNotFoundError(f"schemas of Kubernetes {version}")
    return found


def amounts(at: str, it: object) -> Iterator[str]:
    """The schemas take any text for an amount of memory; the API server does not."""
    if isinstance(it, list):
        for number, item in enumerate(it):
            yield from amounts(f"{at}.{number}", item)
    if not isinstance(it, dict):
        return
    for key, value in it.items():
        if key in {"limits", "requests"} and isinstance(value, dict):
            for name, amount in value.items():
                if isinstance(amount, (str, int, float)) and not QUANTITY.fullmatch(str(amount)):
                    yield f"{at}.{key}.{name}: {amount!r} is no quantity"
        yield from amounts(f"{at}.{key}", value)


def connections(objects: list[dict]) -> Iterator[str]:
    """Whom selectors choose: the API server refuses workloads whose pods they miss, and a service without pods is deaf."""
    pods = []
    for it in objects:
        template = it.get("spec", {}).get("template", {})
        if it.get("kind") in {"Deployment", "StatefulSet", "DaemonSet"}:
            labels = template.get("metadata", {}).get("labels", {})
            pods.append(labels)
            if not chooses(it["spec"].get("selector", {}).get("matchLabels", {}), labels):
                yield f"{name(it)}: its selector does not choose its own pods"
    for it in objects:
        spec = it.get("spec", {})
        wanted = spec.get("selector") if it.get("kind") == "Service" else None
        if it.get("kind") == "PodDisruptionBudget":
            wanted = spec.get("selector", {}).get("matchLabels")
        if wanted and not any(chooses(wanted, labels) for labels in pods):
            yield f"{name(it)}: its selector chooses no pods of the chart"


def chooses(selector: dict, labels: dict) -> bool:
    return bool(selector) and selector.items() <= labels.items()
