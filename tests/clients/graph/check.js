// Mermaid's own reader, and pages and drawings in a browser: node check.js FOLDER MERMAID [SCREENSHOTS]
'use strict';
const fs = require('fs');
const path = require('path');
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const [folder, mermaid, shots] = process.argv.slice(2);
const files = fs.readdirSync(folder).sort();
const faults = [];
const fault = (file, text) => { faults.push(text); console.log(`${file}: ${text}`); };
const ensure = (file, fine, text) => { if (!fine) fault(file, text); };
let counted = 0;

// Waits until something holds that a page makes true without telling.
const until = async (page, condition, argument) => {
  try {
    await page.waitForFunction(condition, argument, { timeout: 5000 });
    return true;
  } catch {
    return false;
  }
};

async function shoot(page, name) {
  if (!shots) return;
  fs.mkdirSync(shots, { recursive: true });
  await page.screenshot({ path: path.join(shots, `${name}.png`) });
}

async function charts(browser) {
  const page = await browser.newPage();
  await page.goto('about:blank');
  await page.addScriptTag({ path: mermaid });
  const render = (text) => page.evaluate(async (chart) => {
    window.mermaid.initialize({ startOnLoad: false, maxTextSize: 500000, maxEdges: 5000 });
    try {
      await window.mermaid.parse(chart);
      const { svg } = await window.mermaid.render(`c${Math.random().toString(36).slice(2)}`, chart);
      const made = new DOMParser().parseFromString(svg, 'text/html');
      return { words: made.body.textContent, bad: made.querySelectorAll('script, img, [onerror], [onload]').length };
    } catch (error) {
      return { error: String(error.message ?? error) };
    }
  }, text);
  ensure('mermaid', (await render('flowchart TB\n  a["b" --> c')).error, 'takes what is no chart');
  for (const file of files.filter((it) => it.endsWith('.mmd'))) {
    const drawn = await render(fs.readFileSync(path.join(folder, file), 'utf8'));
    ensure(file, !drawn.error, `mermaid: ${drawn.error}`);
    ensure(file, !drawn.bad, 'mermaid: something broke out of its text');
    if (file === 'hostile.system.mmd' && drawn.words) {
      for (const word of ['</script>', '"quoted"', '`tick`', '|a| {b}', '漢字']) {
        ensure(file, drawn.words.includes(word), `mermaid: ${word} is lost`);
      }
    }
    counted += 1;
  }
  await page.close();
}

// Texts lie inside their boxes, whatever font the browser takes.
const outside = () => [...document.querySelectorAll('.node')].flatMap((node) => {
  if (node.closest('[hidden]')) return [];
  const outer = node.querySelector(':scope > .box').getBBox();
  return [...node.querySelectorAll(':scope > text:not(.badge)')].filter((text) => {
    const inner = text.getBBox();
    return inner.x < outer.x || inner.x + inner.width > outer.x + outer.width + 0.5 || inner.y + inner.height > outer.y + outer.height + 1;
  }).map((text) => `${node.dataset.id}: ${text.textContent}`);
});

// The least ratio of a text to its ground, by WCAG 2.
const contrast = () => {
  const light = (colour) => {
    const parts = colour.match(/[\d.]+/g).slice(0, 3).map((it) => Number(it) / 255);
    const [r, g, b] = parts.map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratios = [...document.querySelectorAll('.node')].flatMap((node) => {
    const ground = light(getComputedStyle(node.querySelector('.box')).fill);
    return [...node.querySelectorAll(':scope > text')].map((text) => {
      const [a, b] = [light(getComputedStyle(text).fill), ground].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05);
    });
  });
  return Math.min(...ratios);
};

