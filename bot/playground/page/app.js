"use strict";
const ZONE = "Asia/Shanghai";
const $ = (id) => document.getElementById(id);
const state = {chats: new Map(), current: null, person: null, people: [], replyTo: 0, silent: new Set(), refused: [], clock: null, commands: [], unread: new Map(), waiting: new Map()};
let words = WORDS.zh;
WORDS.zh.locale = "zh-CN";
WORDS.en.locale = "en-GB";
const word = (name) => words[name] ?? name;

async function post(path, body) {
  const response = await fetch(`/playground/${path}`, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({person: state.person, ...body})});
  if (!response.ok) { toast(await response.text()); throw new Error(path); }
  return response.json();
}

const thread = () => (chat()?.topics.length ? Number($("topic").value) : 0);
const chat = () => state.chats.get(state.current);

async function say(text) {
  await post("say", {chat_id: state.current, text, thread_id: thread(), reply_to: state.replyTo});
  $("text").value = "";
  replyTo(0);
  closeMenu();
}

async function press(button, chatId, messageId, data) {
  button.classList.add("waiting");
  const {query} = await post("press", {chat_id: chatId, message_id: messageId, data});
  state.waiting.set(query, button);
  setTimeout(() => button.classList.remove("waiting"), 5000);
}

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

// --- drawing -------------------------------------------------------------------------------------

const ICONS = {private: "丝", channel: "频", group: "组", supergroup: "群"};
const titleOf = (one) => (one.type === "private" ? state.bot.first_name : one.title);

function drawChats() {
  $("chats").replaceChildren(...chatsOfPerson().map((one) => {
    const last = [...one.messages.values()].at(-1);
    const unread = state.unread.get(one.id);
    const button = element("button", {type: "button", className: "chat", onclick: () => open(one.id)},
      element("span", {className: "avatar", textContent: ICONS[one.type]}),
      element("span", {className: "label"}, element("strong", {textContent: titleOf(one)}), element("small", {textContent: (last?.text ?? last?.caption ?? (richSummary(last) || word(one.type))).slice(0, 60)})),
      ...(unread ? [element("span", {className: "badge", textContent: unread})] : []));
    button.setAttribute("aria-current", String(one.id === state.current));
    return element("li", {}, button);
  }));
}

function drawBar() {
  const one = chat();
  $("chat-title").textContent = titleOf(one);
  $("chat-avatar").textContent = ICONS[one.type];
  $("chat-status").textContent = isHere(one) ? word(one.type) : word("gone");
  $("membership").textContent = word(one.type === "private" ? (isHere(one) ? "block" : "unblock") : (isHere(one) ? "kick" : "admit"));
  drawKeyboard();
  drawManage();
  $("pinned").hidden = !one.pinned;
  $("pinned").textContent = `📌 ${word("pinned")}: ${(one.messages.get(one.pinned)?.text ?? richSummary(one.messages.get(one.pinned))).slice(0, 80)}`;
}

function drawTopics() {
  const one = chat();
  const chosen = $("topic").value;
  $("topic").hidden = !one.topics.length;
  $("topic").setAttribute("aria-label", word("topic"));
  $("topic").replaceChildren(element("option", {value: 0, textContent: word("general")}), ...one.topics.map((t) => element("option", {value: t.id, textContent: t.name})));
  $("topic").value = one.topics.some((t) => String(t.id) === chosen) ? chosen : 0;
}

const isHere = (one) => !["left", "kicked"].includes(one.bot_status);
const shownIn = (message) => !thread() || (message.message_thread_id ?? 0) === thread();

function drawMessages() {
  const one = chat();
  const log = $("messages");
  const nodes = [...one.messages.values()].filter(shownIn).map((m) => bubble(m, one, state.silent.has(`${one.id}:${m.message_id}`)));
  if (!nodes.length) nodes.push(element("p", {className: "empty"}, word("empty"), element("br"), one.type === "channel" ? word("channelNote") : word("begin")));
  log.replaceChildren(...nodes);
  unfoldShort(log);
  log.scrollTop = log.scrollHeight;
}

// A quote of three lines or fewer needs no folding.
function unfoldShort(node) {
  for (const quote of node.querySelectorAll(".foldable")) {
    if (quote.scrollHeight <= quote.clientHeight + 2) quote.classList.add("short");
  }
}

