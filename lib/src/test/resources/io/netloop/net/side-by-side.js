'use strict';
// Node's half of SideBySideTest: runs parts of programs, which come over standard input, and tells what happens, a line each,
// on standard output. Part is the same as Part.java, name by name.
const fs = require('fs');
const net = require('net');
const readline = require('readline');

const parts = new Map();
let latest;

const b64 = data => Buffer.from(data).toString('base64');
const text = data => Buffer.from(data || '', 'base64').toString();

class Part {
  constructor(id, dir, target) {
    this.id = id;
    this.dir = dir;
    this.port = Number(target) || 0;
    this.target = this.port ? {port: this.port, host: '127.0.0.1'} : {path: target};
    this.holds = 0;
    this.quiet = 5;
    this.open = [];
    this.names = [[dir, 'DIR']];
    if (this.port) this.alias(this.port, 'PORT');
    if (!this.port && target) this.alias(target, 'PATH');
  }

  send(...fields) {
    if (!this.over) process.stdout.write([this.id, ...fields].join('\t') + '\n');
  }

  log(who, line) {
    for (const [actual, name] of this.names) line = line.replaceAll(actual, name);
    this.send('log', who, b64(line));
  }

  alias(actual, name) {
    this.names.unshift([String(actual), name]);
  }

  show(who, label, ...values) {
    this.log(who, [label, ...values.map(v => v === undefined || v === null ? 'none' : v)].join(' '));
  }

  at(address) {
    if (!address || typeof address === 'string') return address;
    return address.address && `${address.address} ${address.family} ${address.port}`;
  }

  error(e) {
    const fields = ['syscall', 'hostname', 'address', 'port', 'errno'].filter(f => e[f] !== undefined && e[f] !== null);
    const inner = (e.errors || []).map(i => ' + ' + this.error(i)).join('');
    return `${e.code} [${e.message}]${fields.map(f => ` ${f}=${e[f]}`).join('')}${inner}`;
  }

  told(who, label) {
    return e => this.log(who, `${label} ${e ? this.error(e) : 'done'}`);
  }

  attempt(who, label, work) {
    try {
      const result = work();
      this.show(who, label, ['boolean', 'number', 'string'].includes(typeof result) ? result : 'done');
    } catch (e) {
      this.log(who, `${label} throws ${e.code} [${e.message}]`);
    }
  }

  bytes(count) {
    const bytes = Buffer.alloc(count);
    for (let i = 0; i < count; i++) bytes[i] = i * 31 + Math.floor(i / 251);
    return bytes;
  }

  path(name) {
    return this.dir + '/' + name;
  }

  timer(socket, seconds) {
    const hex = port => ':' + port.toString(16).toUpperCase().padStart(4, '0');
    for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
      const lines = fs.existsSync(table) ? fs.readFileSync(table, 'latin1').split('\n') : [];
      for (const fields of lines.map(line => line.trim().split(/\s+/))) {
        if (fields.length > 5 && fields[1].endsWith(hex(socket.localPort)) && fields[2].endsWith(hex(socket.remotePort))) {
          const [kind, when] = fields[5].split(':');
          return kind + (parseInt(when, 16) <= seconds * 100 ? ' soon' : ' late');
        }
      }
    }
  }

  hold() {
    this.holds++;
    clearTimeout(this.timer);
  }

  release() {
    if (--this.holds === 0) this.timer = setTimeout(() => this.send('done'), this.quiet);
  }

  later(ms, work) {
    this.hold();
    setTimeout(() => {
      if (!this.over) work();
      this.release();
    }, ms);
  }

  stop() {
    this.send('stop');
  }

  watch(who, it, reads = true) {
    this.open.push(it);
    if (it instanceof net.Server) return this.watchServer(who, it);
    this.hold();
    for (const event of ['connect', 'ready', 'end', 'drain', 'finish', 'timeout']) it.on(event, () => this.log(who, event));
    it.on('lookup', (e, address, family, host) =>
      this.log(who, e ? `lookup ${e.code} ${host}` : `lookup ${address} ${family} ${host}`));
    for (const event of ['connectionAttempt', 'connectionAttemptTimeout']) {
      it.on(event, (ip, port, family) => this.log(who, `${event} ${ip} ${port} ${family}`));
    }
    it.on('connectionAttemptFailed', (ip, port, family, e) =>
      this.log(who, `connectionAttemptFailed ${ip} ${port} ${family} ${this.error(e)}`));
    it.on('error', e => this.log(who, 'error ' + this.error(e)));
    it.on('close', hadError => {
      this.log(who, `close ${hadError}`);
      this.release();
    });
    if (reads) it.on('data', data => this.send('data', who, b64(data)));
    return it;
  }

  watchServer(who, server) {
    this.quiet = 40;
    for (const event of ['listening', 'close']) server.on(event, () => this.log(who, event));
    server.on('error', e => this.log(who, 'error ' + this.error(e)));
    server.on('drop', info =>
      this.log(who, info ? `drop ${info.localFamily} ${info.localAddress} ${info.remoteFamily} ${info.remoteAddress}` : 'drop none'));
    return server;
  }

  end() {
    this.over = true;
    clearTimeout(this.timer);
    for (const it of this.open) it instanceof net.Server ? it.close() : it.destroy();
    parts.delete(this.id);
  }
}

const kinds = {
  alone(t, code) {
    new Function('t', 'net', 'require', code)(t, net, require);
  },

  server(t, code, options) {
    const onConnection = new Function('t', 'net', 's', 'server', code);
    let accepted = 0;
    t.hold();
    const server = net.createServer(options, s => {
      t.watch('S' + (++accepted > 1 ? accepted : ''), s, !options.silent);
      onConnection(t, net, s, server);
      if (accepted === 1) t.release();
    });
    t.open.push(server);
    const done = () => {
      const at = server.address();
      if (at.port) t.alias(at.port, 'PORT'); else t.alias(at, 'PATH');
      t.send('listening', at.port || at);
    };
    if (options.unix) server.listen(t.path('s.sock'), done); else server.listen(0, '127.0.0.1', done);
  },

  client(t, code, options) {
    const c = net.connect({...t.target, ...options});
    t.watch('C', c, !options.silent);
    new Function('t', 'net', 'c', code)(t, net, c);
  },
};

process.on('uncaughtException', e => latest.log('program', 'uncaught ' + latest.error(e)));

readline.createInterface({input: process.stdin}).on('line', line => {
  const [id, kind, dir, target, options, code] = line.split('\t');
  if (kind === 'end') {
    parts.get(id).end();
    return;
  }
  const part = latest = new Part(id, dir, target);
  parts.set(id, part);
  part.hold();
  try {
    kinds[kind](part, text(code), JSON.parse(text(options)));
  } catch (e) {
    part.log('program', 'failed ' + e.stack);
    part.stop();
  }
  part.release();
}).on('close', () => process.exit());

process.stdout.write(`hello\t${process.version}\n`);
