"""What the server says of the shape of texts, of how things hang together, and of what becomes of them."""

import pytest
from lsprotocol import types as lsp

from coverage import covers
from project import TRAIN

ML = "ml.mlops"
QA = "pipelines/qa.mlops"


def document(project, path=TRAIN):
    return {"text_document": project.document(path)}


@covers("documentSymbolProvider")
async def test_outline(client, project):
    project.open(TRAIN)
    [pipeline] = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(**document(project)))
    if isinstance(pipeline, lsp.DocumentSymbol):
        assert pipeline.name == "train"
        assert {"train", "artifacts", "release_compute"} <= {it.name for it in pipeline.children}


@covers("workspaceSymbolProvider")
async def test_symbols_of_the_workspace(client, project):
    project.open(TRAIN)
    await project.codes(TRAIN, [])
    found = await client.workspace_symbol_async(lsp.WorkspaceSymbolParams(query="price_model"))
    assert ("price_model", project.uri(ML)) in [(it.name, it.location.uri) for it in found]


@covers("foldingRangeProvider")
async def test_folding(client, project):
    text = project.open(TRAIN)
    found = await client.text_document_folding_range_async(lsp.FoldingRangeParams(**document(project)))
    lines = text.splitlines()
    heads = [lines[it.start_line].strip().split()[0] for it in found]
    assert heads.count("stage") == 3 and heads.count("pipeline") == 1


@covers("selectionRangeProvider")
async def test_selection_grows(client, project):
    project.open(TRAIN)
    position = project.position(TRAIN, "delete train|_cpu")
    params = lsp.SelectionRangeParams(positions=[position], **document(project))
    [selected] = await client.text_document_selection_range_async(params)
    parts = []
    while selected:
        parts.append(project.part(TRAIN, selected.range))
        selected = selected.parent
    assert parts[0] == "train_cpu" and "delete train_cpu" in parts
    assert all(len(inner) < len(outer) and inner in outer for inner, outer in zip(parts, parts[1:]))
    assert any(it.startswith("stage release_compute") for it in parts)


@covers(
    "semanticTokensProvider",
    "semanticTokensProvider.legend",
    "semanticTokensProvider.legend.tokenTypes",
    "semanticTokensProvider.legend.tokenModifiers",
    "semanticTokensProvider.legend.tokenModifiers.declaration",
    "semanticTokensProvider.full",
    "semanticTokensProvider.range",
)
async def test_tokens(client, project):
    text = project.open(TRAIN)
    legend = client.initialized.capabilities.semantic_tokens_provider.legend

    def words(tokens):
        line = column = 0
        for at in range(0, len(tokens.data), 5):
            lines, columns, length, kind, _ = tokens.data[at : at + 5]
            line, column = line + lines, columns if lines else column + columns
            yield text.splitlines()[line][column : column + length], legend.token_types[kind]

    all_words = list(words(await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(**document(project)))))
    assert {"stage", "train_cpu", "needs"} <= {word for word, _ in all_words}
    assert len({kind for _, kind in all_words}) > 1
    params = lsp.SemanticTokensRangeParams(range=project.range(TRAIN, "    ensure train_cpu\n"), **document(project))
    some = list(words(await client.text_document_semantic_tokens_range_async(params)))
    assert some and set(some) < set(all_words)


KINDS = ("keyword", "property", "class", "enumMember", "function", "parameter", "type", "variable")


@covers(*(f"semanticTokensProvider.legend.tokenTypes.{it}" for it in KINDS))
async def test_tokens_of_every_kind_are_found(client, project):
    legend = client.initialized.capabilities.semantic_tokens_provider.legend
    found = set()
    text = 'template t(size: string) {\n  compute c { size = size }\n}\nlet x = "a"\nlet y = path(x, "b")\n'
    for path in [*sorted(it.relative_to(project.root).as_posix() for it in project.root.rglob("*.mlops")), "kinds.mlops"]:
        project.open(path, text if path == "kinds.mlops" else None)
        params = lsp.SemanticTokensParams(text_document=project.document(path))
        tokens = await client.text_document_semantic_tokens_full_async(params)
        found |= {legend.token_types[tokens.data[at + 3]] for at in range(0, len(tokens.data), 5)}
    assert found == set(KINDS)


@covers("documentLinkProvider")
async def test_links_lead_to_side_files(client, project):
    project.open(ML)
    links = await client.text_document_document_link_async(lsp.DocumentLinkParams(**document(project, ML)))
    targets = {project.part(ML, it.range).strip('"'): it.target for it in links}
    assert targets["ml/conda.yml"] == project.uri("ml/conda.yml")


@covers("codeLensProvider")
async def test_lenses_say_what_starts_a_pipeline(client, project):
    project.open(TRAIN)
    await project.codes(TRAIN, [])
    lenses = await client.text_document_code_lens_async(lsp.CodeLensParams(**document(project)))
    titles = " ".join(it.command.title for it in lenses if it.command)
    assert "extract_prepare" in titles and "build_and_deploy" in titles


@covers("inlayHintProvider")
async def test_hints_stand_in_the_text(client, project):
    text = project.open(TRAIN)
    where = lsp.Range(start=lsp.Position(0, 0), end=lsp.Position(text.count("\n"), 0))
    hints = await client.text_document_inlay_hint_async(lsp.InlayHintParams(range=where, **document(project)))
    assert hints and all(it.label and project.offset(text, it.position) >= 0 for it in hints)


@covers("callHierarchyProvider")
async def test_pipelines_call_each_other_by_triggers(client, project):
    project.open(TRAIN)
    cursor = project.at(TRAIN, "pipeline tr|ain")
    [item] = await client.text_document_prepare_call_hierarchy_async(lsp.CallHierarchyPrepareParams(**cursor))
    before = await client.call_hierarchy_incoming_calls_async(lsp.CallHierarchyIncomingCallsParams(item=item))
    after = await client.call_hierarchy_outgoing_calls_async(lsp.CallHierarchyOutgoingCallsParams(item=item))
    assert [it.from_.name for it in before] == ["extract_prepare"]
    assert {it.to.name for it in after} >= {"build_and_deploy"}


@covers(
    "signatureHelpProvider",
    *(f"signatureHelpProvider.triggerCharacters{it}" for it in ["", ".{", ".,", ". "]),
    *(f"signatureHelpProvider.retriggerCharacters{it}" for it in ["", ".="]),
)
async def test_arguments_of_templates(client, project):
    template = "template deliver(which: service, label: string) {\n}\npipeline x {\n  trigger manual\n  use deliver { which = api,  }\n}\n"
    project.open("extra.mlops", template)
    params = lsp.SignatureHelpParams(**project.at("extra.mlops", "which = api, | }"))
    help = await client.text_document_signature_help_async(params)
    [signature] = help.signatures
    assert "deliver" in signature.label and len(signature.parameters) == 2


async def test_preview_of_what_is_generated(client, project):
    project.open(QA)
    params = {
        "textDocument": {"uri": project.uri(QA)},
        "position": {"line": project.position(QA, "dep|loy api").line, "character": 6},
    }
    answer = await client.protocol.send_request_async("mlopsc/preview", params)
    file = answer.files[0]
    assert file.path.endswith(".yml") and "stages:" in file.text
    assert file.range.start.line < file.range.end.line
    project.replace(QA, "deploy api", "deploy nothing")
    assert await client.protocol.send_request_async("mlopsc/preview", params) is None
