// What the page says, in English and Chinese. What people say stays as it is.

import { lasting } from './memory.js';

const EN = {
  title: 'Netloop chat',
  heading: 'Chat room',
  leave: 'Leave',
  welcome: 'Come in',
  pitch: 'One room for browsers, terminals and programs.',
  askName: 'Your nickname',
  nameRule: 'Up to 32 characters, without blanks.',
  nameMissing: 'Please choose a nickname.',
  enter: 'Enter',
  entering: 'Entering …',
  unreachable: 'The room cannot be reached. Please try again.',
  nameLost: name => `The room no longer knows you as ${name}. Please log in again.`,
  otherLanguage: '中文',
  messages: 'Messages',
  message: 'Message',
  placeholder: 'Message all, or @name',
  send: 'Send',
  close: 'Close',
  people: 'People',
  peopleHere: n => `${n} here: show the list`,
  you: 'you',
  whisperTo: name => `Whisper to ${name}`,
  onlySees: name => `Private: only ${name} will see this.`,
  nobody: name => `Nobody here is called ${name}.`,
  tooLong: 'This message is too long.',
  tooMany: 'Too many messages are waiting to be sent.',
  connecting: 'Connecting …',
  connected: 'Connected',
  waiting: seconds => `Reconnecting in ${seconds} s`,
  waitingNews: 'The connection is lost. Reconnecting.',
  gone: 'Disconnected',
  retry: 'Try now',
  retryGone: 'Connect again',
  joined: (name, n) => `${name} joined · ${n} here`,
  left: (name, n) => `${name} left · ${n} here`,
  youJoined: n => (n === 1 ? 'You joined · nobody else is here yet' : `You joined · ${n} here`),
  back: n => `Connected again · ${n} here`,
  missing: 'Some messages from while you were away are gone.',
  taken: 'You are connected from elsewhere under this name, so this page was disconnected.',
  ended: 'The server ended the connection.',
  youName: name => `${name} (you)`,
  privately: name => `${name} to you, privately`,
  privatelyTo: name => `You to ${name}, privately`,
  sending: 'Sending …',
  notSent: why => `Not sent: ${why}`,
  unsure: 'the connection was lost; it may have arrived',
  again: 'Send again',
  discard: 'Discard',
  newer: n => (n === 1 ? '1 new message' : `${n} new messages`),
  toEnd: 'To the newest',
  NICKNAME_TAKEN: 'This nickname is taken. Please choose another.',
  NICKNAME_INVALID: 'This cannot be a nickname: up to 32 characters, no blanks, no @ at the start.',
  ALREADY_LOGGED_IN: 'You are logged in already.',
  ROOM_FULL: 'The room is full.',
  USER_NOT_FOUND: 'nobody of this name is here',
  NOT_LOGGED_IN: 'you are not logged in',
  BAD_MESSAGE: 'the server did not understand it',
  MESSAGE_TOO_LONG: 'the message is too long',
  MESSAGE_EMPTY: 'the message is empty',
  RATE_LIMITED: 'too many messages in a short time',
  TOO_MANY_CONNECTIONS: 'Too many connections come from your address.',
  服务器即将关闭: 'The server is about to close.',
};

