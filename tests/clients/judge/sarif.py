"""Reports in SARIF before Microsoft's validator, under its rules for the format and for GitHub."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from .finding import CLIENTS, ClientMissing, Finding

NAME = "sarif-multitool"
UNIT = "report"
PROGRAM = CLIENTS / "node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"
# An address of the tool: the project has none that it could name.
HARMLESS = {"SARIF2005"}


def judge(paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        with tempfile.TemporaryDirectory() as folder:
            yield from validate(path, Path(folder) / "said.sarif")


def validate(path: Path, said: Path) -> Iterator[Finding]:
    command = [PROGRAM, "validate", path, "--rule-kind", "Sarif;GHas", "--level", "Error;Warning", "--output", said]
    # The program is .NET, and the machine may lack its tables of languages.
    env = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    ran = subprocess.run(command, capture_output=True, text=True, env=env)
    if not said.exists():
        raise ClientMissing(f"{NAME}: {ran.stdout}{ran.stderr}")
    run = json.loads(said.read_text(encoding="utf-8-sig"))["runs"][0]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"].get("rules", [])}
    for result in run.get("results", []):
        if result["ruleId"] not in HARMLESS:
            line = result["locations"][0]["physicalLocation"].get("region", {}).get("startLine", 1)
            yield Finding(path, line, result["ruleId"], message(result["message"], rules.get(result["ruleId"], {})))
    for invocation in run.get("invocations", []):
        for notice in invocation.get("toolExecutionNotifications", []):
            if notice.get("level") == "error":
                yield Finding(path, 1, NAME, message(notice["message"], {}))


def message(said: dict, rule: dict) -> str:
    text = said.get("text") or rule.get("messageStrings", {}).get(said.get("id"), {}).get("text", "")
    for number, argument in enumerate(said.get("arguments", [])):
        text = text.replace("{" + str(number) + "}", argument)
    return text or str(said)
