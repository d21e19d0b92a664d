/*
 * Every page in a browser: it loads within the policy, fits a phone, is usable by keyboard and screen
 * reader (axe-core finds no serious fault), and its script does what it says.
 *
 * usage: pages.mjs CHROMIUM MODULES URL TOKEN
 *
 * Prints TAP; test/web_pages.py starts the server and this.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [chromium_path, modules, root, token] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { chromium } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const cases = [];
const test = (name, run) => cases.push({ name, run });
function expect(truth, what) {
  if (!truth) throw new Error(what);
}

const browser = await chromium.launch({
  executablePath: chromium_path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

const PATIENCE_MS = 120000; // for anything to come about on a busy machine

async function open(options) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return context;
}

/* A page of its own; whatever the policy or a script complains of fails the case. */
async function visit(path, options, look) {
  const context = await open({ bypassCSP: false, ...options });
  await context.addCookies([{ name: 'assay', value: token, url: root, httpOnly: true, sameSite: 'Strict' }]);
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(`${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(root) && !request.url().startsWith('data:'))
      complaints.push(`asks elsewhere: ${request.url()}`);
  });
  try {
    const answer = await page.goto(root + path, { waitUntil: 'load' });
    expect(answer.ok(), `${path}: ${answer.status()}`);
    await look(page);
    expect(complaints.length === 0, `${path}: ${complaints.join('; ')}`);
  } finally {
    await context.close();
  }
}

/* axe-core is put in by the debugger, past the page's policy. */
async function judge(page, path, rules) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const { violations } = await page.evaluate(
    (runOnly) => axe.run(document, { resultTypes: ['violations'], ...(runOnly && { runOnly }) }), rules);
  const serious = violations.filter((one) => ['serious', 'critical'].includes(one.impact));
  expect(
    serious.length === 0,
    `${path}: ${serious.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.target).join(', ')}`).join('; ')}`,
  );
}

const pages = [
  '/', '/market.html', '/criteria.html', '/method.html', '/view?order=name', '/view?w.security=40', '/login',
  '/prices', '/market/quotes?key=h100/80gb/sxm/on-demand/all-tiers&day=2026-11-20', '/record/crusoe.reply.1', '/feedback/crusoe',
  '/criterion/lifecycle.console.html',
];
await visit('/', {}, async (page) => {
  pages.push(await page.evaluate(() => new URL(document.querySelector('table.league a').href).pathname));
  for (const name of await page.evaluate(() => [...document.querySelectorAll('nav[aria-label=Site] a')].map((a) => new URL(a.href).pathname)))
    if (!pages.includes(name) && name !== '/index.html') pages.push(name);
});

/* The first stop of the keyboard skips to the content, and asks the server for no page. What curves are
 * drawn from may come meanwhile. */
async function skip(page, path) {
  await page.evaluate(() => {
    const ask = window.fetch;
    window.asked = 0;
    window.fetch = (...words) => {
      if (words[1]?.headers?.Accept === 'text/html') window.asked++;
      return ask(...words);
    };
    /* Those who listen to 'popstate' hear of a jump before those who listen to 'hashchange'. */
    window.jumped = new Promise((tell) => addEventListener('hashchange', tell, { once: true }));
  });
  await page.keyboard.press('Tab');
  const text = await page.evaluate(() => document.activeElement.textContent);
  expect(text === 'Skip to content', `${path}: the first stop is '${text}'`);
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => location.hash === '#main');
  const asked = await page.evaluate(() => window.jumped.then(() => window.asked));
  expect(asked === 0, `${path}: a jump within the page asks the server ${asked} times`);
}

const STOPS_MOST = 25; // what follows in a table of links is more of the same

/* Each stop of the keyboard, of the first so many, can be seen, and so can that the focus is there. */
async function walk(page, path) {
  const seen = new Set();
  await page.evaluate(() => document.activeElement.blur());
  for (let i = 0; i < STOPS_MOST; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const style = getComputedStyle(at), box = at.getBoundingClientRect();
      window.stops = window.stops || new Map();
      if (!window.stops.has(at)) window.stops.set(at, window.stops.size);
      return {
        number: window.stops.get(at),
        name: `${at.tagName} '${(at.textContent || at.name || '').trim().slice(0, 40)}'`,
        marked: style.outlineStyle !== 'none' || style.boxShadow !== 'none',
        shown: box.width > 0 && box.height > 0 && box.right > 0 && box.left < innerWidth,
      };
    });
    if (!stop || seen.has(stop.number)) return;
    seen.add(stop.number);
    expect(stop.marked, `${path}: the focus does not show on ${stop.name}`);
    expect(stop.shown, `${path}: the focus is on ${stop.name}, which is not to be seen`);
  }
}

