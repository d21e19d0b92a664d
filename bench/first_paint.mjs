/*
 * When a page is first painted, in milliseconds after it was asked for, as the browser tells it: in a tab that showed
 * other pages before, with nothing of ours in its cache. The best of several visits, one line an address.
 *
 * usage: first_paint.mjs CHROMIUM MODULES ROUNDS URL...    PAINT_COOKIE has the value of who is signed in
 */
import { createRequire } from 'node:module';

const [chromium_path, modules, rounds, ...urls] = process.argv.slice(2);
const { chromium } = createRequire(`${modules}/`)('playwright-core');
const browser = await chromium.launch({
  executablePath: chromium_path,
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
});

const context = await browser.newContext();
const value = process.env.PAINT_COOKIE;
if (value) await context.addCookies([{ name: 'assay', value, url: urls[0] }]);
const page = await context.newPage();
const protocol = await context.newCDPSession(page);

async function visit(url) {
  await protocol.send('Network.clearBrowserCache');
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForFunction(() => performance.getEntriesByName('first-contentful-paint').length > 0);
  return page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
}

await visit(urls[0]);
for (const url of urls) {
  const times = [];
  for (let i = 0; i < Number(rounds); i++) times.push(await visit(url));
  console.log(Math.min(...times).toFixed(1));
}
await browser.close();
