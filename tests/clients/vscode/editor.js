// Visual Studio Code in a browser, and somebody who types.
const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const PATIENCE = 60_000;

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
  constructor(page, folder, screenshots) {
    this.page = page;
    this.folder = folder;
    this.screenshots = screenshots;
    this.keys = page.keyboard;
    this.wrong = page.locator(".squiggly-error");
  }

  async shot(name, clip) {
    await this.page.screenshot({ path: path.join(this.screenshots, `${name}.png`), clip });
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
    const text = fs.readFileSync(path.join(this.folder, file), "utf8");
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

/** Opens a folder in the editor that writes to this log, and goes through the steps. */
async function run(log, folder, screenshots, steps) {
  const address = await until("the server", () => fs.readFileSync(log, "utf8").match(/listening on (http:\S+)/)?.[1]);
  fs.mkdirSync(screenshots, { recursive: true });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
  const page = await browser.newPage({ viewport: { width: 1100, height: 640 } });
  await page.goto(`${address}?folder=${encodeURIComponent(folder)}`, { waitUntil: "domcontentloaded" });
  await page.locator(".explorer-folders-view .monaco-list-row", { hasText: ".mlops" }).first().waitFor({ timeout: PATIENCE });
  const editor = new Editor(page, folder, screenshots);
  try {
    for (const step of steps) {
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

module.exports = { PATIENCE, run, until };
