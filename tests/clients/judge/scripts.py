"""Scripts before shellcheck: files, and the Bash inside pipelines."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml

from .finding import CLIENTS, ClientMissing, Finding

NAME = "shellcheck"
UNIT = "script"
SEVERITY = "info"
# Steps by the key that holds their script, and tasks by the input that does.
STEPS = ("bash", "script")
TASKS = {"AzureCLI": "inlineScript", "Bash": "script"}


class Script(NamedTuple):
    path: Path
    # Where in the file its first line stands.
    line: int
    text: str


def judge(scripts: list[Script]) -> Iterator[Finding]:
    if not scripts:
        return
    with tempfile.TemporaryDirectory() as folder:
        copies = []
        for number, script in enumerate(scripts):
            copies.append(Path(folder, str(number)))
            copies[-1].write_text(script.text)
        for comment in shellcheck(copies):
            script = scripts[int(Path(comment["file"]).name)]
            line = script.line + comment["line"] - 1
            yield Finding(script.path, line, NAME, f"SC{comment['code']} {comment['message']}")


def shellcheck(paths: list[Path]) -> list[dict]:
    binary = CLIENTS / "python" / "bin" / "shellcheck"
    command = [binary, "--shell=bash", "--format=json", f"--severity={SEVERITY}", *paths]
    checked = subprocess.run(command, capture_output=True, text=True)
    if checked.returncode not in (0, 1):
        raise ClientMissing(f"{NAME}: {checked.stderr}")
    return json.loads(checked.stdout)


def in_file(path: Path) -> Script:
    return Script(path, 1, path.read_text())


def in_pipeline(path: Path) -> Iterator[Script]:
    try:
        document = yaml.compose(path.read_text())
    except yaml.YAMLError:
        # The language service has said so.
        return
    for node in mappings(document):
        for body in bodies(node):
            is_block = body.style in ("|", ">")
            yield Script(path, body.start_mark.line + (2 if is_block else 1), body.value)


def mappings(node: yaml.Node | None) -> Iterator[yaml.MappingNode]:
    if isinstance(node, yaml.MappingNode):
        yield node
        children = [value for _, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        children = node.value
    else:
        return
    for child in children:
        yield from mappings(child)


def bodies(step: yaml.MappingNode) -> Iterator[yaml.ScalarNode]:
    entries = {key.value: value for key, value in step.value}
    found = [entries.get(key) for key in STEPS] if "task" not in entries else []
    if isinstance(inputs := entries.get("inputs"), yaml.MappingNode) and "task" in entries:
        task = str(entries["task"].value).split("@")[0]
        given = {key.value: value for key, value in inputs.value}
        if not is_other_shell(given):
            found.append(given.get(TASKS.get(task, "")))
    return (it for it in found if isinstance(it, yaml.ScalarNode))


def is_other_shell(inputs: dict[str, yaml.Node]) -> bool:
    kind = inputs.get("scriptType")
    return kind is not None and kind.value != "bash"
