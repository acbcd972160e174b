// What the extension does in an example: node drive.js WORK SCREENSHOTS. WORK holds the project and the log of the server.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { PATIENCE, run, until } = require("./editor.js");

const [work, screenshots] = process.argv.slice(2).map((it) => path.resolve(it));
const folder = path.join(work, "digitre");
const TRAIN = "pipelines/train.mlops";
const text = (file) => fs.readFileSync(path.join(folder, file), "utf8");

async function findingAndFix(it) {
  await it.open(TRAIN);
  await it.page.locator(".view-line", { hasText: "ensure" }).first().waitFor({ timeout: PATIENCE });
  await it.behind(TRAIN, "ensure train_cpu");
  await it.keys.press("Backspace");
  await it.type("s");
  await it.keys.press("Escape");
  await it.wrong.first().waitFor({ timeout: PATIENCE });
  assert.equal(await it.wrong.count(), 1);
  await it.command("Show or Focus Hover");
  const hover = it.page.locator(".monaco-hover:visible", { hasText: "train_cps" }).first();
  await hover.waitFor({ timeout: PATIENCE });
  assert.match(await hover.innerText(), /undefined-reference/);
  await it.shot("finding");
  await it.keys.press("Escape");
  await it.keys.press("Control+.");
  const action = it.page.locator(".action-widget .monaco-list-row", { hasText: "train_cpu" }).first();
  await action.waitFor({ timeout: PATIENCE });
  await it.shot("fix");
  await action.click();
  await until("the finding is gone", async () => (await it.wrong.count()) === 0);
  await it.save();
  await until("the fix is saved", () => text(TRAIN).includes("ensure train_cpu\n"));
}

async function completion(it) {
  await it.behind(TRAIN, "ensure train_cpu");
  await it.keys.press("Enter");
  await it.type("ensure p");
  const row = it.page.locator(".suggest-widget .monaco-list-row", { hasText: "prepare_cpu" }).first();
  await row.waitFor({ timeout: PATIENCE });
  await it.shot("names");
  for (let at = 0; at < 8; at++) {
    await it.keys.press("Backspace");
  }
  await it.keys.press("Escape");
  await it.type("dep");
  await it.page.locator(".suggest-widget .monaco-list-row", { hasText: "deploy" }).first().waitFor({ timeout: PATIENCE });
  await it.keys.press("Control+Space");
  await it.page.waitForTimeout(500);
  await it.shot("completion");
  await it.keys.press("Escape");
  await it.command("File: Revert File");
  await until("nothing is left of it", async () => !(await it.page.locator(".tab.active.dirty").count()));
}

async function hover(it) {
  await it.behind(TRAIN, "ensure train");
  await it.command("Show or Focus Hover");
  const shown = it.page.locator(".monaco-hover:visible", { hasText: "Of its own" }).first();
  await shown.waitFor({ timeout: PATIENCE });
  await it.shot("hover");
  await it.keys.press("Escape");
}

async function rename(it) {
  await it.behind(TRAIN, "ensure train");
  await it.keys.press("F2");
  const box = it.page.locator(".rename-box input");
  await box.waitFor({ timeout: PATIENCE });
  assert.equal(await box.inputValue(), "train_cpu");
  await box.fill("trainers");
  await it.shot("rename");
  await it.keys.press("Enter");
  await it.page.locator(".view-line", { hasText: "trainers" }).first().waitFor({ timeout: PATIENCE });
  await it.command("File: Save All");
  await until("both files are saved", () => text(TRAIN).includes("ensure trainers\n") && text("ml.mlops").includes("compute trainers {"));
}

async function formatting(it) {
  await it.behind(TRAIN, "ensure trainers");
  await it.keys.press("Home");
  await it.type("      ");
  await it.command("Format Document");
  await it.page.waitForTimeout(300);
  await it.save();
  await until("the file is in style", () => text(TRAIN).includes("\n    ensure trainers\n"));
}

/** What the preview shows, with the lines that are marked. */
async function shown(it, part, marked) {
  const generated = it.page.locator(".editor-instance").last();
  await generated.locator(".view-line", { hasText: part }).first().waitFor({ timeout: PATIENCE });
  await until(`\`${part}\` is marked`, async () => {
    const lines = await generated.locator(".view-line", { hasText: part }).all();
    const marks = await generated.locator(".view-overlays .cdr[class*=ced-]").all();
    const boxes = async (all) => (await Promise.all(all.map((one) => one.boundingBox()))).filter(Boolean);
    const [rows, bands] = [await boxes(lines), await boxes(marks)];
    return rows.some((row) => bands.some((band) => Math.abs(band.y - row.y) < 3)) === marked;
  });
}

async function preview(it) {
  const qa = "pipelines/qa.mlops";
  await it.command("View: Close Primary Side Bar");
  await it.open(qa);
  await it.page.locator(".view-line", { hasText: "deploy" }).first().waitFor({ timeout: PATIENCE });
  await it.behind(qa, "    dep");
  await it.command("mlopsc: Show What Is Generated");
  await it.page.locator(".tab", { hasText: ".yml" }).first().waitFor({ timeout: PATIENCE });
  await shown(it, "- task: AzureCLI@2", true);
  await it.shot("preview");
  // It follows the cursor, also over text that is not saved.
  await it.behind(qa, "environment = q");
  await shown(it, "- stage: qa", true);
  await it.behind(qa, "trigger af");
  await shown(it, "- pipeline: build_and_deploy", true);
  await shown(it, "- stage: qa", false);
  await it.behind(qa, "Deploy to QA");
  await it.type(" of it");
  await shown(it, "Deploy to QA of it", true);
  await it.shot("following");
  await it.command("File: Revert File");
}

run(path.join(work, "server.log"), folder, screenshots, [findingAndFix, completion, hover, rename, formatting, preview]).catch((error) => {
  console.error(error);
  process.exit(1);
});