/* On paper, at the width of A4 without its margins, nothing is cut off and nothing is left to press. */
async function print(page, path) {
  await page.emulateMedia({ media: 'print', colorScheme: 'light' });
  await page.setViewportSize({ width: 718, height: 1000 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width <= 718, `${path} is ${width} pixels wide on paper`);
  const heading = await page.evaluate(() => document.querySelector('main h1').getBoundingClientRect().height);
  expect(heading > 0, `${path} has no heading on paper`);
}

if (pages.includes('/guide')) pages.push('/guide?gpus=64&gpu=H100&hours=720');
await visit('/nodes', {}, async (page) => {
  pages.push(await page.evaluate(() => new URL(document.querySelector('table.nodes tbody th a').href).pathname));
});

for (const path of pages)
  test(`${path} is for everybody: screen reader, light and dark, keyboard, phone`, async () => {
    await visit(path, { colorScheme: 'light' }, async (page) => {
      await skip(page, path);
      await judge(page, path);
      await page.emulateMedia({ colorScheme: 'dark' });
      /* Only colours are others. */
      await judge(page, `${path} in the dark`, ['color-contrast']);
      await page.setViewportSize({ width: 360, height: 740 });
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width <= 360, `${path} is ${width} pixels wide`);
      await walk(page, `${path} on a phone`);
      await print(page, path);
    });
  });

test('every page is whole without a script', async () => {
  for (const path of pages) {
    const text = await (await fetch(root + path, { headers: { Accept: 'text/html', Cookie: `assay=${token}` } })).text();
    expect(/<main[^>]*>[\s\S]*<h1[ >]/.test(text), `${path} has no heading`);
    expect(!/ on[a-z]+=|javascript:/i.test(text), `${path} has a script in its text`);
    const [, twin] = text.match(/<link rel="alternate" type="application\/json" href="([^"]+)"/);
    const answer = await fetch(new URL(twin.replaceAll('&amp;', '&'), root + path), { headers: { Cookie: `assay=${token}` } });
    expect(answer.ok && (await answer.json()), `${path} has the twin ${twin}: ${answer.status}`);
  }
});

const names = (page) => page.locator('table.view tbody th a').allTextContents();

test('a choice orders the table at once and is in the address', async () => {
  await visit('/view', {}, async (page) => {
    const before = await names(page);
    await page.selectOption('#order', 'name');
    await page.waitForURL('**/view?order=name');
    const after = await names(page);
    expect(after.length === before.length && before.length > 1, 'rows were lost');
    expect(after.join() === [...before].sort().join(), `not by name: ${after}`);
    await page.goBack();
    await page.waitForFunction((first) => document.querySelector('table.view tbody th a')?.textContent === first, before[0]);
  });
});

test('the same form works without a script', async () => {
  await visit('/', { javaScriptEnabled: false }, async (page) => {
    await page.selectOption('#order', 'name');
    await page.click('form.choose button');
    expect(page.url().includes('/view?') && page.url().includes('order=name'), page.url());
    const after = await names(page);
    expect(after.length > 1 && after.join() === [...after].sort().join(), `not by name: ${after}`);
  });
});

test("a visitor's weights are marked as his and give a link that gives them again", async () => {
  await visit('/view', {}, async (page) => {
    await page.click('form.choose summary');
    await page.fill('[id="w.security"]', '100');
    await page.keyboard.press('Tab');
    await page.waitForSelector('.mine');
    expect(page.url().endsWith('view?w.security=100'), page.url());
    const mine = await page.locator('td.yours').allTextContents();
    expect(mine.length > 1, 'no column of his own');
    const link = await page.getAttribute('.mine a', 'href');
    await page.goto(new URL(link, page.url()).href);
    expect((await page.locator('td.yours').allTextContents()).join() === mine.join(), 'the link gives something else');
  });
});

test('a browser signs in with scripts and without, and the token is in no address', async () => {
  for (const javaScriptEnabled of [true, false]) {
    const context = await open({ javaScriptEnabled });
    try {
      const page = await context.newPage();
      const addresses = [];
      page.on('request', (request) => addresses.push(request.url()));
      await page.goto(`${root}/nodes`);
      expect(page.url().endsWith('/login?to=%2Fnodes'), page.url());
      await page.fill('#token', 'assay_wrong');
      await page.keyboard.press('Tab');
      await page.click('main form button');
      await page.waitForSelector('[role=alert]');
      await page.fill('#token', token);
      await page.keyboard.press('Tab');
      await Promise.all([page.waitForURL('**/nodes'), page.click('main form button')]);
      expect((await page.locator('table.nodes').count()) > 0, 'no nodes behind the door');
      await Promise.all([page.waitForURL((url) => url.pathname === '/'), page.click('main form.leave button')]);
      await page.goto(`${root}/nodes`);
      expect(page.url().endsWith('/login?to=%2Fnodes'), `signed out, and yet at ${page.url()}`);
      for (const secret of [token, 'assay_wrong'])
        expect(!addresses.some((one) => one.includes(secret)), `the token is in an address (scripts ${javaScriptEnabled})`);
    } finally {
      await context.close();
    }
  }
});

