// The room over TLS, with a certificate of the local authority.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launch, Room, Visitor } from './people.mjs';

/** As ./netloop cert says for Chromium. */
function trust(home, certificate) {
  const store = path.join(home, '.pki', 'nssdb');
  mkdirSync(store, { recursive: true });
  execFileSync('certutil', ['-d', `sql:${store}`, '-N', '--empty-password']);
  execFileSync('certutil', ['-d', `sql:${store}`, '-A', '-t', 'C,,', '-n', 'netloop', '-i', certificate]);
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** An encrypted room, and a browser that trusts the authority which its certificate is from. */
async function inAnEncryptedRoom(run) {
  const home = mkdtempSync(path.join(tmpdir(), 'netloop-home-'));
  const plainPort = await freePort();
  const room = new Room(['--self-signed', '--redirect-port', `${plainPort}`], { XDG_CONFIG_HOME: home });
  let trusting;
  try {
    await room.start();
    trust(home, path.join(home, 'netloop', 'authority', 'authority.pem'));
    trusting = await launch(home);
    await run({ room, trusting, plainUrl: `http://localhost:${plainPort}/` });
  } finally {
    await trusting?.close();
    await room.kill();
    rmSync(home, { recursive: true });
  }
}

async function talks({ room, trusting }) {
  assert.match(room.url, /^https:\/\/localhost:/);
  const sockets = [];
  const ann = await Visitor.at(room.url, { by: trusting });
  ann.page.on('websocket', socket => sockets.push(socket.url()));
  await ann.enters('Ann');
  await ann.connected();
  const ben = room.terminal(['--tls', '--nick', 'Ben', '--lang', 'en']);
  await ben.prints('Logged in');
  ben.types('from a terminal');
  await ann.sees('from a terminal');
  await ann.says('and back');
  await ben.prints('Ann: and back');
  assert.deepEqual(sockets, [room.url.replace('https', 'wss') + 'ws']);
  assert.ok(await ann.page.evaluate(() => window.isSecureContext && document.cookie === ''));
  await ben.ends();
  await ann.context.close();
}

async function isSentOn({ room, trusting, plainUrl }) {
  const cara = await Visitor.in(plainUrl, 'Cara', { by: trusting });
  assert.equal(cara.page.url(), room.url);
  await cara.context.close();
}

export function whoTrustsTheLocalAuthorityTalksOverWssAlsoWhenComingByHttpAndOthersAreWarned() {
  return inAnEncryptedRoom(async all => {
    await talks(all);
    await isSentOn(all);
    await assert.rejects(Visitor.at(all.room.url), /ERR_CERT_AUTHORITY_INVALID/);
  });
}
