import * as vscode from "vscode";
import { LanguageClient, LanguageClientOptions, Location, Position, ServerOptions } from "vscode-languageclient/node";
import { Preview } from "./preview";
import { find } from "./program";

let client: LanguageClient | undefined;
let preview: Preview | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("mlopsc", { log: true });
  preview = new Preview(() => client);
  context.subscriptions.push(
    output,
    preview,
    vscode.commands.registerCommand("mlopsc.preview", (uri?: unknown, position?: Position) =>
      // The button of the editor hands over something else than a code lens does.
      typeof uri === "string" && position ? preview?.showAt(uri, position) : preview?.show(),
    ),
    vscode.commands.registerCommand("mlopsc.showPlaces", showPlaces),
    vscode.commands.registerCommand("mlopsc.restart", () => restart(output)),
    vscode.commands.registerCommand("mlopsc.showOutput", () => output.show()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("mlopsc.path") || change.affectsConfiguration("mlopsc.arguments")) {
        void restart(output);
      }
    }),
    // The settings of the workspace count from now on.
    vscode.workspace.onDidGrantWorkspaceTrust(() => restart(output)),
  );
  await start(output);
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

/** Places that a code lens leads to. */
async function showPlaces(uri: string, position: Position, places: Location[]): Promise<void> {
  const convert = client?.protocol2CodeConverter;
  if (convert) {
    const at = convert.asPosition(position);
    const locations = places.map((it) => convert.asLocation(it));
    await vscode.commands.executeCommand("editor.action.showReferences", convert.asUri(uri), at, locations);
  }
}

async function restart(output: vscode.LogOutputChannel): Promise<void> {
  const old = client;
  client = undefined;
  // A server that is gone already cannot be stopped.
  await old?.dispose().catch(() => undefined);
  await start(output);
}

async function start(output: vscode.LogOutputChannel): Promise<void> {
  const settings = vscode.workspace.getConfiguration("mlopsc");
  const folders = vscode.workspace.workspaceFolders ?? [];
  const untrusted = vscode.workspace.isTrusted ? [] : folders.map((it) => it.uri.fsPath);
  const found = find(settings.get<string>("path", "mlopsc"), untrusted);
  if ("problem" in found) {
    const looked = found.looked.map((it) => `\n  ${it}`).join("");
    return complain(found.problem, looked && `looked for:${looked}`, output);
  }
  const server: ServerOptions = { command: found.program, args: ["lsp", ...settings.get<string[]>("arguments", [])] };
  const options: LanguageClientOptions = {
    documentSelector: [
      { language: "mlops", scheme: "file" },
      { scheme: "file", pattern: "**/mlopsc.toml" },
    ],
    outputChannel: output,
    initializationOptions: { commands: ["mlopsc.preview", "mlopsc.showPlaces"] },
  };
  const started = new LanguageClient("mlopsc", "mlopsc", server, options);
  client = started;
  try {
    await started.start();
    output.info(`${found.program} runs`);
    preview?.refresh();
  } catch (error) {
    if (client === started) {
      client = undefined;
    }
    await complain(`"${found.program} lsp" does not start, or is no language server.`, String(error), output);
  }
}

async function complain(problem: string, details: string, output: vscode.LogOutputChannel): Promise<void> {
  output.error([problem, details].filter(Boolean).join("\n"));
  const settings = "Open Settings";
  const more = "Show Output";
  const chosen = await vscode.window.showErrorMessage(`Nothing is checked: ${problem}`, settings, more);
  if (chosen === settings) {
    // A setting that chooses a program is one of the machine with the files.
    const which = vscode.env.remoteName ? "workbench.action.openRemoteSettings" : "workbench.action.openSettings";
    await vscode.commands.executeCommand(which, { query: "mlopsc.path" });
  } else if (chosen === more) {
    output.show();
  }
}
