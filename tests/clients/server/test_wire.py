"""What is against the protocol is answered by the protocol's errors, and the server lives."""

import subprocess

import pytest

from wire import PATIENCE, Wire

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602
NOT_INITIALIZED = -32002
TEXT = "pool a { image = \"ubuntu-24.04\" }\n"


@pytest.fixture
def fresh(tmp_path):
    wire = Wire(tmp_path)
    yield wire
    wire.process.kill()
    wire.process.wait()


@pytest.fixture
def wire(fresh, tmp_path):
    (tmp_path / "mlopsc.toml").write_text("")
    (tmp_path / "a.mlops").write_text(TEXT)
    fresh.begin(tmp_path)
    yield fresh
    assert fresh.lives()
    assert fresh.leave() == 0


@pytest.fixture
def uri(wire, tmp_path):
    uri = (tmp_path / "a.mlops").as_uri()
    wire.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "mlops", "version": 1, "text": TEXT}})
    return uri


@pytest.mark.parametrize("body", [b"{", b"", b"\xff\xfe", b'{"jsonrpc": "2.0", "id": 7, "method": ', b"[" * 10_000])
def test_what_is_no_json(wire, body):
    wire.body(body)
    assert wire.error(None) == PARSE_ERROR


@pytest.mark.parametrize(
    ("body", "answered"),
    [
        (b"7", None),
        (b"[]", None),
        (b"{}", None),
        (b'{"jsonrpc": "2.0", "id": {}, "method": "textDocument/hover"}', None),
        (b'{"jsonrpc": "2.0", "id": 7, "method": 7}', 7),
        (b'{"jsonrpc": "2.0", "id": "x", "method": []}', "x"),
    ],
)
def test_what_is_no_message(wire, body, answered):
    wire.body(body)
    assert wire.error(answered) == INVALID_REQUEST


@pytest.mark.parametrize(
    "header",
    [b"Content-Length: x\r\n\r\n", b"Nonsense\r\n\r\n", b"\r\n\r\n", b"Content-Length: -1\r\n\r\n", b"Content-Length: 99999999999999999999\r\n\r\n"],
)
def test_headers_that_make_no_sense(wire, header):
    wire.raw(header)


def test_headers_of_other_spellings(wire):
    body = b'{"jsonrpc": "2.0", "id": 7, "method": "mlopsc/nonsense"}'
    wire.raw(b"content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:%d\r\n\r\n%s" % (len(body), body))
    assert wire.error(7) == METHOD_NOT_FOUND


@pytest.mark.parametrize("method", ["mlopsc/nonsense", "textDocument/nonsense", "", "initialized", "exit ", "$/nonsense"])
def test_unknown_requests(wire, method):
    assert wire.ask(method)["error"]["code"] == METHOD_NOT_FOUND


@pytest.mark.parametrize("method", ["mlopsc/nonsense", "$/nonsense", "textDocument/hover", "shutdown"])
def test_unknown_notifications(wire, method):
    wire.tell(method, {"what": "ever"})


def test_answers_that_nobody_asked_for(wire):
    wire.send({"id": 999, "result": {}})
    wire.send({"id": "999", "error": {"code": 1, "message": "no"}})


@pytest.mark.parametrize("params", [None, 7, [], {}, {"textDocument": 7}, {"textDocument": {"uri": 7}, "position": 7}])
@pytest.mark.parametrize("method", ["hover", "completion", "rename", "formatting", "codeAction"])
def test_parameters_of_other_shapes(wire, method, params):
    assert wire.ask(f"textDocument/{method}", params)["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("position", [(99, 0), (0, 9999), (4294967295, 4294967295), (1, 1)])
@pytest.mark.parametrize("method", ["hover", "completion", "definition"])
def test_places_outside_of_the_text(wire, uri, method, position):
    line, character = position
    where = {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}
    answer = wire.ask(f"textDocument/{method}", where)
    # A column behind the end of its line stands for that end, as the protocol says.
    assert "result" in answer or answer["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("position", [{"line": -1, "character": 0}, {"line": 4294967296, "character": 0}, {"line": 0.5, "character": 0}])
def test_numbers_that_are_no_places(wire, uri, position):
    answer = wire.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": position})
    assert answer["error"]["code"] == INVALID_PARAMS


@pytest.mark.parametrize("ranges", [((9, 0), (9, 9)), ((0, 9), (0, 2)), ((0, 0), (4294967295, 0))])
def test_edits_outside_of_the_text(wire, uri, ranges):
    start, end = ({"line": line, "character": character} for line, character in ranges)
    edit = {"range": {"start": start, "end": end}, "text": "é"}
    wire.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [edit]})
    where = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    assert "error" not in wire.ask("textDocument/completion", where)


@pytest.mark.parametrize("uri", ["", "nonsense", "file:", "file://", "http://host/a.mlops", "file:///%ZZ", "file:///%00", "file:///a%FFb", "untitled:a", "::::"])
def test_addresses_that_are_no_files(wire, uri):
    item = {"uri": uri, "languageId": "mlops", "version": 1, "text": TEXT}
    wire.tell("textDocument/didOpen", {"textDocument": item})
    wire.tell("textDocument/didChange", {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": "x"}]})
    answer = wire.ask("textDocument/hover", {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}})
    assert "result" in answer or answer["error"]["code"] == INVALID_PARAMS
    wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})


def test_notifications_out_of_order(wire, uri, tmp_path):
    other = (tmp_path / "other.mlops").as_uri()
    change = {"textDocument": {"uri": other, "version": 2}, "contentChanges": [{"text": "x"}]}
    wire.tell("textDocument/didChange", change)
    wire.tell("textDocument/didSave", {"textDocument": {"uri": other}})
    wire.tell("textDocument/didClose", {"textDocument": {"uri": other}})
    wire.tell("textDocument/didOpen", {"textDocument": {"uri": uri, "languageId": "mlops", "version": 9, "text": ""}})
    wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    wire.tell("textDocument/didClose", {"textDocument": {"uri": uri}})
    wire.tell("initialized", {})
    wire.tell("$/cancelRequest", {"id": 4711})
    where = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
    assert wire.ask("textDocument/hover", where)["error"]["code"] == INVALID_PARAMS


def test_nothing_comes_before_initialize(fresh, tmp_path):
    fresh.tell("textDocument/didOpen", {"nonsense": True})
    assert fresh.ask("textDocument/hover", {})["error"]["code"] == NOT_INITIALIZED
    fresh.begin(tmp_path)
    assert fresh.ask("initialize", {"capabilities": {}})["error"]["code"] == INVALID_REQUEST
    assert fresh.lives()
    assert "error" not in fresh.ask("shutdown")
    assert fresh.ask("textDocument/hover", {})["error"]["code"] == INVALID_REQUEST
    fresh.tell("exit")
    assert fresh.process.wait(PATIENCE) == 0


def test_exit_without_shutdown(fresh, tmp_path):
    fresh.begin(tmp_path).tell("exit")
    assert fresh.process.wait(PATIENCE) == 1


def test_a_client_that_goes_away(fresh, tmp_path):
    fresh.begin(tmp_path)
    fresh.process.stdin.close()
    try:
        assert fresh.process.wait(PATIENCE) == 1
    except subprocess.TimeoutExpired:
        pytest.fail("the server stays behind")
