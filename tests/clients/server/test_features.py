"""Every feature that the server advertises, on an example, as three editors ask for it."""

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

import test_structure  # noqa: F401: its tests count, whatever runs
from coverage import COVERED, advertised, covers, paths
from project import TRAIN, changes

ML = "ml.mlops"
PROJECT = "project.mlops"


async def test_every_capability_has_a_test(client):
    known = paths(advertised(client))
    assert known - COVERED == set()
    missing = {it for it in COVERED if "." not in it} - known
    assert missing - {"positionEncoding"} == set()


@covers("textDocumentSync", "textDocumentSync.openClose", "textDocumentSync.change")
async def test_findings_follow_the_text(client, project):
    project.open(TRAIN)
    await project.codes(TRAIN, [])
    project.replace(TRAIN, "ensure train_cpu", "ensure train_cpp")
    [finding] = await project.codes(TRAIN, ["undefined-reference"])
    assert project.part(TRAIN, finding.range) == "train_cpp"
    assert finding.source == "mlopsc" and "train_cpp" in finding.message
    project.replace(TRAIN, "train_cpp", "train_cpu")
    await project.codes(TRAIN, [])


@covers("positionEncoding", "positionEncoding.utf-8", "positionEncoding.utf-16")
async def test_positions_behind_what_is_not_ascii(client, project):
    text = project.open(TRAIN)
    project.replace(TRAIN, '"Train and evaluate" {\n', '"Größe 😀" { checkout nowhere\n')
    [finding] = await project.codes(TRAIN, ["undefined-reference"])
    assert project.part(TRAIN, finding.range) == "nowhere"
    project.replace(TRAIN, "😀", "😀😀")
    project.replace(TRAIN, "checkout nowhere", "")
    await project.codes(TRAIN, [])
    assert "Größe" not in text


async def test_what_is_wrong_in_files_that_are_not_open(client, project):
    project.open(ML)
    project.replace(ML, "data prepared_listings {", "data other_listings {")
    await project.codes(ML, ["undefined-reference"])
    project.replace(ML, "compute train_cpu {", "compute other_cpu {")
    await project.codes(TRAIN, ["undefined-reference", "undefined-reference"])


@covers("textDocumentSync.save", "textDocumentSync.save.includeText")
async def test_what_was_not_saved_is_gone_when_a_file_closes(client, project):
    project.open(TRAIN)
    project.replace(TRAIN, "ensure train_cpu", "ensure train_cpp")
    await project.codes(TRAIN, ["undefined-reference"])
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(text_document=project.document(TRAIN)))
    await project.codes(TRAIN, [])
    text = project.open(ML)
    (project.root / TRAIN).write_text((project.root / TRAIN).read_text().replace("ensure train_cpu", "ensure train_cpp"))
    (project.root / ML).write_text(text)
    client.text_document_did_save(lsp.DidSaveTextDocumentParams(text_document=project.document(ML)))
    await project.codes(TRAIN, ["undefined-reference"])


@covers("completionProvider", *(f"completionProvider.triggerCharacters{it}" for it in ["", *(f".{it}" for it in '."$[{(@')]))
@pytest.mark.parametrize(
    ("old", "new", "wanted", "unwanted"),
    [
        ("ensure train_cpu", "ensure |", "prepare_cpu", "price_model"),
        ("submit price_model as fit", "submit | as fit", "price_model", "train_cpu"),
        ("needs    = [artifacts]\n", "need|\n", "needs", "name"),
        ("    needs    = [artifacts]", "    needs = [|]", "artifacts", "train_cpu"),
        ("version = train.fit.model_version", "version = train.fit.|", "model_version", "model_name"),
        ("trigger after extract_prepare", "trigger |", "push", "ensure"),
        ('tag_run "model"', 'tag_run "${|}"', "vars", "approval"),
    ],
)
async def test_completion(client, project, old, new, wanted, unwanted):
    project.open(TRAIN)
    await project.codes(TRAIN, [])
    project.replace(TRAIN, old, new.replace("|", ""))
    answer = await client.text_document_completion_async(lsp.CompletionParams(**project.at(TRAIN, new)))
    items = answer.items if isinstance(answer, lsp.CompletionList) else answer
    labels = [it.label for it in items]
    assert wanted in labels and unwanted not in labels