test('dark and light differ', async () => {
  const paper = {};
  for (const colorScheme of ['light', 'dark'])
    await visit('/', { colorScheme }, async (page) => {
      paper[colorScheme] = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    });
  expect(paper.light !== paper.dark, `both ${paper.light}`);
});

test('the curves of prices can be looked into, and stand beside a table', async () => {
  await visit('/market.html', {}, async (page) => {
    const figures = await page.locator('figure[data-curve]').count();
    expect(figures >= 3, `${figures} curves`);
    const plot = page.locator('figure[data-curve] .plot canvas').first();
    const drawing = page.locator('figure[data-curve] svg').first();
    await plot.or(drawing).first().waitFor();
    expect(await page.locator('figure[data-curve] table.values').count() === figures, 'a curve has no table');
    await page.click('figure[data-curve] summary');
    await page.click('figure[data-curve] table.values a');
    await page.waitForURL('**/market/quotes?**');
    expect((await page.textContent('h1')).includes('Quotes behind a price'), 'no quotes behind the point');
  });
});

/* Pages that say what is wrong, each with what was typed and a way on. */
const faulty = {
  '/view?price=x&order=name': ['#price', 'x'],
  '/prices?as_of=July&provider=lambda': ['#as_of', 'July'],
  '/guide?gpus=many&gpu=H100&hours=720': ['#gpus', 'many'],
  '/nothing': null,
  '/nodes/crusoe/*/nobody': null,
  '/feedback/nobody': null,
};
for (const [path, field] of Object.entries(faulty))
  test(`${path} says what is wrong to everybody, and how to go on`, async () => {
    for (const colorScheme of ['light', 'dark']) {
      const context = await open({ colorScheme, viewport: { width: 360, height: 740 } });
      try {
        await context.addCookies([{ name: 'assay', value: token, url: root, httpOnly: true, sameSite: 'Strict' }]);
        const page = await context.newPage();
        const answer = await page.goto(root + path, { waitUntil: 'load' });
        expect([400, 404].includes(answer.status()), `${path}: ${answer.status()}`);
        await judge(page, path);
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(width <= 360, `${path} is ${width} pixels wide`);
        if (field) {
          expect((await page.inputValue(field[0])) === field[1], `${path} loses what was typed`);
          expect((await page.textContent('[role=alert]')).includes(field[1]) || (await page.textContent('[role=alert]')).includes(field[0].slice(1)), `${path} does not say what`);
        } else expect((await page.locator('main a').count()) > 0, `${path} leads nowhere`);
      } finally {
        await context.close();
      }
    }
  });

test('a form with faults is for everybody, and leads to each of them', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const context = await open({ colorScheme, viewport: { width: 360, height: 740 } });
    try {
      const page = await context.newPage();
      await page.goto(`${root}/feedback/crusoe`);
      await page.fill('#remark', 'stays');
      await page.fill('#gpu', 'H 100');
      await page.fill('#gpu_hours', 'many');
      const [answer] = await Promise.all([page.waitForNavigation(), page.click('form.ask button')]);
      expect(answer.status() === 422, `${answer.status()}`);
      await judge(page, 'a form with faults');
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width <= 360, `it is ${width} pixels wide`);
      expect((await page.inputValue('#remark')) === 'stays' && (await page.inputValue('#gpu')) === 'H 100', 'what was typed is lost');
      await page.click('.faults a[href="#gpu"]');
      expect((await page.evaluate(() => location.hash)) === '#gpu', 'a fault leads nowhere');
    } finally {
      await context.close();
    }
  }
});

test('a form that was not sent from here is not taken', async () => {
  await visit('/feedback/crusoe', {}, async (page) => {
    await page.fill('#remark', 'said from elsewhere');
    await page.evaluate(() => { document.querySelector('form.ask input[name=form]').value = '0'.repeat(32); });
    const [answer] = await Promise.all([page.waitForNavigation(), page.click('form.ask button')]);
    expect(answer.status() === 422, `${answer.status()}`);
    expect((await page.textContent('.faults')).includes('not sent from here'), 'no word why');
    expect((await page.inputValue('#remark')) === 'said from elsewhere', 'what was typed is lost');
  }).catch((error) => {
    /* The browser itself complains of the status. */
    if (!`${error}`.includes('422')) throw error;
  });
});

test('a printed page keeps its table', async () => {
  await visit('/', {}, async (page) => {
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('table.league').isVisible(), 'the table is gone');
  });
});

console.log(`1..${cases.length}`);
for (const [index, { name, run }] of cases.entries()) {
  try {
    await run();
    console.log(`ok ${index + 1} - ${name}`);
  } catch (error) {
    process.exitCode = 1;
    console.log(`not ok ${index + 1} - ${name}`);
    console.log(`${error.stack ?? error}`.replace(/^/gm, '# '));
  }
}
await browser.close();
