// The engine of Microsoft's editor extension for Azure Pipelines, over many files.
// node language_service.js CLIENTS SCHEMA FILE…   prints one JSON object a finding: { file, line, message }
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [clients, schemaFile, ...files] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(clients), "package.json"));
// The service writes traces to the standard output, where the findings go.
console.log = () => {};
const { getLanguageService, parse, ParseSchema } = load("azure-pipelines-language-service");
const { TextDocument } = load("vscode-languageserver-textdocument");

const SCHEMA = "mlopsc://azure-pipelines-schema.json";

async function main() {
  const schema = ParseSchema(fs.readFileSync(schemaFile, "utf8"));
  const noContributions = [];
  const workspace = { resolveRelativePath: (relative, from) => path.join(path.dirname(from), relative) };
  const service = getLanguageService(async () => schema, noContributions, async () => SCHEMA, workspace);
  service.configure({ validate: true, schemas: [{ uri: SCHEMA, fileMatch: ["*"], schema }] });
  for (const file of files) {
    const found = await findings(service, file);
    found.forEach((finding) => process.stdout.write(`${finding}\n`));
  }
}

/** As lines, each once: the service reports what several branches of the schema refuse once a branch. */
async function findings(service, file) {
  const text = fs.readFileSync(file, "utf8");
  const document = TextDocument.create(`file://${path.resolve(file)}`, "azure-pipelines", 1, text);
  const diagnostics = await service.doValidation(document, parse(text));
  const lines = diagnostics.map(({ range, message }) =>
    JSON.stringify({ file, line: range.start.line + 1, message }),
  );
  return new Set(lines);
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exitCode = 2;
});
