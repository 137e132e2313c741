'use strict';
// Runs the servers of the comparison. A line of input is id, what, options, set-up and handler, the last three in
// base64; a line of output is id, what and a value.
const http = require('http');
const readline = require('readline');

const say = (...fields) => process.stdout.write(fields.join('\t') + '\n');
const encoded = text => Buffer.from(String(text)).toString('base64');
const decoded = text => Buffer.from(text, 'base64').toString();
const servers = new Map();
let newest = '0';

function notes(id) {
  const log = (...words) => say(id, 'log', encoded(words.join(' ')));
  return {
    log,
    attempt(label, work) {
      try {
        work();
        log(label, 'done');
      } catch (e) {
        log(label, 'throws', e.code, '[' + e.message + ']');
      }
    },
    watch(req, res) {
      req.on('data', data => log('Q data', data));
      for (const event of ['end', 'aborted', 'close']) req.on(event, () => log('Q ' + event));
      req.on('error', e => log('Q error', e.code, '[' + e.message + ']'));
      for (const event of ['finish', 'close']) res.on(event, () => log('R ' + event));
      res.on('error', e => log('R error', e.code, '[' + e.message + ']'));
    },
  };
}

function begin(id, options, setup, handler) {
  const t = notes(id);
  const handle = new Function('req', 'res', 't', handler);
  const server = http.createServer(JSON.parse(options));
  server.on('request', (req, res) => {
    if (req.url === '/probe') res.end('probe!');
    else handle(req, res, t);
  });
  new Function('server', 't', setup)(server, t);
  servers.set(id, server);
  newest = id;
  server.listen(0, '127.0.0.1', () => say(id, 'listening', server.address().port));
}

function end(id) {
  servers.get(id).closeAllConnections();
  servers.get(id).close();
  servers.delete(id);
}

say('0', 'version', process.version);
process.on('uncaughtException', e => say(newest, 'log', encoded('uncaught ' + e.message)));
readline
  .createInterface({ input: process.stdin })
  .on('line', line => {
    const [id, what, ...texts] = line.split('\t');
    if (what === 'begin') begin(id, ...texts.map(decoded));
    else if (what === 'sync') say(id, 'synced', '');
    else end(id);
  })
  .on('close', () => process.exit());
