"""The hooks, run by pre-commit in a repository of their own: precommit.py WHEELS.

WHEELS is a folder with the wheel of mlopsc and that of setuptools; nothing else is installed from. The mirror is what
packaging/pre-commit-mirror holds, committed and tagged.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRE_COMMIT = Path(sys.executable).with_name("pre-commit")
HOOKS = ["mlopsc-fmt", "mlopsc-check", "mlopsc-compile"]

PROJECT = """\
pool linux { image = "ubuntu-24.04" }

pipeline build {
  pool = linux
  trigger push { branches = ["main"] }
  stage make {
    run "make"
  }
}
"""


class Repository:
    """The project lies in a folder below the root, as it often does."""

    def __init__(self, work: Path, wheels: Path):
        self.folder = work / "repository"
        self.environment = {
            **os.environ,
            "PRE_COMMIT_HOME": str(work / "pre-commit"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(wheels),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org",
            "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.org",
        }
        mirror = work / "mirror"
        shutil.copytree(ROOT / "packaging" / "pre-commit-mirror", mirror)
        self.init(mirror)
        self.git(mirror, "tag", "v0")
        self.folder.mkdir()
        hooks = "".join(f"      - id: {hook}\n" for hook in HOOKS)
        self.write(".pre-commit-config.yaml", f"repos:\n  - repo: {mirror}\n    rev: v0\n    hooks:\n{hooks}")
        self.write("ml/mlopsc.toml", "")
        self.write("ml/main.mlops", PROJECT)
        self.init(self.folder)
        self.commit()

    def init(self, folder: Path) -> None:
        self.git(folder, "init", "--quiet")
        self.git(folder, "add", "--all")
        self.git(folder, "commit", "--quiet", "--message", "first")

    def git(self, folder: Path, *arguments: str) -> None:
        subprocess.run(["git", *arguments], cwd=folder, env=self.environment, check=True)

    def write(self, path: str, text: str) -> None:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def commit(self) -> None:
        """Whatever there is, without the hooks."""
        self.git(self.folder, "add", "--all")
        self.git(self.folder, "commit", "--quiet", "--allow-empty", "--message", "more")

    def run(self, *arguments: str) -> tuple[dict[str, str], str]:
        """What each hook came to for what is staged."""
        done = subprocess.run(
            [PRE_COMMIT, "run", "--color", "never", *arguments],
            cwd=self.folder, env=self.environment, capture_output=True, text=True,
        )
        said = done.stdout + done.stderr
        results = dict(re.findall(r"^mlopsc (\w+)\.*.*?(Passed|Failed|Skipped)$", said, re.MULTILINE))
        if len(results) != len(HOOKS):
            sys.exit(f"pre-commit: {said}")
        if (done.returncode == 0) != ("Failed" not in results.values()):
            sys.exit(f"exit code {done.returncode} of pre-commit, and the hooks say {results}")
        return results, said

    def stage(self, *paths: str) -> tuple[dict[str, str], str]:
        self.git(self.folder, "add", *paths)
        return self.run()


def main(wheels: Path) -> int:
    failures = 0
    with tempfile.TemporaryDirectory() as work:
        repository = Repository(Path(work), wheels)
        for case in CASES:
            expected, said_what, (results, said) = *EXPECTED[case], case(repository)
            wanted = dict(zip(("fmt", "check", "compile"), expected.split()))
            if results != wanted or not all(text in said for text in said_what):
                failures += 1
                print(f"{case.__name__}: wanted {wanted} and {said_what}\n{said}")
            repository.commit()
    print(f"pre-commit: {len(CASES)} cases, {failures} failed")
    return 1 if failures else 0


def a_new_output_fails(repository):
    return repository.run("--all-files")


def what_is_up_to_date_passes(repository):
    return repository.run("--all-files")


def files_of_others_are_skipped(repository):
    repository.write("README.md", "words\n")
    return repository.stage("README.md")


def a_finding_fails(repository):
    repository.write("ml/main.mlops", PROJECT.replace("pool = linux", "pool = lunix"))
    return repository.stage("ml/main.mlops")


def what_is_not_in_style_is_formatted(repository):
    repository.write("ml/main.mlops", PROJECT.replace("  pool = linux", "      pool=linux"))
    result = repository.stage("ml/main.mlops")
    if repository.read("ml/main.mlops") != PROJECT:
        sys.exit("the file was not formatted")
    return result


def a_stale_output_fails(repository):
    repository.write("ml/main.mlops", PROJECT.replace('"make"', '"make all"'))
    result = repository.stage("ml/main.mlops")
    if "make all" not in repository.read("ml/generated/azure-pipelines/build.yml"):
        sys.exit("the output was not renewed")
    return result


def an_output_of_nothing_is_removed(repository):
    repository.write("ml/main.mlops", PROJECT.replace("pipeline build", "pipeline other"))
    return repository.stage("ml/main.mlops")


def an_output_edited_by_hand_fails(repository):
    path = "ml/generated/azure-pipelines/other.yml"
    repository.write(path, repository.read(path) + "# by hand\n")
    result = repository.stage(path)
    if not repository.read(path).endswith("# by hand\n"):
        sys.exit("an edit was overwritten")
    return result


# What fmt, check and compile come to, and what is said.
EXPECTED = {
    a_new_output_fails: (
        "Passed Passed Failed",
        ["created ml/generated/azure-pipelines/build.yml", "help: add these files to the commit"],
    ),
    what_is_up_to_date_passes: ("Passed Passed Passed", []),
    files_of_others_are_skipped: ("Skipped Skipped Skipped", []),
    a_finding_fails: ("Passed Failed Failed", ["lunix", "linux", "ml/main.mlops:4"]),
    what_is_not_in_style_is_formatted: ("Failed Passed Passed", ["files were modified by this hook"]),
    a_stale_output_fails: ("Passed Passed Failed", ["changed ml/generated/azure-pipelines/build.yml"]),
    an_output_of_nothing_is_removed: (
        "Passed Passed Failed",
        ["removed ml/generated/azure-pipelines/build.yml", "created ml/generated/azure-pipelines/other.yml"],
    ),
    an_output_edited_by_hand_fails: ("Skipped Skipped Failed", ["azure-pipelines/other.yml", "edited"]),
}
CASES = list(EXPECTED)

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