@covers("hoverProvider")
async def test_hover(client, project):
    project.open(TRAIN)
    hover = await client.text_document_hover_async(lsp.HoverParams(**project.at(TRAIN, "ensure tr|ain_cpu")))
    assert "Of its own, because the training pipeline deletes it" in hover.contents.value
    hover = await client.text_document_hover_async(lsp.HoverParams(**project.at(TRAIN, "    app|roval = ml_leads")))
    assert project.part(TRAIN, hover.range) == "approval"
    hover = await client.text_document_hover_async(lsp.HoverParams(**project.at(TRAIN, "trai|n {".replace("n {", 'n "Train'))))
    assert hover is not None


@covers("definitionProvider")
async def test_definition(client, project):
    project.open(TRAIN)
    where = await client.text_document_definition_async(lsp.DefinitionParams(**project.at(TRAIN, "ensure tr|ain_cpu")))
    [where] = where if isinstance(where, list) else [where]
    uri, part = (where.target_uri, where.target_selection_range) if isinstance(where, lsp.LocationLink) else (where.uri, where.range)
    assert uri == project.uri(ML) and project.part(ML, part) == "train_cpu"


@covers("referencesProvider")
async def test_references(client, project):
    project.open(TRAIN)
    for declaration, expected in [(True, [ML, ML, TRAIN, TRAIN]), (False, [ML, TRAIN, TRAIN])]:
        params = lsp.ReferenceParams(
            context=lsp.ReferenceContext(include_declaration=declaration), **project.at(TRAIN, "ensure tr|ain_cpu")
        )
        found = await client.text_document_references_async(params)
        assert sorted(it.uri for it in found) == [project.uri(it) for it in expected]


@covers("documentHighlightProvider")
async def test_highlights(client, project):
    project.open(TRAIN)
    params = lsp.DocumentHighlightParams(**project.at(TRAIN, "delete train|_cpu"))
    found = await client.text_document_document_highlight_async(params)
    assert [project.part(TRAIN, it.range) for it in found] == ["train_cpu", "train_cpu"]


@covers("renameProvider", "renameProvider.prepareProvider")
async def test_rename(client, project):
    project.open(TRAIN)
    cursor = project.at(TRAIN, "ensure tr|ain_cpu")
    prepared = await client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**cursor))
    where = getattr(prepared, "range", prepared)
    assert project.part(TRAIN, where) == "train_cpu"
    edit = await client.text_document_rename_async(lsp.RenameParams(new_name="trainer", **cursor))
    edits = changes(edit)
    assert set(edits) == {project.uri(TRAIN), project.uri(ML)}
    assert "delete trainer" in project.applied(TRAIN, edits[project.uri(TRAIN)])
    assert "compute trainer {" in project.applied(ML, edits[project.uri(ML)])


async def test_rename_refuses_a_name_that_is_taken(client, project):
    project.open(TRAIN)
    params = lsp.RenameParams(new_name="prepare_cpu", **project.at(TRAIN, "ensure tr|ain_cpu"))
    with pytest.raises(JsonRpcException, match="prepare_cpu"):
        await client.text_document_rename_async(params)
    with pytest.raises(JsonRpcException):
        await client.text_document_rename_async(lsp.RenameParams(new_name="two words", **project.at(TRAIN, "ensure tr|ain_cpu")))


def actions_at(project, finding, only=None):
    context = lsp.CodeActionContext(diagnostics=[finding] if finding else [], only=only)
    where = finding.range if finding else lsp.Range(start=lsp.Position(0, 0), end=lsp.Position(0, 0))
    return lsp.CodeActionParams(text_document=project.document(TRAIN), range=where, context=context)


