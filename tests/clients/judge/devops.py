"""azure-devops, Microsoft's Python client of the REST interface: each body becomes the client's own model and a body
again, and nothing is lost or changed. Ids that the set-up script looks up are replaced by some."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from .finding import Finding

NAME = "azure-devops"
UNIT = "payload"
FOLDER = ("azure-pipelines", "setup")
LOOKUP = re.compile(r"\$\{([a-z-]+):(.*)\}", re.DOTALL)
NUMBERS = {"pipeline"}
LIST_KEYS = {"organization", "project", "name", "mark", "out", "things"}
TEMPLATE_KEYS = {"repositoryType", "repositoryName", "repositoryRef", "templatePath"}
APPROVAL = "8c6f20a7-a545-4486-9777-f762fafe0d4d"
LOCK = "2ef31ad6-baa0-403a-8b45-2cbc9b4e5563"
TASK = "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7"
TEMPLATE = "4020e66e-b0f3-47e1-bc88-48f3cc59b5f3"


def is_mine(path: Path) -> bool:
    parts = path.parts
    return any(parts[at : at + 2] == FOLDER for at in range(len(parts)))


def judge(paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        try:
            body = known(json.loads(path.read_text()))
            messages = list(wrong(path, body))
        except Exception as error:  # The client's own errors have no common type.
            messages = [f"{type(error).__name__}: {error}"]
        for message in messages:
            yield Finding(path, 1, NAME, message)


def known(value: object) -> object:
    """With an id in place of every look-up."""
    if isinstance(value, dict):
        return {key: known(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [known(inner) for inner in value]
    if not isinstance(value, str) or not value.startswith("$"):
        return value
    lookup = LOOKUP.fullmatch(value)
    if lookup is None:
        return value.removeprefix("$") if value.startswith("$${") else value
    return 7 if lookup[1] in NUMBERS else "00000000-0000-0000-0000-000000000007"


def wrong(path: Path, body: dict) -> Iterator[str]:
    from azure.devops.v7_1.build.models import BuildDefinition
    from azure.devops.v7_1.pipeline_permissions.models import ResourcePipelinePermissions
    from azure.devops.v7_1.policy.models import PolicyConfiguration
    from azure.devops.v7_1.task_agent.models import EnvironmentCreateParameter, VariableGroupParameters

    models = {
        "environments": EnvironmentCreateParameter,
        "permissions": ResourcePipelinePermissions,
        "pipelines": BuildDefinition,
        "policies": PolicyConfiguration,
        "variable-groups": VariableGroupParameters,
    }
    kind = path.parent.name
    if path.name == "things.json":
        yield from keys("things.json", body, LIST_KEYS)
    elif kind == "checks":
        yield from check(body)
    elif kind in models:
        yield from round_trip(models[kind], body)
    else:
        yield f"there is no kind of thing `{kind}`"


def check(body: dict) -> Iterator[str]:
    """The client's model of a check has no settings, but models for most of what they can be."""
    from azure.devops.v7_1.pipelines_checks.models import (
        ApprovalConfigSettings,
        CheckConfiguration,
        TaskCheckConfig,
    )

    settings = body.pop("settings")
    yield from round_trip(CheckConfiguration, body)
    match body["type"]["id"]:
        case id_ if id_ == APPROVAL:
            yield from round_trip(ApprovalConfigSettings, settings)
        case id_ if id_ == TASK:
            yield from round_trip(TaskCheckConfig, settings)
        case id_ if id_ == LOCK:
            yield from keys("a lock", settings, set())
        case id_ if id_ == TEMPLATE:
            yield from keys("required templates", settings, {"extendsChecks"})
            for template in settings["extendsChecks"]:
                yield from keys("a required template", template, TEMPLATE_KEYS)
        case id_:
            yield f"there is no type of check `{id_}`"


def round_trip(model: type, body: dict) -> Iterator[str]:
    back = model.deserialize(body).serialize()
    yield from differences("", body, back)


def differences(at: str, before: object, after: object) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in before.keys() | after.keys():
            place = f"{at}.{key}" if at else key
            if key not in after:
                yield f"`{place}` is unknown to the client"
            elif key not in before:
                yield f"`{place}` was made up by the client"
            else:
                yield from differences(place, before[key], after[key])
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, pair in enumerate(zip(before, after, strict=True)):
            yield from differences(f"{at}[{number}]", *pair)
    elif before != after or type(before) is not type(after):
        yield f"`{at}` is {before!r}, and {after!r} to the client"


def keys(what: str, body: dict, allowed: set[str]) -> Iterator[str]:
    for key in body.keys() ^ allowed:
        yield f"{what} {'has' if key in body else 'lacks'} `{key}`"
