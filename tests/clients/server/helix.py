"""Helix with the settings of this repository, in a terminal that is only read: python helix.py, in the folder of an example."""

import os
import pathlib
import sys
import time

import pexpect
import pyte

PATIENCE = int(os.environ.get("PATIENCE", "30"))
TRAIN = pathlib.Path("pipelines/train.mlops")


class Screen(pyte.Screen):
    # Helix asks for a report of its own that pyte does not know.
    def report_device_status(self, *_args, **_private):
        pass


class Helix:
    def __init__(self, file: pathlib.Path):
        self.screen = Screen(120, 40)
        self.stream = pyte.ByteStream(self.screen)
        self.terminal = pexpect.spawn("hx", [str(file)], dimensions=(40, 120))

    def read(self) -> str:
        try:
            self.stream.feed(self.terminal.read_nonblocking(65536, 0.1))
        except (pexpect.TIMEOUT, pexpect.EOF):
            pass
        return "\n".join(it.rstrip() for it in self.screen.display)

    def until(self, what: str, look) -> None:
        end = time.monotonic() + PATIENCE
        while not look(self.read()):
            assert time.monotonic() < end, f"{what}: not in time:\n{self.read()}"

    def keys(self, *keys: str) -> None:
        for it in keys:
            self.terminal.send(it)
            self.read()

    def command(self, line: str) -> None:
        self.keys("\x1b", ":", line, "\r")

    def find(self, part: str) -> None:
        """Selects the next part of the text that reads so."""
        self.keys("\x1b", "gg", f"/{part}", "\r")


def run() -> None:
    original = TRAIN.read_text()
    helix = Helix(TRAIN)
    helix.until("the text", lambda it: "pipeline train" in it)

    helix.find("train_cpu")
    helix.keys("ctrain_cps", "\x1b")
    # A list that is opened before shows none of those that come later.
    helix.until("the number of findings", lambda it: "● 1" in it)
    helix.keys(" d")
    helix.until("the finding", lambda it: "train_cps" in it and "undefined-reference" in it)
    helix.keys("\x1b")
    helix.find("train_cps")
    helix.keys(" a")
    helix.until("the repair", lambda it: "train_cpu" in it.split("ensure train_cps", 1)[-1])
    helix.keys("\r")
    helix.until("the text is repaired", lambda it: "ensure train_cpu" in it and "●" not in it)
    helix.command("w")
    helix.until("it is saved", lambda _: TRAIN.read_text() == original)

    helix.find("train_cpu")
    helix.keys(" k")
    helix.until("the hover", lambda it: "Of its own" in it)
    helix.keys("\x1b")

    helix.find("train_cpu")
    helix.keys("o", "ensure p")
    helix.until("the names", lambda it: "prepare_cpu" in it.split("ensure p", 1)[-1])
    helix.keys("\x1b", "\x1b", "u")

    helix.find("ensure train_cpu")
    helix.keys("censure    train_cpu", "\x1b")
    helix.command("w")
    helix.until("it is formatted when it is saved", lambda it: "ensure train_cpu" in it and TRAIN.read_text() == original)

    helix.find("train_cpu")
    helix.keys(" r")
    helix.until("the name to change", lambda it: "rename-to:" in it)
    helix.keys("\x15trainers", "\r")
    helix.until("the new name", lambda it: "ensure trainers" in it)
    helix.command("wa!")
    declared = pathlib.Path("ml.mlops")
    helix.until("one file", lambda _: "ensure trainers\n" in TRAIN.read_text())
    helix.until("the other file", lambda _: "compute trainers {" in declared.read_text())
    helix.command("qa!")
    print("helix: as it should be")


if __name__ == "__main__":
    try:
        run()
    except AssertionError as failure:
        print(f"helix: {failure}", file=sys.stderr)
        sys.exit(1)
