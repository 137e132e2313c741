// A page from the file server in a Chromium: its style, its module, its picture; what is asked again after a reload;
// parts; routes of an application of one page; the list of a directory. node files.mjs PACKAGES CHROMIUM URL

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [packages, chromiumPath, url] = process.argv.slice(2);
const { chromium } = createRequire(path.join(packages, 'package.json'))('playwright-core');
const browser = await chromium.launch({
  executablePath: chromiumPath,
  headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
});

try {
  const page = await browser.newPage();
  const complaints = [];
  page.on('pageerror', error => complaints.push(String(error)));
  page.on('console', message => {
    const isIcon = message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !isIcon) complaints.push(message.text());
  });

  await page.goto(url + '/');
  assert.equal(await page.textContent('h1'), 'the index 你好');
  assert.equal(await page.evaluate(() => getComputedStyle(document.querySelector('h1')).color), 'rgb(1, 2, 3)');
  assert.equal(await page.evaluate(() => document.body.dataset.script), url + '/main.js');
  assert.deepEqual(
    await page.evaluate(() => [document.querySelector('img').naturalWidth, document.querySelector('img').naturalHeight]),
    [7, 5],
  );

  const again = {};
  page.on('response', response => (again[new URL(response.url()).pathname] = response.status()));
  await page.goto(url + '/main.css');
  await page.goto(url + '/');
  await page.waitForFunction(() => document.body.dataset.script);
  assert.deepEqual([again['/main.css'], again['/main.js'], again['/dot.svg']], [304, 304, 304], JSON.stringify(again));

  const part = await page.evaluate(async () => {
    const response = await fetch('/main.css', { headers: { Range: 'bytes=5-9' } });
    return [response.status, response.headers.get('content-range'), await response.text()];
  });
  assert.deepEqual(part, [206, 'bytes 5-9/27', 'color']);

  await page.goto(url + '/a/route/of/the/application');
  assert.equal(await page.title(), 'the index');
  assert.equal(await page.evaluate(() => location.pathname), '/a/route/of/the/application');

  await page.goto(url + '/sub');
  assert.equal(page.url(), url + '/sub/');
  assert.equal(await page.textContent('h1'), 'Index of /sub/');
  await page.click('text=a b.txt');
  await page.waitForURL('**/a%20b.txt');
  assert.equal(await page.textContent('body'), 'text in a file');
  await page.goBack();
  await page.click('text=../');
  await page.waitForURL(url + '/');

  assert.deepEqual(complaints, []);
  console.log('all is well');
} finally {
  await browser.close();
}
