// A person at Visual Studio Code: node drive.js WORK SCREENSHOTS. WORK holds the project and the log of the server.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const [work, screenshots] = process.argv.slice(2).map((it) => path.resolve(it));
const PATIENCE = 60_000;
const TRAIN = "pipelines/train.mlops";

async function until(what, look) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const found = await look();
    if (found) {
      return found;
    }
    assert.ok(Date.now() < end, `${what}: not in time`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

class Editor {
  constructor(page) {
    this.page = page;
    this.keys = page.keyboard;
    this.wrong = page.locator(".squiggly-error");
  }

  async shot(name, clip) {
    await this.page.screenshot({ path: path.join(screenshots, `${name}.png`), clip });
  }

  async command(name) {
    await this.keys.press("F1");
    await this.page.locator(".quick-input-widget input").fill(`>${name}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: name }).first().waitFor({ timeout: PATIENCE });
    await this.keys.press("Enter");
  }

  async open(file) {
    await this.keys.press("Control+P");
    await this.page.locator(".quick-input-widget input").fill(file);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: path.basename(file) }).first().waitFor({ timeout: PATIENCE });
    await this.keys.press("Enter");
    await this.page.locator(".tab.active", { hasText: path.basename(file) }).first().waitFor({ timeout: PATIENCE });
  }

  /** Puts the cursor behind a part of the saved text. */
  async behind(file, part) {
    const text = fs.readFileSync(path.join(work, "digitre", file), "utf8");
    const at = text.indexOf(part);
    assert.ok(at >= 0, `\`${part}\` is not in ${file}`);
    const before = text.slice(0, at + part.length).split("\n");
    await this.keys.press("Control+G");
    await this.page.locator(".quick-input-widget input").fill(`:${before.length}:${before.at(-1).length + 1}`);
    await this.keys.press("Enter");
    await this.page.locator(".quick-input-widget").waitFor({ state: "hidden", timeout: PATIENCE });
    await this.page.locator(".monaco-editor.focused").first().waitFor({ timeout: PATIENCE });
  }

  async save() {
    await this.keys.press("Control+S");
  }

  async type(text) {
    await this.keys.type(text, { delay: 20 });
  }

  async rows(widget) {
    return this.page.locator(`${widget} .monaco-list-row`).allInnerTexts();
  }
}

const text = (file) => fs.readFileSync(path.join(work, "digitre", file), "utf8");

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

async function preview(it) {
  await it.open("pipelines/qa.mlops");
  await it.page.locator(".view-line", { hasText: "deploy" }).first().waitFor({ timeout: PATIENCE });
  await it.behind("pipelines/qa.mlops", "    dep");
  await it.command("mlopsc: Show What Is Generated");
  await it.page.locator(".tab", { hasText: ".yml" }).first().waitFor({ timeout: PATIENCE });
  await it.page.locator(".view-line", { hasText: "stages:" }).first().waitFor({ timeout: PATIENCE });
  await it.page.waitForTimeout(1000);
  await it.shot("preview");
}

async function main() {
  const log = path.join(work, "server.log");
  const address = await until("the server", () => fs.readFileSync(log, "utf8").match(/listening on (http:\S+)/)?.[1]);
  fs.mkdirSync(screenshots, { recursive: true });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const page = await browser.newPage({ viewport: { width: 1100, height: 640 } });
  await page.goto(`${address}?folder=${encodeURIComponent(path.join(work, "digitre"))}`, { waitUntil: "domcontentloaded" });
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: "project.mlops" }).first().waitFor({ timeout: PATIENCE });
  const editor = new Editor(page);
  try {
    for (const step of [findingAndFix, completion, hover, rename, formatting, preview]) {
      await step(editor);
      console.log(`${step.name}: as it should be`);
    }
  } catch (error) {
    await editor.shot("failed");
    throw error;
  } finally {
    await browser.close();
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
