// Files that are in order are coloured from one end to the other: nothing is left without a scope, nothing stays open.
// node tests/healthy.js FOLDER…
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { INITIAL, Registry, parseRawGrammar } = require("vscode-textmate");
const oniguruma = require("vscode-oniguruma");

const GRAMMAR = path.join(__dirname, "..", "syntaxes", "mlops.tmLanguage.json");

async function load() {
  await oniguruma.loadWASM(fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
  const registry = new Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async () => parseRawGrammar(fs.readFileSync(GRAMMAR, "utf8"), GRAMMAR),
  });
  return registry.loadGrammar("source.mlops");
}

function* sources(folder) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const inner = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      yield* sources(inner);
    } else if (inner.endsWith(".mlops")) {
      yield inner;
    }
  }
}

function* odd(grammar, file) {
  let state = INITIAL;
  for (const [index, line] of fs.readFileSync(file, "utf8").split("\n").entries()) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    for (const { startIndex, endIndex, scopes } of tokens) {
      const text = line.slice(startIndex, endIndex).trim();
      if (text && (scopes.length === 1 || scopes.some((it) => it.startsWith("invalid")))) {
        yield `${file}:${index + 1}: \`${text}\` is ${scopes.length === 1 ? "nothing" : scopes.at(-1)}`;
      }
    }
  }
  if (state.depth > 1) {
    yield `${file}: something is still open at its end`;
  }
}

async function main(folders) {
  const grammar = await load();
  let files = 0;
  let found = 0;
  for (const file of folders.flatMap((it) => [...sources(it)])) {
    files += 1;
    for (const line of odd(grammar, file)) {
      found += 1;
      console.log(line);
    }
  }
  console.log(`${files} files, ${found} findings`);
  process.exit(found === 0 && files > 0 ? 0 : 1);
}

main(process.argv.slice(2));
