"""A copy of an example that a client works on, and places in its texts."""

import asyncio
import os
import pathlib
import shutil

from lsprotocol import types as lsp

EXAMPLE = pathlib.Path(__file__).parents[3] / "examples" / "digitre"
PROGRAM = os.environ["MLOPSC"]
TRAIN = "pipelines/train.mlops"

# No answer takes that long on the slowest machine; a server that hangs fails its test.
PATIENCE = 30


class Project:
    def __init__(self, client, folder: pathlib.Path):
        self.client = client
        self.root = folder / "digitre"
        shutil.copytree(EXAMPLE, self.root, ignore=shutil.ignore_patterns("generated"))
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.encoding = "utf-16"

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def document(self, path: str) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(uri=self.uri(path))

    def open(self, path: str, text: str | None = None) -> str:
        """Opens a file, with a text that is not saved if one is given."""
        text = (self.root / path).read_text() if text is None else text
        self.texts[path], self.versions[path] = text, 1
        item = lsp.TextDocumentItem(uri=self.uri(path), language_id="mlops", version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        return text

    def replace(self, path: str, old: str, new: str) -> None:
        """One edit, as an editor sends it: a range and what stands there now."""
        text = self.texts[path]
        change = lsp.TextDocumentContentChangePartial(range=self.range(path, old), text=new)
        self.texts[path] = text.replace(old, new, 1)
        self.versions[path] += 1
        version = lsp.VersionedTextDocumentIdentifier(version=self.versions[path], uri=self.uri(path))
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(text_document=version, content_changes=[change])
        )

    def position(self, path: str, around: str) -> lsp.Position:
        """Where `|` stands in a part of the text that is there once."""
        before, after = around.split("|")
        text = self.texts[path]
        assert text.count(before + after) == 1, f"`{before + after}` is not there once"
        return self.position_of(text, text.index(before + after) + len(before))

    def position_of(self, text: str, offset: int) -> lsp.Position:
        before = text[:offset]
        line = before[before.rfind("\n") + 1 :]
        unit = {"utf-8": 1, "utf-16": 2, "utf-32": 4}[self.encoding]
        return lsp.Position(line=before.count("\n"), character=len(line.encode(f"{self.encoding}-le" if unit > 1 else "utf-8")) // unit)

    def range(self, path: str, part: str) -> lsp.Range:
        text = self.texts[path]
        assert text.count(part) == 1, f"`{part}` is not there once"
        start = text.index(part)
        return lsp.Range(start=self.position_of(text, start), end=self.position_of(text, start + len(part)))

    def at(self, path: str, around: str) -> dict:
        return {"text_document": self.document(path), "position": self.position(path, around)}

    def part(self, path: str, where: lsp.Range) -> str:
        """The text of a range."""
        text = self.texts.get(path) or (self.root / path).read_text()
        return text[self.offset(text, where.start) : self.offset(text, where.end)]

    def offset(self, text: str, position: lsp.Position) -> int:
        start = 0
        for _ in range(position.line):
            start = text.index("\n", start) + 1
        for offset in range(start, len(text) + 1):
            if self.position_of(text, offset) == position:
                return offset
        raise AssertionError(f"{position} is outside of the text")

    def applied(self, path: str, edits: list[lsp.TextEdit]) -> str:
        text = self.texts.get(path) or (self.root / path).read_text()
        for edit in sorted(edits, key=lambda it: (it.range.start.line, it.range.start.character), reverse=True):
            start, end = self.offset(text, edit.range.start), self.offset(text, edit.range.end)
            text = text[:start] + edit.new_text + text[end:]
        return text

    async def codes(self, path: str, wanted: list[str]) -> list[lsp.Diagnostic]:
        """Waits until a file has findings of these codes and no others."""
        seen = None

        async def wait():
            nonlocal seen
            while True:
                seen = self.client.diagnostics.get(self.uri(path))
                if seen is not None and sorted(str(it.code) for it in seen) == sorted(wanted):
                    return seen
                await self.client.wait_for_notification("textDocument/publishDiagnostics")

        try:
            return await asyncio.wait_for(wait(), PATIENCE)
        except TimeoutError:
            raise AssertionError(f"{path} should have {wanted}, and has {seen}") from None


def changes(edit: lsp.WorkspaceEdit) -> dict[str, list[lsp.TextEdit]]:
    """The edits by address, in either form."""
    if edit.document_changes:
        return {it.text_document.uri: it.edits for it in edit.document_changes}
    return edit.changes or {}