const ZH = {
  title: 'Netloop 聊天室',
  heading: '聊天室',
  leave: '离开',
  welcome: '欢迎',
  pitch: '浏览器、终端和程序，同在一个聊天室。',
  askName: '请输入昵称',
  nameRule: '最多 32 个字符，不含空格。',
  nameMissing: '请输入昵称。',
  enter: '进入',
  entering: '正在进入…',
  unreachable: '无法连接聊天室，请重试。',
  nameLost: name => `聊天室已不再保留昵称 ${name}，请重新登录。`,
  otherLanguage: 'English',
  messages: '消息',
  message: '消息',
  placeholder: '对所有人说，或 @昵称 悄悄话',
  send: '发送',
  close: '关闭',
  people: '在线用户',
  peopleHere: n => `当前在线人数：${n}，显示列表`,
  you: '我',
  whisperTo: name => `对 ${name} 说悄悄话`,
  onlySees: name => `悄悄话：只有 ${name} 能看到。`,
  nobody: name => `没有叫 ${name} 的用户。`,
  tooLong: '消息过长。',
  tooMany: '等待发送的消息过多。',
  connecting: '正在连接…',
  connected: '已连接',
  waiting: seconds => `${seconds} 秒后重新连接`,
  waitingNews: '与服务器的连接已断开，正在重新连接。',
  gone: '已断开',
  retry: '立即重试',
  retryGone: '重新连接',
  joined: (name, n) => `${name} 进入了聊天室，当前在线人数：${n}`,
  left: (name, n) => `${name} 离开了聊天室，当前在线人数：${n}`,
  youJoined: n => `登录成功，当前在线用户：${n}`,
  back: n => `已重新连接，当前在线用户：${n}`,
  missing: '断开期间的部分消息已丢失。',
  taken: '您在别处以此昵称连接，本页已断开。',
  ended: '服务器结束了连接。',
  youName: name => `${name}（我）`,
  privately: name => `${name} 对你说（悄悄话）`,
  privatelyTo: name => `你对 ${name} 说（悄悄话）`,
  sending: '正在发送…',
  notSent: why => `发送失败：${why}`,
  unsure: '连接已断开，消息可能已送达',
  again: '重新发送',
  discard: '删除',
  newer: n => `${n} 条新消息`,
  toEnd: '回到最新',
  NICKNAME_TAKEN: '该昵称已存在，请换一个。',
  NICKNAME_INVALID: '昵称不合法：最多 32 个字符，不含空格，不以 @ 开头。',
  ALREADY_LOGGED_IN: '您已登录。',
  ROOM_FULL: '聊天室已满。',
  USER_NOT_FOUND: '该用户不存在',
  NOT_LOGGED_IN: '请先登录',
  BAD_MESSAGE: '消息格式错误',
  MESSAGE_TOO_LONG: '消息过长',
  MESSAGE_EMPTY: '消息不能为空',
  RATE_LIMITED: '发送过于频繁',
  TOO_MANY_CONNECTIONS: '来自该地址的连接过多。',
  服务器即将关闭: '服务器即将关闭。',
};

const TEXTS = { en: EN, zh: ZH };
const listeners = [];
let language = chosen();
let formats; // Made when something is to be told in them first.

/** The one chosen here before, or the first of the browser's that we speak. */
function chosen() {
  const remembered = lasting.get('language');
  if (remembered in TEXTS) return remembered;
  const wanted = navigator.languages.map(tag => tag.slice(0, 2).toLowerCase());
  return wanted.find(tag => tag in TEXTS) ?? 'en';
}

function inOurs() {
  formats ??= makeFormats();
  return formats;
}

function makeFormats() {
  // The browser's own habits where it speaks the language, such as 12 or 24 hours.
  const tag = navigator.languages.find(each => each.toLowerCase().startsWith(language)) ?? language;
  return {
    time: new Intl.DateTimeFormat(tag, { hour: '2-digit', minute: '2-digit' }),
    full: new Intl.DateTimeFormat(tag, { dateStyle: 'full', timeStyle: 'medium' }),
    day: new Intl.DateTimeFormat(tag, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' }),
    near: new Intl.RelativeTimeFormat(tag, { numeric: 'auto' }),
  };
}

export const currentLanguage = () => language;

/** The text of this key; those that hold numbers or names take them. */
export function say(key, ...values) {
  const text = TEXTS[language][key];
  return typeof text === 'function' ? text(...values) : text;
}

/** The server's texts by their code or their wording; one that is not known here stays as it is. */
export function sayServer(code, text) {
  if (typeof code === 'string' && Object.hasOwn(EN, code)) return say(code);
  return Object.hasOwn(EN, text) ? say(text) : text;
}

export const timeText = at => inOurs().time.format(at);
export const fullTimeText = at => inOurs().full.format(at);

/** "Today", "Yesterday", or the date. */
export function dayText(at) {
  const days = Math.round((midnight(at) - midnight(Date.now())) / 86_400_000);
  if (days !== 0 && days !== -1) return inOurs().day.format(at);
  const text = inOurs().near.format(days, 'day');
  return text.charAt(0).toLocaleUpperCase(language) + text.slice(1);
}

/** The start of a day here, in ms. */
export function midnight(at) {
  return new Date(at).setHours(0, 0, 0, 0);
}

export function onLanguage(listener) {
  listeners.push(listener);
}

export function switchLanguage() {
  language = language === 'en' ? 'zh' : 'en';
  formats = undefined;
  lasting.set('language', language);
  speak();
}

/** Puts the texts of the language into the page. */
export function speak() {
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  for (const element of document.querySelectorAll('[data-text]')) element.textContent = say(element.dataset.text);
  for (const element of document.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', say(element.dataset.label));
  }
  for (const element of document.querySelectorAll('[data-placeholder]')) {
    element.placeholder = say(element.dataset.placeholder);
  }
  for (const listener of listeners) listener();
}