@covers("codeActionProvider", "codeActionProvider.codeActionKinds", "codeActionProvider.codeActionKinds.quickfix")
async def test_quick_fix(client, project):
    project.open(TRAIN)
    project.replace(TRAIN, "ensure train_cpu", "ensure train_cpp")
    [finding] = await project.codes(TRAIN, ["undefined-reference"])
    actions = await client.text_document_code_action_async(actions_at(project, finding))
    texts = [project.applied(TRAIN, changes(it.edit)[project.uri(TRAIN)]) for it in actions if it.kind == "quickfix"]
    assert (project.root / TRAIN).read_text() in texts


@covers("codeActionProvider.codeActionKinds.source.fixAll")
async def test_all_fixes_of_a_file(client, project):
    project.open(TRAIN)
    project.replace(TRAIN, "wait = server, timeout = 12h", "wait = server, timeout 12h")
    [finding] = await project.codes(TRAIN, ["missing-equals"])
    actions = await client.text_document_code_action_async(actions_at(project, finding, only=["source.fixAll"]))
    assert all(it.kind.startswith("source.fixAll") for it in actions)
    assert [project.applied(TRAIN, changes(it.edit)[project.uri(TRAIN)]) for it in actions] == [(project.root / TRAIN).read_text()]


@covers("completionProvider.triggerCharacters./")
async def test_paths_are_completed(client, project):
    project.open("ml.mlops")
    project.replace("ml.mlops", '"ml/extract"', '"ml/"')
    position = project.position("ml.mlops", 'code    = "ml/|"')
    params = lsp.CompletionParams(text_document=project.document("ml.mlops"), position=position)
    answer = await client.text_document_completion_async(params)
    labels = {it.label.rstrip("/") for it in (answer if isinstance(answer, list) else answer.items)}
    assert any(it.endswith("train") for it in labels) and not any(it.endswith("train_cpu") for it in labels), labels


@covers("codeActionProvider.codeActionKinds.refactor.extract")
async def test_a_value_is_taken_out(client, project):
    project.open(TRAIN)
    await project.codes(TRAIN, [])
    params = actions_at(project, None, only=["refactor.extract"])
    params.range = project.range(TRAIN, "12h")
    [action] = await client.text_document_code_action_async(params)
    text = project.applied(TRAIN, changes(action.edit)[project.uri(TRAIN)])
    assert text.startswith("let timeout = 12h\n") and "wait = server, timeout = timeout" in text


FORMAT = lsp.FormattingOptions(tab_size=2, insert_spaces=True)


@covers("documentFormattingProvider")
async def test_formatting(client, project):
    project.open(TRAIN)
    project.replace(TRAIN, "    ensure train_cpu\n", "  ensure    train_cpu   \n\n\n")
    project.replace(TRAIN, "trigger after extract_prepare", "trigger    after extract_prepare")
    params = lsp.DocumentFormattingParams(text_document=project.document(TRAIN), options=FORMAT)
    formatted = project.applied(TRAIN, await client.text_document_formatting_async(params))
    assert "\n    ensure train_cpu\n" in formatted and "\n  trigger after extract_prepare\n" in formatted


@covers("documentRangeFormattingProvider")
async def test_formatting_of_a_part(client, project):
    project.open(TRAIN)
    project.replace(TRAIN, "    ensure train_cpu\n", "    ensure    train_cpu\n")
    project.replace(TRAIN, "    delete train_cpu\n", "    delete    train_cpu\n")
    where = project.range(TRAIN, "    ensure    train_cpu\n")
    params = lsp.DocumentRangeFormattingParams(text_document=project.document(TRAIN), range=where, options=FORMAT)
    formatted = project.applied(TRAIN, await client.text_document_range_formatting_async(params))
    assert "    ensure train_cpu\n" in formatted and "    delete    train_cpu\n" in formatted