// An answer taller than the pane is read from its beginning.
function reveal(node) {
  const log = $("messages");
  unfoldShort(node);
  log.scrollTop = node.offsetHeight > log.clientHeight ? node.offsetTop - log.offsetTop - 8 : log.scrollHeight;
}

function drawRefused() {
  $("refused").querySelector("summary").textContent = `${word("refused")} (${state.refused.length})`;
  const rows = state.refused.slice(-50).reverse().map((r) => element("li", {}, element("b", {textContent: `${r.code} ${r.method}`}), " ", r.reason));
  $("refused").querySelector("ul").replaceChildren(...(rows.length ? rows : [element("li", {textContent: word("refusedNone")})]));
}

const moment = (iso) => new Date(iso).toLocaleString(words.locale, {timeZone: ZONE, year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit"});

function drawClock() {
  $("clock").hidden = !state.clock;
  if (!state.clock) return;
  $("clock-title").textContent = word("clock");
  $("clock-now").textContent = moment(state.clock.now);
  $("clock-due").textContent = `${word("due")}: ${state.clock.next_due ? moment(state.clock.next_due) : word("none")}`;
  $("clock-moving").hidden = !state.clock.moving;
  for (const control of $("clock").querySelectorAll("button, input")) control.disabled = Boolean(state.clock.moving);
}

function drawWords() {
  document.documentElement.lang = words === WORDS.zh ? "zh" : "en";
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(WORDS[button.dataset.language] === words));
  $("text").placeholder = word("placeholder");
  $("text-label").textContent = word("text");
  $("send").setAttribute("aria-label", word("send"));
  $("commands").setAttribute("aria-label", word("commands"));
  drawPeople();
  $("back").setAttribute("aria-label", word("back"));
  $("clock-go").textContent = word("go");
  $("clock-label").textContent = word("to");
  const quick = [["day", () => later(state.clock.now, 1)], ["next", () => state.clock.next_due ?? state.clock.now], ["may", nextMay], ["today", () => new Date().toISOString()]];
  $("clock-quick").replaceChildren(...quick.map(([name, to]) => element("button", {type: "button", textContent: word(name), onclick: () => moveClock(to())})));
  drawChats(); drawBar(); drawTopics(); drawMessages(); drawRefused(); drawClock();
}

// --- the clock: the page speaks the time of China, as the report does ------------------------------

const later = (iso, days) => new Date(new Date(iso).getTime() + days * 86400000).toISOString();

function nextMay() {
  const year = Number(new Date(state.clock.now).toLocaleDateString("en-CA", {timeZone: ZONE}).slice(0, 4));
  const here = new Date(`${year}-05-10T09:30:00+08:00`);
  return (here > new Date(state.clock.now) ? here : new Date(`${year + 1}-05-10T09:30:00+08:00`)).toISOString();
}

const localMinute = (iso) => new Date(iso).toLocaleString("sv-SE", {timeZone: ZONE}).slice(0, 16).replace(" ", "T");

async function moveClock(to) {
  state.clock.moving = true;
  $("clock-moving").querySelector("span").textContent = word("moving");
  drawClock();
  await post("clock", {to}).catch(() => { state.clock.moving = false; drawClock(); });
}

// --- events ---------------------------------------------------------------------------------------

const HANDLERS = {
  message({chat_id, message}) {
    const one = state.chats.get(chat_id);
    const isNew = !one.messages.has(message.message_id);
    one.messages.set(message.message_id, message);
    if (chat_id !== state.current) {
      if (isNew) state.unread.set(chat_id, (state.unread.get(chat_id) ?? 0) + 1);
    } else if (shownIn(message)) {
      const node = bubble(message, one, state.silent.has(`${chat_id}:${message.message_id}`));
      const old = $(`m${message.message_id}`);
      const log = $("messages");
      if (old) { old.replaceWith(node); unfoldShort(node); }
      else { log.querySelector(".empty")?.remove(); log.append(node); reveal(node); }
      drawBar();
    }
    drawChats();
  },
  deleted({chat_id, message_id}) { state.chats.get(chat_id).messages.delete(message_id); drawMessages(); drawChats(); },
  silent({chat_id, message_id}) { state.silent.add(`${chat_id}:${message_id}`); },
  chat({chat: shown}) { Object.assign(state.chats.get(shown.id), shown); drawChats(); drawTopics(); drawBar(); },
  reload() { load(); },
  commands() { load(); },
  refused({refused}) { state.refused.push(refused); drawRefused(); },
  action({chat_id, action}) {
    if (chat_id !== state.current) return;
    $("chat-status").textContent = word(action);
    clearTimeout(HANDLERS.timer);
    HANDLERS.timer = setTimeout(drawBar, 3000);
  },
  answered({query, text, show_alert}) {
    state.waiting.get(query)?.classList.remove("waiting");
    state.waiting.delete(query);
    if (!text) return;
    if (!show_alert) return toast(text);
    $("alert").querySelector("p").textContent = text;
    $("alert").showModal();
  },
  clock({clock}) {
    if (state.clock?.moving && !clock?.moving && clock) $("clock-to").value = localMinute(clock.now);
    state.clock = clock;
    drawClock();
  },
  moving({now, sent}) {
    state.clock = {...state.clock, now, moving: true};
    $("clock-moving").querySelector("span").textContent = `${word("moving")} · ${word("sent")} ${sent}`;
    drawClock();
  },
};

function listen() {
  const events = new EventSource("/playground/events");
  events.onmessage = (event) => { const told = JSON.parse(event.data); HANDLERS[told.type]?.(told); };
  events.onerror = () => { $("chat-status").textContent = word("offline"); };
  events.onopen = () => { if (listen.opened) load(); listen.opened = true; };
}

function open(id) {
  state.current = id;
  replyTo(0);
  state.unread.delete(id);
  $("app").dataset.pane = "chat";
  closeMenu();
  drawChats(); drawTopics(); drawBar(); drawMessages();
}

async function load() {
  const told = await (await fetch("/playground/state")).json();
  state.bot = told.bot;
  state.people = told.people;
  state.person ??= told.people[0].id;
  state.chats = new Map(told.chats.map((one) => [one.id, {...one, messages: new Map(one.messages.map((m) => [m.message_id, m]))}]));
  state.commands = told.commands;
  state.refused = told.refused;
  state.clock = told.clock;
  state.current ??= told.chats[0].id;
  if (told.clock && !$("clock-to").value) $("clock-to").value = localMinute(told.clock.now);
  if (chat()?.moved) state.current = [...state.chats.keys()].at(-1);
  words = me().language_code.startsWith("en") ? WORDS.en : WORDS.zh;
  drawWords();
}

$("composer").onsubmit = (event) => {
  event.preventDefault();
  const chosen = $("menu").hidden ? null : $("menu").querySelector('[aria-selected="true"]')?.dataset.command;
  const text = chosen ? `/${chosen}` : $("text").value.trim();
  if (text) say(text);
};
$("text").oninput = drawMenu;
$("text").onkeydown = (event) => {
  if (event.key === "Escape") closeMenu();
  if ($("menu").hidden || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  event.preventDefault();
  moveInMenu(event.key === "ArrowDown" ? 1 : -1);
};
$("commands").onclick = () => { $("text").value = $("menu").hidden ? "/" : ""; $("text").focus(); drawMenu(); };
$("back").onclick = () => { $("app").dataset.pane = "list"; };
$("topic").onchange = drawMessages;
$("pinned").onclick = () => $(`m${chat().pinned}`)?.scrollIntoView({behavior: "smooth"});
$("membership").onclick = () => {
  const one = chat();
  const back = one.type === "private" ? "member" : "administrator";
  post("membership", {chat_id: one.id, status: isHere(one) ? (one.type === "private" ? "kicked" : "left") : back});
};
$("clock-form").onsubmit = (event) => { event.preventDefault(); moveClock(`${$("clock-to").value}:00+08:00`); };
for (const button of document.querySelectorAll("[data-language]")) {
  button.onclick = async () => {
    const told = post("language", {language: button.dataset.language});
    words = WORDS[button.dataset.language];
    if (me()) me().language_code = button.dataset.language;
    if (chat()) drawWords();
    await told;
  };
}
// only when every script of the page is there
addEventListener("DOMContentLoaded", () => load().then(listen));
