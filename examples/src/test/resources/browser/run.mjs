// Runs the cases in a Chromium, and prints a line for each: "ok NAME", or "failed NAME" and why on the lines that follow.
// node run.mjs LAUNCHER PACKAGES CHROMIUM SEED_CLIENT PICTURES

import * as encrypted from './encrypted.mjs';
import * as keys from './keys.mjs';
import * as looks from './looks.mjs';
import * as modules from './modules.mjs';
import * as oneRoom from './one-room.mjs';
import * as reconnect from './reconnect.mjs';
import * as talk from './talk.mjs';
import { browser, everybodyGoes, Room } from './people.mjs';

const only = process.env.BROWSER_CASE;
let failed = false;

for (const part of [modules, talk, keys, looks, reconnect, oneRoom, encrypted]) {
  for (const [name, run] of Object.entries(part)) {
    if (only && !name.includes(only)) continue;
    const room = new Room();
    const started = Date.now();
    let why = [];
    try {
      await room.start();
      await run(room);
    } catch (error) {
      why.push(error.stack ?? String(error));
    }
    why = why.concat(await everybodyGoes());
    await room.kill();
    if (why.length === 0) {
      console.log(`ok ${name} ${Date.now() - started}`);
    } else {
      failed = true;
      console.log(`failed ${name}\n  ${why.join('\n').replaceAll('\n', '\n  ')}`);
    }
  }
}

console.log('# all have run');
await browser.close();
process.exitCode = failed ? 1 : 0;