async function drawings(browser) {
  for (const scheme of ['light', 'dark']) {
    const page = await browser.newPage({ colorScheme: scheme });
    for (const file of files.filter((it) => it.endsWith('.svg') && !it.endsWith('.dot.svg') && it !== 'bad.svg')) {
      await page.goto(pathToFileURL(path.join(folder, file)).href);
      const size = await page.evaluate(() => {
        const { width, height } = document.documentElement.viewBox.baseVal;
        return { width, height };
      });
      ensure(file, size.width > 0 && size.height > 0, 'has no size');
      const lost = await page.evaluate(outside);
      ensure(file, lost.length === 0, `text outside of its box: ${lost.join('; ')}`);
      const least = await page.evaluate(contrast);
      ensure(file, least >= 4.5, `${scheme}: a text has a contrast of ${least.toFixed(2)}`);
      await page.setViewportSize({ width: Math.ceil(size.width) + 2, height: Math.ceil(size.height) + 2 });
      await shoot(page, `${file.replace('.svg', '')}.${scheme}`);
      counted += 1;
    }
    await page.close();
  }
}

async function open(browser, file, options) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options });
  const page = await context.newPage();
  page.on('console', (message) => { if (['error', 'warning'].includes(message.type())) fault(file, `console: ${message.text()}`); });
  page.on('pageerror', (error) => fault(file, `script: ${error.message}`));
  page.on('dialog', (dialog) => { fault(file, 'a text was run as a script'); dialog.dismiss(); });
  page.on('request', (request) => { if (!/^(file|data):/.test(request.url())) fault(file, `fetches ${request.url()}`); });
  await page.goto(pathToFileURL(path.join(folder, file)).href);
  return page;
}

const scaleOf = (page) => page.evaluate(() => new DOMMatrix(document.querySelector('.view:not([hidden]) > svg').style.transform).a);

// What can be read at once, without a click.
async function opens(page, file) {
  for (const [width, height] of [[1400, 900], [800, 600]]) {
    await page.setViewportSize({ width, height });
    await page.reload();
    const tabs = page.locator('[role=tab]');
    for (let index = 0; index < await tabs.count(); index += 1) {
      await tabs.nth(index).click();
      const scale = await scaleOf(page);
      ensure(file, scale >= 0.79, `${width} pixels: drawing ${index} opens at ${scale.toFixed(2)}`);
      const seen = await page.evaluate(() => {
        const view = document.querySelector('.view:not([hidden])');
        const outer = view.getBoundingClientRect();
        const all = [...view.querySelectorAll('.node .head')].map((it) => it.getBoundingClientRect());
        const count = all.filter((it) => it.left >= outer.left && it.right <= outer.right && it.top >= outer.top && it.bottom <= outer.bottom).length;
        return { count, all: all.length, share: outer.height / innerHeight };
      });
      ensure(file, seen.count >= Math.min(3, seen.all), `${width} pixels: drawing ${index} shows ${seen.count} of ${seen.all}`);
      ensure(file, seen.share > 0.6, `${width} pixels: the drawing has ${seen.share.toFixed(2)} of the height`);
    }
    await shoot(page, `${file}.${width}`);
  }
  ensure(file, !(await page.locator('section.empty').isVisible()), 'an empty panel takes room');
  await page.click('#fold');
  ensure(file, !(await page.locator('aside').isVisible()), 'the panel does not fold');
  await page.click('#fold');
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.reload();
}

async function zooms(page, file) {
  await page.click('#full');
  ensure(file, Math.abs(await scaleOf(page) - 1) < 0.001, 'it does not show its own size');
  await page.click('#fit');
  const before = await scaleOf(page);
  await page.click('#in');
  ensure(file, await scaleOf(page) > before, 'the button does not zoom in');
  const frame = await page.locator('main').boundingBox();
  await page.mouse.move(frame.x + 20, frame.y + frame.height - 20);
  const near = await scaleOf(page);
  await page.mouse.wheel(0, 240);
  ensure(file, await until(page, (it) => new DOMMatrix(document.querySelector('.view:not([hidden]) > svg').style.transform).a < it, near),
    'the wheel does not zoom out');
  const place = () => page.evaluate(() => {
    const it = new DOMMatrix(document.querySelector('.view:not([hidden]) > svg').style.transform);
    return [it.e, it.f];
  });
  const [x, y] = await place();
  await page.mouse.down();
  await page.mouse.move(frame.x + 120, frame.y + frame.height - 70, { steps: 4 });
  await page.mouse.up();
  const [x2, y2] = await place();
  ensure(file, Math.abs(x2 - x - 100) < 2 && Math.abs(y2 - y + 50) < 2, 'it does not follow the pointer');
  await page.click('#fit');
  ensure(file, Math.abs(await scaleOf(page) - before) < 0.001, 'it does not come back');
}

