"""azure-cli's parser over lines that are never executed.

azure_cli_parser.py CONFIG UNKNOWN   reads a JSON list of {words, open, defaults}, prints a list of messages or nulls
"""

import contextlib
import io
import json
import logging
import os
import sys

CONFIG, UNKNOWN = sys.argv[1:]
os.environ |= {"AZURE_CONFIG_DIR": CONFIG, "AZURE_CORE_COLLECT_TELEMETRY": "0"}

from azure.cli.core import get_default_cli  # noqa: E402: it reads the environment when it is loaded
from azure.cli.core.parser import AzCliCommandParser  # noqa: E402


class Refused(Exception):
    pass


def refuse(_parser: object, message: object, *_rest: object, **_more: object) -> None:
    raise Refused(" ".join(str(message).split()))


def check_value(parser: AzCliCommandParser, action: object, value: object) -> None:
    if action.choices is not None and value not in action.choices and UNKNOWN not in str(value):
        refuse(parser, f"'{value}' is none of {', '.join(map(str, action.choices))}")


def main() -> None:
    logging.disable(logging.CRITICAL)
    AzCliCommandParser.error = AzCliCommandParser.validation_error = refuse
    AzCliCommandParser._check_value = check_value
    answer = sys.stdout
    parsers: dict = {}
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        said = [complaint(parsers, **request) for request in json.load(sys.stdin)]
    json.dump(said, answer)


def complaint(parsers: dict, words: list[str], open: bool, defaults: list[str]) -> str | None:
    name = tuple(leading(words))
    if name not in parsers:
        parsers[name] = parser_of(name)
    if parsers[name] is None:
        return "there is no such command"
    message = refusal(parsers[name], words)
    # What only a shell will know may well be a number.
    if message and UNKNOWN in " ".join(words):
        message = refusal(parsers[name], [it.replace(UNKNOWN, "1") for it in words]) and message
    if message and "arguments are required:" in message:
        missing = message.split("required: ")[1].split(", ")
        given = [it for it in missing if not {*it.split("/")} & {*defaults}]
        return f"lacks {', '.join(given)}" if given and not open else None
    return message


def leading(words: list[str]) -> list[str]:
    end = next((number for number, it in enumerate(words) if it.startswith("-")), len(words))
    return words[:end]


def parser_of(name: tuple[str, ...]) -> AzCliCommandParser | None:
    """Loads the modules that have the command, and no other."""
    cli = get_default_cli()
    invocation = cli.invocation_cls(
        cli_ctx=cli, parser_cls=cli.parser_cls, commands_loader_cls=cli.commands_loader_cls, help_cls=cli.help_cls
    )
    cli.invocation = invocation
    invocation.data["command_string"] = " ".join(name)
    loader = invocation.commands_loader
    loader.load_command_table(list(name))
    known = next((it for it in prefixes(name) if it in loader.command_table), None)
    if known is None:
        return None
    loader.load_arguments(known)
    loader.command_table = {known: loader.command_table[known]}
    invocation.parser.load_command_table(loader)
    invocation.parser.cli_ctx.invocation = invocation
    return invocation.parser


def prefixes(name: tuple[str, ...]) -> list[str]:
    return [" ".join(name[:length]) for length in range(len(name), 0, -1)]


def refusal(parser: AzCliCommandParser, words: list[str]) -> str | None:
    try:
        parser.parse_args(words)
    except Refused as refused:
        return str(refused)
    except SystemExit as exit:
        return f"refused with {exit.code}" if exit.code else None
    return None


main()
