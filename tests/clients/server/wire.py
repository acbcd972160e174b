"""The server's streams without a client between: what a client would never send."""

import json
import os
import queue
import subprocess
import threading

PATIENCE = 30


class Wire:
    def __init__(self, folder):
        self.process = subprocess.Popen(
            [os.environ["MLOPSC"], "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self.came = queue.Queue()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.last = 0

    def _read(self):
        out = self.process.stdout
        while header := out.readline():
            assert out.readline() == b"\r\n"
            length = int(header.removeprefix(b"Content-Length: "))
            self.came.put(json.loads(out.read(length)))

    def raw(self, data: bytes) -> None:
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def body(self, body: bytes) -> None:
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def send(self, message: dict) -> None:
        self.body(json.dumps({"jsonrpc": "2.0"} | message).encode())

    def tell(self, method: str, params=None) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params=None) -> dict:
        self.last += 1
        self.send({"id": self.last, "method": method, "params": params})
        return self.answer(self.last)

    def answer(self, wanted) -> dict:
        """The answer to a request; what the server tells meanwhile is passed over."""
        while True:
            message = self.came.get(timeout=PATIENCE)
            if "method" not in message and message["id"] == wanted:
                return message

    def error(self, wanted) -> int:
        return self.answer(wanted)["error"]["code"]

    def begin(self, folder) -> "Wire":
        assert "result" in self.ask("initialize", {"capabilities": {}, "rootUri": folder.as_uri()})
        self.tell("initialized", {})
        return self

    def lives(self) -> bool:
        """It still formats a text that is on no disk."""
        uri = "file:///nowhere/lives.mlops"
        item = {"uri": uri, "languageId": "mlops", "version": 1, "text": "pool   a {  }\n"}
        self.tell("textDocument/didOpen", {"textDocument": item})
        options = {"tabSize": 2, "insertSpaces": True}
        answer = self.ask("textDocument/formatting", {"textDocument": {"uri": uri}, "options": options})
        self.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
        return bool(answer.get("result"))

    def leave(self) -> int:
        self.ask("shutdown")
        self.tell("exit")
        return self.process.wait(PATIENCE)