async function clicks(page, file) {
  const node = page.locator('.view:not([hidden]) .node.work').first();
  const { place, title } = await node.evaluate((it) => ({ place: it.dataset.place, title: it.querySelector('.head').textContent }));
  await node.locator('.head').click();
  const about = await page.locator('#about').innerText();
  ensure(file, about.includes(title.replace('…', '')) && about.includes(place), `a click on ${title} shows: ${about}`);
  ensure(file, /\.mlops:\d+$/.test(place), `${place} is no place`);
  const link = await page.locator('#about a[href^="vscode://file/"]').getAttribute('href');
  ensure(file, link.endsWith(place.split('/').pop()), `the link is ${link}`);
  await page.locator('#about .places button').click();
  const copied = await page.evaluate(() => navigator.clipboard.readText()).catch(() => null);
  ensure(file, copied === place, `copied: ${copied}`);
  await node.focus();
  await page.keyboard.press('Enter');
  ensure(file, await node.evaluate((it) => it.classList.contains('chosen')), 'the keyboard does not choose');
}

// A pipeline tells what is inside of it, and what leads to it and from it.
async function tells(page, file) {
  const pipeline = page.locator('.view:not([hidden]) .node.pipeline.holds').first();
  const { id, stages, others } = await pipeline.evaluate((it) => {
    const view = it.closest('.view');
    const name = (node) => node.querySelector('title').textContent.split('\n')[0];
    const { id } = it.dataset;
    const nodes = [...view.querySelectorAll('.node')];
    const ends = [...view.querySelectorAll('.edge')].flatMap(({ dataset: { from, to } }) => (from === id ? [to] : to === id ? [from] : []));
    return { id, stages: nodes.filter((node) => node.dataset.within === id).map(name), others: nodes.filter((node) => ends.includes(node.dataset.id)).map(name) };
  });
  await pipeline.locator(':scope > .head').click();
  const about = await page.locator('#about').innerText();
  for (const name of [...stages, ...others]) ensure(file, about.includes(name), `${id} does not tell of ${name}: ${about}`);
  const jump = page.locator('#about .jump').last();
  const name = await jump.innerText();
  await jump.click();
  ensure(file, (await page.locator('#about strong').innerText()) === name, `${name} is not gone to`);
  await page.click('#tab-0');
}

// What only another drawing shows is found at what holds it here.
async function searchesInside(page, file) {
  const word = await page.evaluate(() => {
    const [system, near] = document.querySelectorAll('.view');
    const shown = system.textContent;
    const texts = [...near.querySelectorAll('.node.work .note.does')].map((it) => it.textContent.replace(/^· /, ''));
    return texts.find((it) => !shown.includes(it) && !it.endsWith('…') && !it.startsWith('and '));
  });
  if (!word) return;
  await page.click('#tab-0');
  await page.fill('#find', word);
  ensure(file, await page.locator('.view:not([hidden]) .node.found').count() > 0, `finds no ${word} from afar`);
  const bright = await page.locator('.view:not([hidden]) .node.holds:not(.found)').evaluateAll((all) => all.filter((it) => {
    it.style.transition = 'none';
    return Number(getComputedStyle(it).opacity) > 0.5;
  }).length);
  ensure(file, bright === 0, 'frames are bright that have not matched');
  await page.fill('#find', '');
  await page.locator('#find').blur();
}

async function searches(page, file) {
  const wanted = await page.locator('.view:not([hidden]) .node .head').last().innerHTML();
  const word = await page.evaluate((it) => new DOMParser().parseFromString(it, 'text/html').body.textContent.replace('…', ''), wanted);
  await page.keyboard.press('/');
  await page.keyboard.type(word);
  const found = await page.locator('.view:not([hidden]) .node.found').count();
  ensure(file, found > 0, `finds no ${word}`);
  await page.keyboard.press('Enter');
  ensure(file, (await page.locator('#count').textContent()).startsWith('1 of'), 'does not go to what it found');
  await page.fill('#find', 'nothing is called so');
  ensure(file, await page.locator('#count').textContent() === 'nothing', 'finds what is not there');
  await page.keyboard.press('Escape');
  ensure(file, await page.locator('.finding').count() === 0, 'the search does not end');
  await page.click('#fit');
}

