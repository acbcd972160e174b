import * as vscode from "vscode";
import { LanguageClient, Position } from "vscode-languageclient/node";

const SCHEME = "mlopsc-generated";

/** What `mlopsc/preview` answers: the files that the declaration at the cursor becomes, and where. */
interface Generated {
  files: GeneratedFile[];
}

interface GeneratedFile {
  /** From the folder of the project, with `/`. */
  path: string;
  text: string;
  /** What comes from the statement at the cursor. */
  range?: { start: { line: number; character: number }; end: { line: number; character: number } };
}

/** The generated file beside its source. Nothing is written: the texts come from the server, also of unsaved sources. */
export class Preview implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;

  private readonly texts = new Map<string, string>();
  private readonly mark = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor("editor.rangeHighlightBackground"),
  });
  private readonly subscriptions: vscode.Disposable[];
  private source: vscode.Uri | undefined;
  private asked: vscode.CancellationTokenSource | undefined;

  constructor(private readonly client: () => LanguageClient | undefined) {
    this.subscriptions = [
      this.changed,
      this.mark,
      vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
      vscode.window.onDidChangeTextEditorSelection((event) => this.follow(event.textEditor)),
      vscode.workspace.onDidChangeTextDocument((event) => this.edited(event.document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.texts.delete(document.uri.toString())),
    ];
  }

  dispose(): void {
    this.asked?.cancel();
    for (const subscription of this.subscriptions) {
      subscription.dispose();
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.texts.get(uri.toString()) ?? "";
  }

  /** Puts the cursor there, and opens the preview of that. */
  async showAt(uri: string, position: Position): Promise<void> {
    const convert = this.client()?.protocol2CodeConverter;
    if (convert) {
      const at = convert.asPosition(position);
      await vscode.window.showTextDocument(convert.asUri(uri), { selection: new vscode.Range(at, at) });
      await this.show();
    }
  }

  /** Opens the preview of what stands at the cursor. */
  async show(): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || editor.document.languageId !== "mlops") {
      return;
    }
    this.source = editor.document.uri;
    const said = await this.update(editor, true);
    if (said) {
      void vscode.window.showInformationMessage(said);
    }
  }

  refresh(): void {
    const editor = vscode.window.visibleTextEditors.find((it) => this.isSource(it.document));
    if (editor) {
      void this.update(editor, false);
    }
  }

  private isSource(document: vscode.TextDocument): boolean {
    return this.source?.toString() === document.uri.toString();
  }

  private shown(): vscode.TextEditor | undefined {
    return vscode.window.visibleTextEditors.find((it) => it.document.uri.scheme === SCHEME);
  }

  private edited(document: vscode.TextDocument): void {
    if (this.isSource(document)) {
      this.refresh();
    }
  }

  private follow(editor: vscode.TextEditor): void {
    const follows = vscode.workspace.getConfiguration("mlopsc").get<boolean>("preview.followCursor", true);
    if (editor.document.languageId !== "mlops" || !follows || !this.shown()) {
      return;
    }
    this.source = editor.document.uri;
    void this.update(editor, false);
  }

  /** Asks the server; only the last question counts. The answer is what to tell a person who asked. */
  private async update(editor: vscode.TextEditor, open: boolean): Promise<string | undefined> {
    const client = this.client();
    if (!client || (!open && !this.shown())) {
      return client ? undefined : "The server of mlopsc does not run.";
    }
    this.asked?.cancel();
    const asked = new vscode.CancellationTokenSource();
    this.asked = asked;
    let generated: Generated | null;
    try {
      generated = await client.sendRequest<Generated | null>(
        "mlopsc/preview",
        {
          textDocument: { uri: client.code2ProtocolConverter.asUri(editor.document.uri) },
          position: client.code2ProtocolConverter.asPosition(editor.selection.active),
        },
        asked.token,
      );
    } catch (error) {
      return asked.token.isCancellationRequested ? undefined : String(error);
    }
    if (asked.token.isCancellationRequested) {
      return undefined;
    }
    const file = this.choose(generated?.files ?? []);
    if (!file) {
      return "Nothing is generated from what stands here, or the project has errors.";
    }
    await this.present(file, client, open);
    return undefined;
  }

  /** The file that is open already, if it is one of them. */
  private choose(files: GeneratedFile[]): GeneratedFile | undefined {
    const open = this.shown()?.document.uri.path;
    return files.find((it) => `/${it.path}` === open) ?? files[0];
  }

  private async present(file: GeneratedFile, client: LanguageClient, open: boolean): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${file.path}` });
    this.texts.set(uri.toString(), file.text);
    this.changed.fire(uri);
    let editor = vscode.window.visibleTextEditors.find((it) => it.document.uri.toString() === uri.toString());
    if (!editor) {
      const column = open ? vscode.ViewColumn.Beside : this.shown()?.viewColumn;
      const document = await vscode.workspace.openTextDocument(uri);
      editor = await vscode.window.showTextDocument(document, { viewColumn: column, preserveFocus: true, preview: true });
    }
    const range = file.range && client.protocol2CodeConverter.asRange(file.range);
    editor.setDecorations(this.mark, range ? [range] : []);
    if (range) {
      editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}
