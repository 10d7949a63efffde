// What stories need: the demonstration province, a browser, and the hand of a person.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../', import.meta.url));
const target = process.env.VANLANG_TARGET ?? join(root, 'target');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** How a reader sees the pages: two follow the system, one is a choice kept in a cookie. */
export const THEMES = ['light', 'dark', 'contrast'];

/** Kinds of pages that were looked at in this run. */
const seen = new Set();

/** Where a browser keeps the theme its reader chose. */
const THEME_COOKIE = '__Host-vl-theme';

const STARTING_MS_MAX = 600_000;
const WAITING_MS_MAX = 60_000;

/**
 * Starts `vanlang demo` with data of its own; resolves when it prints the address it listens on.
 * VANLANG_DEMO_DATA names the folder of a demonstration that was filled before: a copy of it saves the filling.
 */
export async function startDemo() {
  const program = process.env.VANLANG_BIN ?? join(target, 'debug/vanlang');
  assert.ok(existsSync(program), `${program} is missing: build it first`);
  const data = mkdtempSync(join(tmpdir(), 'vanlang-demo-'));
  const filled = process.env.VANLANG_DEMO_DATA;
  if (filled) cpSync(filled, data, { recursive: true });
  const port = await freePort();
  const child = spawn(program, ['demo', '--data', data, '--listen', `127.0.0.1:${port}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Also when this process ends by an error that nobody caught.
  process.once('exit', () => child.kill('SIGKILL'));
  let printed = '';
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const listening = new Promise((resolve, reject) => {
    const read = (bytes) => {
      printed += bytes;
      if (printed.includes(`:${port}`)) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the demonstration ended (${code}):\n${printed}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), WAITING_MS_MAX);
    if (child.pid !== undefined) await ended;
    clearTimeout(force);
    rmSync(data, { recursive: true, force: true });
  };
  try {
    await within(STARTING_MS_MAX, listening, () => `the demonstration printed no address:\n${printed}`);
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, data, stop, log: () => printed };
}

/** Debian's Chromium with an empty profile; every *.localhost is this machine. */
export function openBrowser() {
  const names = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  const executablePath = process.env.VANLANG_CHROMIUM ?? names.find(existsSync);
  assert.ok(executablePath, 'Chromium is missing');
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP *.localhost 127.0.0.1',
    ],
  });
}

/** The tools of one story; everything it opened is closed by `close`. */
export class Story {
  #browser;
  #contexts = [];
  #pages = [];
  #seats = new Map();
  /** Pages without JavaScript, which axe needs. */
  #plain = new WeakSet();
  /** What went wrong inside the pages: script errors and blocked resources. */
  complaints = [];

  constructor(browser, demo, name) {
    this.#browser = browser;
    this.demo = demo;
    this.name = name;
  }

  address(path, host = 'localhost') {
    return `http://${host}:${this.demo.port}${path}`;
  }

  /** A new person at a new machine: a page with no cookies. `options` are those of a browser context. */
  async visitor(options = {}) {
    const context = await this.#browser.newContext({ locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', ...options });
    this.#contexts.push(context);
    context.setDefaultTimeout(WAITING_MS_MAX);
    context.on('page', (page) => this.#watch(page));
    const page = await context.newPage();
    if (options.javaScriptEnabled === false) this.#plain.add(page);
    return page;
  }

  /** Signs in through the demonstration's page, by the button in the row of this user. */
  async signIn(username, host = 'localhost', options = {}) {
    const page = await this.visitor(options);
    await page.goto(this.address(`/demo?q=${username}`, host));
    await Promise.all([
      page.waitForURL((url) => url.pathname !== '/demo'),
      page.locator(`[data-login="${username}"]`).getByRole('button').first().click(),
    ]);
    return page;
  }

  /** The page this person has been working on in the story; the first time they sign in. */
  async at(username, host = 'localhost', options = {}) {
    const key = `${username}@${host}`;
    if (!this.#seats.has(key)) this.#seats.set(key, await this.signIn(username, host, options));
    return this.#seats.get(key);
  }

  /** A hand whose clicks and key presses are counted; the letters of a text are not. */
  counted(page) {
    return new Hand(this, page);
  }

  /** The same without a pointer: it moves by Tab to what it presses. */
  keyboard(page) {
    return new Keyboard(this, page);
  }

  /** No barrier on this page as it stands, by the rules of WCAG 2.2 AA. */
  async axe(page, where = page.url()) {
    await page.evaluate(axeSource);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    // What passed is thousands of nodes: it stays in the page.
    const violations = await page.evaluate(async (values) => {
      const options = { runOnly: { type: 'tag', values }, resultTypes: ['violations'] };
      return (await axe.run(options)).violations;
    }, tags);
    const lines = violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n    ${node.html}`));
    assert.equal(violations.length, 0, `barriers on ${where}:\n  ${lines.join('\n  ')}`);
  }

  /** The same in each theme; the page is left in the light one. */
  async axeInThemes(page) {
    for (const theme of [...THEMES].reverse()) {
      await wear(page, theme);
      await this.axe(page, `${page.url()} (${theme})`);
    }
  }

  /**
   * The same for every kind of page once in a run: stories pass the same pages again and again. A kind is the
   * address without ids and the act the page offers.
   */
  async look(page) {
    if (this.#plain.has(page)) return;
    const kind = await kindOf(page);
    if (seen.has(kind)) return;
    seen.add(kind);
    await this.axeInThemes(page);
  }

  /** No barrier on the page as it stands, once in a run for every kind of page. */
  async glance(page) {
    const kind = `glance ${await kindOf(page)}`;
    if (seen.has(kind)) return;
    seen.add(kind);
    await this.axe(page);
  }

  /** A picture for people: target/screenshots/NAME.png. */
  async shot(page, name) {
    const path = join(target, 'screenshots', `${name}.png`);
    await page.screenshot({ path, fullPage: true });
    return path;
  }

  async sees(page, text) {
    const place = page.getByText(text).filter({ visible: true }).first();
    await place.waitFor().catch(() => assert.fail(`"${text}" is not on ${page.url()}`));
  }

  async doesNotSee(page, text) {
    const count = await page.getByText(text).filter({ visible: true }).count();
    assert.equal(count, 0, `"${text}" is on ${page.url()}`);
  }

  /** The answer this person gets, after redirections: `await t.status(page, '/x', 404)`. */
  async status(page, path, expected) {
    // Asked from inside the page: only the browser knows the names under .localhost.
    const status = await page.evaluate(async (url) => (await fetch(url)).status, path);
    assert.equal(status, expected, `GET ${path}`);
  }

  /** Keeps what a failed story saw last: target/browser-failures/STORY-N.png and .html. */
  async keepEvidence() {
    const folder = join(target, 'browser-failures');
    mkdirSync(folder, { recursive: true });
    for (const [index, page] of this.#pages.entries()) {
      const file = join(folder, `${this.name.replace(/[^\p{L}\p{N}]+/gu, '-')}-${index + 1}`);
      await page.screenshot({ path: `${file}.png`, fullPage: true }).catch(() => {});
      await page.content().then((html) => writeFileSync(`${file}.html`, html)).catch(() => {});
    }
    return folder;
  }

  async close() {
    await Promise.all(this.#contexts.map((context) => context.close()));
  }

  #watch(page) {
    this.#pages.push(page);
    page.on('pageerror', (error) => this.complaints.push(`${page.url()}: ${error.message}`));
    page.on('console', (message) => {
      // A refusal (4xx) is logged as an error too, and is often what a story wants to see.
      const blocked = /Content Security Policy|Mixed Content/.test(message.text());
      if (message.type() === 'error' && blocked) this.complaints.push(`${page.url()}: ${message.text()}`);
    });
  }
}

/** A hand with a pointer. Before each press the page is looked at for barriers, once for every kind of page. */
class Hand {
  count = 0;

  constructor(story, page) {
    this.story = story;
    this.page = page;
  }

  async click(place) {
    await this.ready(place);
    this.count += 1;
    await this.found(place).click();
  }

  async press(key) {
    this.count += 1;
    await this.page.keyboard.press(key);
  }

  async type(text) {
    await this.page.keyboard.type(text);
  }

  /** Writes into a field that was moved to. */
  async write(place, text) {
    await this.found(place).fill(text);
  }

  /** Opens a list and takes the first choice with these words. */
  async choose(place, words) {
    await this.click(place);
    const option = this.found(place).locator('option', { hasText: words }).first();
    await this.found(place).selectOption(await option.getAttribute('value'));
  }

  found(place) {
    return typeof place === 'string' ? this.page.locator(place) : place;
  }

  async ready(place) {
    await this.found(place).first().waitFor({ state: 'attached' });
    await this.story.glance(this.page);
  }
}

/** So many presses of Tab reach everything on a page. */
const TABS_MAX = 600;

/** A hand on the keyboard alone. */
class Keyboard extends Hand {
  async click(place) {
    await this.ready(place);
    await this.moveTo(place);
    this.count += 1;
    const ticked = await this.page.evaluate(() => ['checkbox', 'radio'].includes(document.activeElement.type));
    await this.page.keyboard.press(ticked ? 'Space' : 'Enter');
  }

  async write(place, text) {
    await this.moveTo(place);
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.type(text);
  }

  async choose(place, words) {
    await this.moveTo(place);
    this.count += 1;
    const select = this.found(place);
    const chosen = () => select.evaluate((one) => one.selectedOptions[0]?.label ?? '');
    await this.page.keyboard.press('Home');
    for (let last = ''; !(await chosen()).includes(words); last = await chosen()) {
      await this.page.keyboard.press('ArrowDown');
      assert.notEqual(await chosen(), last, `"${words}" is not in the list on ${this.page.url()}`);
    }
  }

  /** Tab until the focus is there; what is not reached so cannot be used without a pointer. */
  async moveTo(place) {
    for (let n = 0; n < TABS_MAX; n += 1) {
      // A page that was left meanwhile has no answer.
      const here = await this.found(place).first().evaluate((one) => one === document.activeElement).catch(() => false);
      if (here) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`${place} on ${this.page.url()} is not reached by Tab`);
  }
}

/** The kind of a page: its address without ids, and the act it offers. */
async function kindOf(page) {
  const { pathname, host } = new URL(page.url());
  const act = await page.locator('#act h2, .tabs [aria-current]').allInnerTexts();
  return [host.split('.')[0], pathname.replace(/[0-9a-f-]{36}/g, '{id}'), ...act].join(' ').replace(/\d+/g, '');
}

/** Shows the page in a theme: light and dark as the system asks for them, contrast as the reader chose it. */
export async function wear(page, theme) {
  await page.emulateMedia({ colorScheme: theme === 'dark' ? 'dark' : 'light' });
  const { hostname } = new URL(page.url());
  // A cookie for this host alone travels only where the page is safe: the browser holds .localhost to be so.
  const chosen = { name: THEME_COOKIE, value: 'contrast', url: `https://${hostname}/`, secure: true };
  if (theme === 'contrast') await page.context().addCookies([chosen]);
  else await page.context().clearCookies({ name: THEME_COOKIE });
  await page.reload();
  const worn = await page.evaluate(() => document.documentElement.dataset.theme ?? '');
  assert.equal(worn === 'contrast', theme === 'contrast', `${page.url()} does not wear the ${theme} theme`);
}

/** The promise, or an error with `message()` when it takes longer. */
export function within(milliseconds, promise, message) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
