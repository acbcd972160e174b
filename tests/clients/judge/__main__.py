"""python -m judge DIR…: one line a finding, then a line a client; exit code 1 if there is any finding."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from . import (
    azure_cli,
    azure_ml,
    charts,
    devops,
    files,
    junit,
    kubernetes,
    layout,
    pipelines,
    plain_json,
    sarif,
    scripts,
    workflow_security,
    workflows,
    yaml_files,
)
from .finding import ClientMissing, Finding


class Verdict(NamedTuple):
    client: str
    # How many files, scripts or charts it was given.
    given: int
    unit: str
    findings: list[Finding]


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--self-test"]:
        return self_test(Path(arguments[1]))
    verdicts = list(judge([Path(it) for it in arguments]))
    for verdict in verdicts:
        for finding in verdict.findings:
            print(finding)
    for verdict in verdicts:
        given, findings = count(verdict.given, verdict.unit), count(len(verdict.findings), "finding")
        print(f"{verdict.client}: {given}, {findings}")
    if not any(verdict.given for verdict in verdicts):
        print("nothing to judge")
        return 1
    return 1 if any(verdict.findings for verdict in verdicts) else 0


def judge(roots: list[Path]) -> Iterator[Verdict]:
    sorted_files = files.sort(roots)
    for path in sorted_files.others:
        print(f"{path}: not judged")
    found = [scripts.in_file(path) for path in sorted_files.scripts]
    found += [script for path in sorted_files.pipelines for script in scripts.in_pipeline(path)]
    work = [
        (pipelines, sorted_files.pipelines),
        (yaml_files, sorted_files.yaml),
        (scripts, found),
        (azure_cli, azure_cli.lines(found)),
        (azure_ml, sorted_files.ml),
        (charts, sorted_files.charts),
        (kubernetes, kubernetes.renderings(sorted_files.charts)),
        (devops, sorted_files.setup),
        (plain_json, sorted_files.json),
        (sarif, sorted_files.sarif),
        (junit, sorted_files.junit),
        (workflows, sorted_files.workflows),
        (workflow_security, sorted_files.workflows),
        (layout, sorted_files.all),
    ]
    for client, mine in work:
        yield Verdict(client.NAME, len(mine), client.UNIT, sorted(set(client.judge(mine))))


def self_test(samples: Path) -> int:
    """A client that has nothing to say about the bad samples, or something about the good ones, is broken."""
    heard = list(judge([samples / "bad"]))
    bad = [it.client for it in heard if not it.findings]
    labels = {finding.client for it in heard for finding in it.findings}
    bad += sorted(label for client in (azure_cli, charts, kubernetes, layout, yaml_files) for label in client.LABELS - labels)
    good = [finding for it in judge([samples / "good"]) for finding in it.findings]
    # Bodies have nothing in common: each of them must be found out.
    bodies = files.sort([samples / "bad"]).setup
    blind = {*bodies} - {finding.path for finding in devops.judge(bodies)}
    for path in sorted(blind):
        print(f"{devops.NAME}: says nothing about {path}")
    for client in bad:
        print(f"{client}: says nothing about {samples / 'bad'}")
    for finding in good:
        print(finding)
    return 1 if bad or good or blind else 0


def count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (ClientMissing, FileNotFoundError) as missing:
        sys.exit(f"a client is missing: {missing}")
