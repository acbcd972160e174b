"""Each test has a server of its own and runs with what three editors say they can do."""

import os

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from project import PROGRAM, Project

EDITORS = ["neovim", "visual_studio_code", "emacs"]


@pytest_lsp.fixture(params=EDITORS, config=ClientServerConfig(server_command=[PROGRAM, "lsp"]))
async def client(request, lsp_client: LanguageClient):
    # The files to watch: nothing watches them here.
    lsp_client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
    params = lsp.InitializeParams(
        capabilities=client_capabilities(request.param),
        process_id=os.getpid(),
        root_uri=request.getfixturevalue("tmp_path").as_uri(),
    )
    lsp_client.initialized = await lsp_client.initialize_session(params)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def project(client, tmp_path):
    project = Project(client, tmp_path.resolve())
    encoding = client.initialized.capabilities.position_encoding
    project.encoding = str(encoding or "utf-16")
    return project
