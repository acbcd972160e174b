"""Every `az` line of a script before azure-cli's own parser. `az ml` is an extension that no registry has: its lines are
held against the names and options of Microsoft's reference. Nothing is executed."""

import json
import re
import subprocess
from collections.abc import Iterator
from typing import NamedTuple

import jmespath
import tree_sitter
import tree_sitter_bash

from .finding import CLIENTS, HERE, ClientMissing, Finding
from .scripts import Script

NAME = "azure-cli"
UNIT = "line"
EXTENSION = "az-ml"
LABELS = {NAME, EXTENSION}
# Stands for what only a shell will know.
UNKNOWN = "unknown-value"
# Written by the agent into the script, before Bash sees it.
MACRO = re.compile(r"\$\(([A-Za-z_]\w*(\.\w+)+|[a-z]\w*)\)|\$\{\{.*?\}\}")
GLOBAL = {"--debug", "--help", "-h", "--only-show-errors", "--output", "-o", "--query", "--subscription", "--verbose"}
# `az configure --defaults NAME=…` gives these to all later lines.
DEFAULTS = {"group": {"--resource-group", "-g"}, "workspace": {"--workspace-name", "-w"}}
BASH = tree_sitter.Parser(tree_sitter.Language(tree_sitter_bash.language()))


class Line(NamedTuple):
    script: Script
    # In the script, from 0.
    row: int
    words: list[str]
    # Whether more words may come from an array.
    is_open: bool
    # Options that have a value already.
    defaults: frozenset[str]


def lines(scripts: list[Script]) -> list[Line]:
    return [line for script in scripts for line in of_script(script)]


def of_script(script: Script) -> Iterator[Line]:
    source = MACRO.sub(UNKNOWN, script.text).encode()
    found = [(it.start_point[0], *arguments(it)) for it in commands(BASH.parse(source).root_node)]
    found = [(row, words[1:], is_open) for row, words, is_open in found if words[:1] == ["az"]]
    # A function may stand before the line that its body builds on.
    settings = [word for _, words, _ in found if words[:2] == ["configure", "--defaults"] for word in words[2:]]
    defaults = frozenset(option for it in settings for option in DEFAULTS.get(it.split("=")[0], set()))
    for row, words, is_open in found:
        yield Line(script, row, words, is_open, defaults)


def commands(node: tree_sitter.Node) -> Iterator[tree_sitter.Node]:
    if node.type == "command":
        yield node
    for child in node.children:
        yield from commands(child)


def arguments(command: tree_sitter.Node) -> tuple[list[str], bool]:
    """Its words as a shell would hand them over, as far as that is known, and whether there may be more of them."""
    words, is_open = [], False
    for child in command.named_children:
        if child.type == "variable_assignment" or child.type.endswith("redirect"):
            continue
        text = child.text.decode()
        if text in {'"$@"', "$@"} or "[@]" in text:
            is_open = True
            continue
        words.append(value(child))
    return words, is_open


def value(node: tree_sitter.Node) -> str:
    text = node.text.decode()
    match node.type:
        case "raw_string":
            return text[1:-1]
        case "simple_expansion" | "expansion" | "command_substitution" | "arithmetic_expansion":
            return UNKNOWN
        case "string":
            return inside(node, node.start_byte + 1, node.end_byte - 1)
        case "concatenation" | "command_name":
            return "".join(value(child) for child in node.named_children) or text
        case _:
            return text.replace("\\", "")


def inside(node: tree_sitter.Node, start: int, end: int) -> str:
    """The text between quotes, with every expansion unknown."""
    pieces, at = [], start
    source = node.text
    for child in node.named_children:
        if child.type != "string_content":
            pieces += [source[at - node.start_byte : child.start_byte - node.start_byte].decode(), UNKNOWN]
            at = child.end_byte
    pieces.append(source[at - node.start_byte : end - node.start_byte].decode())
    return "".join(pieces).replace("\\", "")


def judge(found: list[Line]) -> Iterator[Finding]:
    core = [line for line in found if line.words[:1] != ["ml"]]
    table = json.loads((HERE / "data" / "az-ml.json").read_text())
    for line in found:
        if line.words[:1] == ["ml"] and (message := complaint_about_ml(line, table)):
            yield finding(line, EXTENSION, message)
        if message := bad_query(line):
            yield finding(line, NAME, message)
    for line, message in zip(core, parsed(core), strict=True):
        if message:
            yield finding(line, NAME, message)


def finding(line: Line, client: str, message: str) -> Finding:
    return Finding(line.script.path, line.script.line + line.row, client, f"az {' '.join(line.words[:3])}: {message}")


def bad_query(line: Line) -> str | None:
    if "--query" not in line.words[:-1]:
        return None
    try:
        jmespath.compile(line.words[line.words.index("--query") + 1].replace(UNKNOWN, "x"))
    except jmespath.exceptions.JMESPathError as error:
        return f"--query: {error}"
    return None


def complaint_about_ml(line: Line, table: dict) -> str | None:
    names = [it for it in line.words if not it.startswith("-")]
    name = next((it for it in (" ".join(names[:length]) for length in (4, 3, 2)) if it in table), None)
    if name is None:
        return "there is no such command"
    known = {option for kind in ("required", "optional") for options in table[name][kind] for option in options}
    given = {it.split("=")[0] for it in line.words if re.match(r"--?[a-z]", it)}
    if strange := sorted(given - known - GLOBAL):
        return f"unknown: {', '.join(strange)}"
    missing = [it[0] for it in table[name]["required"] if not {*it} & (given | line.defaults)]
    return f"lacks {', '.join(missing)}" if missing and not line.is_open else None


def parsed(found: list[Line]) -> list[str | None]:
    """What azure-cli itself says, in an environment of its own."""
    requests = [{"words": it.words, "open": it.is_open, "defaults": sorted(it.defaults)} for it in found]
    python = CLIENTS / "azure-cli" / "bin" / "python"
    command = [python, HERE / "azure_cli_parser.py", CLIENTS / "azure-cli-config", UNKNOWN]
    ran = subprocess.run(command, input=json.dumps(requests), capture_output=True, text=True)
    if ran.returncode != 0:
        raise ClientMissing(f"{NAME}: {ran.stderr}")
    return json.loads(ran.stdout)
