"""Every file before the hooks of pre-commit that most repositories have: they must have nothing to change."""

import contextlib
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pre_commit_hooks import end_of_file_fixer, trailing_whitespace_fixer

from .finding import Finding

NAME = "pre-commit-hooks"
UNIT = "file"
HOOKS = {"trailing-whitespace": trailing_whitespace_fixer, "end-of-file-fixer": end_of_file_fixer}
LABELS = {*HOOKS}


def judge(paths: list[Path]) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        for path in paths:
            shutil.copyfile(path, copy)
            before = copy.read_bytes()
            for hook, module in HOOKS.items():
                with contextlib.redirect_stdout(io.StringIO()):
                    changed = module.main([str(copy)])
                if changed:
                    yield Finding(path, first_change(before, copy.read_bytes()), hook, "has something to change")
                    copy.write_bytes(before)


def first_change(before: bytes, after: bytes) -> int:
    pairs = enumerate(zip(before.splitlines(), after.splitlines()), 1)
    return next((number for number, (old, new) in pairs if old != new), len(after.splitlines()))
