#!/usr/bin/env python3
"""Writes src/schema/tasks.txt, what is known of the tasks of Azure Pipelines, from their own descriptions.

    git clone --depth 1 https://github.com/microsoft/azure-pipelines-tasks
    tools/task-table.py azure-pipelines-tasks > src/schema/tasks.txt

Which commit that was is told by `mlopsc --version`: src/cli/version.rs.

One line a task, sorted by its name in lower case, and one for each input below it, after a blank:

    NAME@MAJOR agent|server|both|gate [deprecated] [sets=OUTPUT,OUTPUT]
     NAME ALIAS…<tab>TYPE<tab>required<tab>DEFAULT<tab>OPTION|OPTION<tab>RULE<tab>RULE

Fields at the end that are empty are left out. TYPE is bool, int, string, path, lines, script, pick, pick+ (other values
are taken too) or connection. `required` inputs have no default; a DEFAULT is kept where a rule reads it. The input is
shown, and then needed, where all RULEs hold.
"""

import json
import pathlib
import re
import sys

SCRIPTS = {"script", "inlinescript", "inline", "inlinesql", "sqlinline", "commands"}


def main(folder):
    found = {}
    for path in pathlib.Path(folder).glob("Tasks/*/task.json"):
        task = json.loads(path.read_text(encoding="utf-8-sig"))
        name = f"{task['name']}@{task['version']['Major']}"
        found[name] = lines(name, task)
    for name in sorted(found, key=str.lower):
        print("\n".join(found[name]))


def lines(name, task):
    groups = {it["name"]: it.get("visibleRule") for it in task.get("groups", [])}
    inputs = task.get("inputs", [])
    rules = [[it.get("visibleRule"), groups.get(it.get("groupName"))] for it in inputs]
    read = set(re.findall(r"(\w+)\s*(?:=|!=|EndsWith|NotEndsWith)", " ".join(r for rs in rules for r in rs if r)))
    head = [name, place(task.get("runsOn", ["Agent"]))]
    if task.get("deprecated"):
        head.append("deprecated")
    outputs = [it["name"] for it in task.get("outputVariables") or task.get("OutputVariables") or []]
    if outputs:
        head.append("sets=" + ",".join(outputs))
    return [" ".join(head)] + [line(it, rs, it["name"] in read) for it, rs in zip(inputs, rules)]


def place(runs_on):
    agent = bool({"Agent", "MachineGroup", "DeploymentGroup"} & set(runs_on))
    server = "Server" in runs_on
    return {(True, True): "both", (True, False): "agent", (False, True): "server"}.get((agent, server), "gate")


def line(it, rules, is_read):
    default = it.get("defaultValue", "")
    default = str(default).lower() if isinstance(default, bool) else str(default)
    needed = str(it.get("required", "")).lower() == "true" and default == ""
    options = list(it.get("options") or {})
    kind = type_of(it, options)
    shown = default.replace("\n", " ") if is_read else ""
    fields = [
        " ".join([it["name"], *it.get("aliases", [])]),
        kind,
        "required" if needed else "",
        shown,
        "|".join(options) if kind.startswith("pick") else "",
        *[" ".join(it.split()) for it in rules if it],
    ]
    assert not any("\t" in it for it in fields)
    return " " + "\t".join(fields).rstrip("\t")


def type_of(it, options):
    kind = it.get("type", "string")
    lower = kind.lower()
    if lower == "multiline":
        return "script" if it["name"].lower() in SCRIPTS else "lines"
    if lower in ("picklist", "radio"):
        open_to_others = str((it.get("properties") or {}).get("EditableOptions", "")).lower() == "true"
        return "string" if not options else "pick+" if open_to_others else "pick"
    if lower.startswith("connectedservice"):
        return "connection"
    return {"boolean": "bool", "int": "int", "filepath": "path"}.get(lower, "string")


if __name__ == "__main__":
    main(sys.argv[1])
