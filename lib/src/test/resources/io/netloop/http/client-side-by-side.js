'use strict';
// Node's half of ClientSideBySideTest: runs clients, which come over standard input, and tells what happens to each, a line for
// each event, on standard output.
const http = require('http');
const readline = require('readline');

class Part {
  constructor(id, port) {
    this.id = id;
    this.port = port;
    this.open = 0;
    this.agent = new http.Agent({keepAlive: true, maxSockets: 1});
  }

  tell(kind, text = '') {
    process.stdout.write([this.id, kind, Buffer.from(text).toString('base64')].join('\t') + '\n');
  }

  log(line) {
    this.tell('log', line);
  }

  // HPE_ errors have words of their own on each side.
  error(who, e) {
    this.log(`${who} error ${e.code}${e.code.startsWith('HPE_') ? '' : ' ' + e.message}`);
  }

  later(ms, f) {
    setTimeout(f, ms);
  }

  close() {
    if (--this.open === 0) setTimeout(() => { this.agent.destroy(); this.tell('done'); }, 10);
  }

  request(options = {}, takes = true, c = 'C', p = 'P') {
    const request = http.request({host: '127.0.0.1', port: this.port, agent: this.agent, ...options});
    this.open++;
    for (const e of ['socket', 'finish', 'abort', 'continue', 'timeout']) request.on(e, () => this.log(`${c} ${e}`));
    request.on('information', i => this.log(`${c} information ${i.statusCode}`));
    request.on('error', e => this.error(c, e));
    request.on('close', () => { this.log(`${c} close`); this.close(); });
    if (takes) {
      request.on('response', response => {
        this.open++;
        this.log(`${c} response ${response.statusCode}`);
        response.on('aborted', () => this.log(`${p} aborted`));
        response.on('data', data => this.log(`${p} data ${data}`));
        response.on('end', () => this.log(`${p} end`));
        response.on('error', e => this.error(p, e));
        response.on('close', () => { this.log(`${p} close ${response.complete}`); this.close(); });
      });
    }
    return request;
  }
}

const lines = readline.createInterface({input: process.stdin});
process.stdout.write(`ready\t${process.version}\n`);
lines.on('line', line => {
  const [id, port, code] = line.split('\t');
  new Function('t', Buffer.from(code, 'base64').toString())(new Part(id, Number(port)));
});
lines.on('close', () => process.exit());
