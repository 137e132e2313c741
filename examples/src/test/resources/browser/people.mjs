// Who takes part in the tests: a room, browsers, terminals, and a network that can be cut.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import net from 'node:net';
import path from 'node:path';

const [launcher, packages, chromiumPath, seedClient, pictures] = process.argv.slice(2);
const require = createRequire(path.join(packages, 'package.json'));
const { chromium } = require('playwright-core');

export const axeSource = require('axe-core').source;
export { pictures };

const PATIENCE_MS = 20_000;
/** The first start after a build also trains a cache. */
const START_PATIENCE_MS = 90_000;
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium, which finds whom to trust in its user's home. */
export function launch(home = process.env.HOME) {
  const env = { ...process.env, HOME: home };
  return chromium.launch({ executablePath: chromiumPath, headless: true, args: FLAGS, env });
}

export const browser = await launch();

const programs = new Set();
// However we end.
process.on('exit', () => programs.forEach(each => each.kill('SIGKILL')));

/** A process with what it has printed so far. */
class Program {
  output = '';
  #ended;

  constructor(command, args, more = {}) {
    const env = { ...process.env, LC_ALL: 'C.UTF-8', ...more };
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    programs.add(this.process);
    this.#ended = once(this.process, 'exit').then(() => programs.delete(this.process));
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', text => (this.output += text));
    }
  }

  types(line) {
    this.process.stdin.write(line + '\n');
  }

  async prints(wanted, patience = PATIENCE_MS) {
    const fits = () => (typeof wanted === 'string' ? this.output.includes(wanted) : wanted.test(this.output));
    await until(fits, () => `a program prints ${wanted}; it printed:\n${this.output}`, patience);
  }

  async ends(signal = 'SIGKILL') {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    await this.#ended;
  }
}

/** Waits for a condition, looking again each few milliseconds. */
export async function until(condition, sentence, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`in vain: ${typeof sentence === 'function' ? sentence() : sentence}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/** A chat room of its own. */
export class Room {
  port = 0;
  webPort = 0;
  #options;
  #environment;

  constructor(options = [], environment = {}) {
    this.#options = options;
    this.#environment = environment;
  }

  /** Again on the ports that it had before. */
  async start() {
    const ports = ['--port', `${this.port}`, '--web-port', `${this.webPort}`];
    this.program = new Program(launcher, ['chat', ...ports, '--lang', 'en', ...this.#options], this.#environment);
    await this.program.prints('Ctrl-C', START_PATIENCE_MS);
    const { output } = this.program;
    this.port = Number(/open on 127\.0\.0\.1:(\d+)/.exec(output)[1]);
    this.url = /https?:\/\/[\w.:]+\/?/.exec(output)[0].replace('http://localhost', 'http://127.0.0.1');
    this.webPort = Number(new URL(this.url).port);
  }

  /** kill -9 */
  kill() {
    return this.program?.ends('SIGKILL');
  }

  /** In order, as systemd does it. */
  stop() {
    return this.program.ends('SIGTERM');
  }

  terminal(options = []) {
    return new Program(launcher, ['join', `localhost:${this.port}`, ...options], this.#environment);
  }

  courseClient() {
    return new Program('node', [seedClient, `${this.port}`]);
  }
}

/** A way to the room that can be cut, as by a cable that is pulled: nothing arrives, nobody is told. */
export class Network {
  #target;
  #server = net.createServer(socket => this.#accept(socket));
  #sockets = new Set();
  #links = new Set();
  #isCut = false;

  static async to(port) {
    const network = new Network();
    network.#target = port;
    network.#server.listen(0, '127.0.0.1');
    await once(network.#server, 'listening');
    network.url = `http://127.0.0.1:${network.#server.address().port}/`;
    return network;
  }

  #accept(socket) {
    const other = net.connect(this.#target, '127.0.0.1');
    const link = { forth: !this.#isCut, back: !this.#isCut };
    this.#links.add(link);
    for (const [from, to, way] of [[socket, other, 'forth'], [other, socket, 'back']]) {
      this.#sockets.add(from);
      from.on('error', () => {});
      from.on('data', data => link[way] && to.write(data));
      from.on('close', () => link[way] && to.destroy());
    }
  }

  /** What is connected now stays silent for ever. */
  cut() {
    this.#isCut = true;
    for (const link of this.#links) link.forth = link.back = false;
  }

  /** What is connected now is heard, and hears nothing. */
  cutBack() {
    for (const link of this.#links) link.back = false;
  }

  /** New connections pass again. */
  mend() {
    this.#isCut = false;
  }

  close() {
    this.#isCut = true;
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

const visitors = new Set();

/** A browser of its own, with what one can do on the page and see there. */
export class Visitor {
  /** What a page may not do: an error, or something that its policy forbids. */
  faults = [];

  static async at(url, { by = browser, ...options } = {}) {
    const visitor = new Visitor();
    visitor.context = await by.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1100, height: 720 }, ...options });
    visitors.add(visitor);
    visitor.page = await visitor.context.newPage();
    visitor.page.setDefaultTimeout(PATIENCE_MS);
    visitor.page.on('pageerror', error => visitor.faults.push(error.stack));
    visitor.page.on('console', message => {
      const { url: at } = message.location();
      const lost = /ERR_CONNECTION_REFUSED|WebSocket connection to/.test(message.text());
      if (message.type() === 'error' && !lost) visitor.faults.push(`${message.text()} (${at})`);
    });
    await visitor.page.goto(url);
    return visitor;
  }

  /** Comes in under a name. */
  static async in(url, name, options) {
    const visitor = await Visitor.at(url, options);
    await visitor.enters(name);
    await visitor.page.waitForSelector('#room:not([hidden])');
    await visitor.connected();
    return visitor;
  }

  async enters(name) {
    this.name = name;
    await this.page.fill('#nickname', name);
    await this.page.click('#enter');
  }

  connected() {
    return this.page.waitForSelector('#state.open');
  }

  async says(text) {
    await this.page.fill('#message', text);
    await this.page.press('#message', 'Enter');
  }

  /** The texts of all messages in their order; a class narrows it, such as '.whisper'. */
  texts(which = '') {
    return this.page.$$eval(`#lines .message${which} .text`, all => all.map(each => each.textContent));
  }

  notices() {
    return this.page.$$eval('#lines .notice bdi', all => all.map(each => each.textContent));
  }

  names() {
    return this.page.$$eval('#names .name', all => all.map(each => each.textContent));
  }

  /** Waits until it sees this message, which the room has taken. */
  sees(text, which = '') {
    return until(async () => (await this.texts(`.sent${which}`)).includes(text), `${this.name} sees "${text}"`);
  }

  async isTold(text) {
    await until(async () => (await this.notices()).some(each => each.includes(text)), `${this.name} is told "${text}"`);
  }

  focused() {
    return this.page.evaluate(() => document.activeElement.id || document.activeElement.className);
  }

  /** The page as if another tab were in front of it. */
  hides(hidden) {
    return this.page.evaluate(value => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  }
}

/** All go; what a page did that it must not is told. */
export async function everybodyGoes() {
  const faults = [...visitors].flatMap(each => each.faults.map(fault => `${each.name ?? 'a page'}: ${fault}`));
  for (const each of visitors) await each.context.close();
  visitors.clear();
  return faults;
}
