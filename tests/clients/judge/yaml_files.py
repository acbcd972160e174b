"""YAML before yamllint, and before a reader of YAML 1.1 and one of 1.2, who must find the same."""

from collections.abc import Iterator
from pathlib import Path

import ruamel.yaml
import yaml
import yamllint.config
import yamllint.linter

from .finding import Finding

NAME = "yaml"
UNIT = "file"
LABELS = {"yaml", "yamllint"}
RULES = yamllint.config.YamlLintConfig("{extends: relaxed, rules: {line-length: disable}}")


def judge(paths: list[Path]) -> Iterator[Finding]:
    for path in paths:
        text = path.read_text()
        for problem in yamllint.linter.run(text, RULES, str(path)):
            yield Finding(path, problem.line, "yamllint", problem.message)
        yield from readers(path, text)


def readers(path: Path, text: str) -> Iterator[Finding]:
    try:
        old = list(yaml.load_all(text, Loader=yaml.SafeLoader))
        new = list(ruamel.yaml.YAML(typ="safe", pure=True).load_all(text))
    except (yaml.YAMLError, ruamel.yaml.error.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        yield Finding(path, mark.line + 1 if mark else 1, NAME, str(error))
        return
    for where in differences("", old, new):
        yield Finding(path, 1, NAME, f"readers of YAML 1.1 and 1.2 do not agree about {where}")


def differences(at: str, old: object, new: object) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        if [type(key) for key in old] == [type(key) for key in new]:
            for key, value in old.items():
                yield from differences(f"{at}.{key}", value, new[key])
            return
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, pair in enumerate(zip(old, new)):
            yield from differences(f"{at}[{number}]", *pair)
    elif old != new or type(old) is not type(new):
        yield f"{at.lstrip('.')}: {old!r} and {new!r}"
