// The list of things to do in two windows of a Chromium; prints "ok" when all was as it should be.
// node run.mjs URL PACKAGES CHROMIUM

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';

const [url, packages, executablePath] = process.argv.slice(2);
const { chromium } = createRequire(path.join(packages, 'package.json'))('playwright-core');
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const browser = await chromium.launch({ executablePath, headless: true, args, timeout: 120_000 });
const mistakes = [];

async function visitor() {
  const page = await (await browser.newContext()).newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', error => mistakes.push(String(error)));
  page.on('dialog', dialog => mistakes.push(`dialog ${dialog.message()}`));
  await page.goto(url);
  await page.locator('body[data-live=yes]').waitFor();
  return page;
}

try {
  const ann = await visitor();
  const ben = await visitor();

  await ann.getByPlaceholder('What next?').fill('吃饭 <img src=x onerror=alert(1)>');
  await ann.getByRole('button', { name: 'Add' }).click();
  // What one has done the other sees, without doing anything.
  await ben.getByText('吃饭 <img src=x onerror=alert(1)>').waitFor();
  await ben.getByText('1 left').waitFor();
  assert.equal(await ben.locator('#todos img').count(), 0);
  assert.equal(await ann.getByPlaceholder('What next?').inputValue(), '');
  assert.equal(ann.url(), url);

  await ben.getByRole('button', { name: 'Done' }).click();
  await ann.locator('li.done').waitFor();
  await ann.getByText('0 left').waitFor();
  assert.equal(await ann.locator('li.done span').evaluate(one => getComputedStyle(one).textDecorationLine), 'line-through');

  // A program, through the API.
  const made = await fetch(url + 'api/todos', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ title: 'sleep' }),
  });
  assert.equal(made.status, 201);
  await ann.getByText('sleep').waitFor();

  await ann.getByRole('button', { name: 'Delete' }).first().click();
  await ben.locator('li.done').waitFor({ state: 'detached' });

  // Without a script the forms do it.
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  plain.setDefaultTimeout(60_000);
  await plain.goto(url);
  await plain.getByPlaceholder('What next?').fill('no script');
  await plain.getByRole('button', { name: 'Add' }).click();
  await plain.getByText('no script').waitFor();
  await ann.getByText('no script').waitFor();

  assert.deepEqual(mistakes, []);
  console.log('ok');
} catch (error) {
  console.log(error.stack ?? String(error), mistakes);
  process.exitCode = 1;
} finally {
  await browser.close();
}