async function simulates(page, file, name) {
  const titles = await page.locator('#event option').allTextContents();
  ensure(file, titles.length > 1, 'knows no event');
  await page.selectOption('#event', '0');
  ensure(file, await page.locator('#log li').count() > 1, 'nothing happens');
  const at = () => page.locator('#log li.now').evaluate((it) => [...it.parentElement.children].indexOf(it));
  ensure(file, await at() === 0, 'does not begin at the beginning');
  await page.click('#on');
  ensure(file, await at() === 1, 'makes no step');
  await page.click('#back');
  ensure(file, await at() === 0, 'goes not back');
  await page.click('#play');
  ensure(file, await until(page, () => document.querySelectorAll('#log li')[1].classList.contains('now')), 'does not play');
  await page.click('#play');
  await page.click('#end');
  ensure(file, await page.locator('.view:not([hidden]) .node.pipeline.lit.is-succeeds, .view:not([hidden]) .node.pipeline.lit.is-fails').count() > 0,
    'no pipeline lights up');
  ensure(file, await page.locator('.view:not([hidden]) .node.lit .badge').count() > 0, 'only colours tell');
  await shoot(page, `${name}.simulated`);
  if (file === 'digitre.html') {
    const lit = await page.locator('.view:not([hidden]) .node.lit').evaluateAll((all) => all.map((it) => it.dataset.id));
    for (const id of ['source:push to engine:branches: develop', 'pipeline:train', 'stage:train.release_compute', 'environment:qa', 'ml:price_model']) {
      ensure(file, lit.includes(id), `${id} is not lit`);
    }
    ensure(file, !lit.includes('pipeline:prod'), 'production is lit');
    ensure(file, (await page.locator('#idle').innerText()).includes('only people start it'), 'does not say what did not start');
  }
  await page.selectOption('#event', '-1');
  ensure(file, await page.locator('.lit, .badge').count() === 0, 'lights stay on');
}

const overflows = () => document.documentElement.scrollWidth > document.documentElement.clientWidth
  || [...document.querySelectorAll('aside, header')].some((it) => it.scrollWidth > it.clientWidth + 1);

async function narrow(page, file) {
  for (const width of [1400, 900, 420]) {
    await page.setViewportSize({ width, height: 800 });
    ensure(file, !(await page.evaluate(overflows)), `does not fit into ${width} pixels`);
  }
  await page.setViewportSize({ width: 1400, height: 900 });
}

async function pages(browser) {
  for (const file of files.filter((it) => it.endsWith('.html'))) {
    const name = file.replace('.html', '');
    for (const scheme of ['light', 'dark']) {
      const page = await open(browser, file, { colorScheme: scheme, permissions: ['clipboard-read', 'clipboard-write'] });
      const least = await page.evaluate(contrast);
      ensure(file, least >= 4.5, `${scheme}: a text has a contrast of ${least.toFixed(2)}`);
      const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      ensure(file, (ground === 'rgb(255, 255, 255)') === (scheme === 'light'), `${scheme}: the ground is ${ground}`);
      await shoot(page, `${name}.page.${scheme}`);
      if (scheme === 'light') {
        await opens(page, file);
        await zooms(page, file);
        await clicks(page, file);
        await tells(page, file);
        await searchesInside(page, file);
        await searches(page, file);
      }
      await simulates(page, file, `${name}.page.${scheme}`);
      const tabs = page.locator('[role=tab]');
      for (let index = 0; index < await tabs.count(); index += 1) {
        await tabs.nth(index).click();
        const lost = await page.evaluate(outside);
        ensure(file, lost.length === 0, `text outside of its box: ${lost.join('; ')}`);
        await shoot(page, `${name}.tab${index}.${scheme}`);
      }
      await narrow(page, file);
      await page.context().close();
    }
    counted += 1;
  }
}

(async () => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
  try {
    await charts(browser);
    await drawings(browser);
    await pages(browser);
  } finally {
    await browser.close();
  }
  console.log(`${counted} pictures, ${faults.length} faults`);
  process.exit(faults.length > 0 ? 1 : 0);
})();
