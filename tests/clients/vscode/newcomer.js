// The extension without the program, and in a workspace that chooses another one: node newcomer.js WORK SCREENSHOTS. WORK/fresh is the
// workspace; its settings name a program that leaves WORK/ran behind. WORK/mlopsc is the real one, WORK/home the home of the editor.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { PATIENCE, run, until } = require("./editor.js");

const [work, screenshots] = process.argv.slice(2).map((it) => path.resolve(it));
const folder = path.join(work, "fresh");
const ran = () => fs.existsSync(path.join(work, "ran"));

async function withoutTheProgram(it) {
  await it.open("main.mlops");
  const message = it.page.locator(".notification-toast", { hasText: "Nothing is checked" }).first();
  await message.waitFor({ timeout: PATIENCE });
  assert.match(await message.innerText(), /pip install mlopsc/);
  await it.shot("missing");
  await message.getByRole("button", { name: "Open Settings" }).click();
  await it.page.locator(".settings-editor .setting-item-contents", { hasText: "looked up in PATH" }).first().waitFor({ timeout: PATIENCE });
  await it.shot("settings");
  await it.keys.press("Escape");
}

async function installedMeanwhile(it) {
  const programs = path.join(work, "home", ".local", "bin");
  fs.mkdirSync(programs, { recursive: true });
  fs.symlinkSync(path.join(work, "mlopsc"), path.join(programs, "mlopsc"));
  await it.open("main.mlops");
  await it.command("mlopsc: Restart the Server");
  await it.wrong.first().waitFor({ timeout: PATIENCE });
  await it.shot("untrusted");
  assert.ok(!ran(), "the workspace is not trusted, and its program was run");
}

async function trusted(it) {
  await it.command("Workspaces: Manage Workspace Trust");
  await it.page.getByRole("button", { name: "Trust", exact: true }).first().click({ timeout: PATIENCE });
  await until("the program of the workspace runs once it is trusted", ran);
}

run(path.join(work, "newcomer.log"), folder, screenshots, [withoutTheProgram, installedMeanwhile, trusted]).catch((error) => {
  console.error(error);
  process.exit(1);
});
