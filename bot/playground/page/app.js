"use strict";
// The state of the page, what it asks of the server, and the drawing of everything but the messages.
const $ = (id) => document.getElementById(id);
const state = {chats: new Map(), current: null, person: null, people: [], operators: [], replyTo: 0, refused: [], clock: null, commands: [], unread: new Map(), waiting: new Map(), answered: new Set(), lost: false, listens: true};
let words = WORDS.en;
const word = (name) => words[name] ?? name;
const thread = () => (chat()?.topics.length ? Number($("topic").value) : 0);
const chat = () => state.chats.get(state.current);
const isHere = (one) => !OUT.includes(one.bot_status);

// The server's answer; nothing when it refused or cannot be reached, of which the page has told by then.
async function post(path, body) {
  let response;
  try {
    response = await fetch(`/playground/${path}`, {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({person: state.person, ...body})});
  } catch {
    toast(word("unsent"));
    return null;
  }
  if (response.ok) return response.json();
  toast(await response.text());
  return null;
}

async function say(text) {
  const reason = whyNot();
  if (reason) return toast(reason);
  const answered = state.replyTo;
  const written = $("text").value;
  if (!await post("say", {chat_id: state.current, text, thread_id: thread(), reply_to: answered})) return;
  if (state.replyTo === answered) replyTo(0); // the bot may have asked for another reply by now
  if ($("text").value !== written) return; // somebody writes on while the server takes the message
  $("text").value = "";
  closeMenu();
}

// A press is answered by the bot, sometimes before the server has told its number.
async function press(button, chatId, messageId, data) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  const told = await post("press", {chat_id: chatId, message_id: messageId, data});
  if (!told || state.answered.delete(told.query)) return settle(button);
  state.waiting.set(told.query, button);
  setTimeout(() => { if (state.waiting.delete(told.query)) { settle(button); toast(word("noAnswer")); } }, 15000);
}

const settle = (button) => button.removeAttribute("aria-busy");

function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { $("toast").hidden = true; }, 4000);
}

// --- drawing -------------------------------------------------------------------------------------

const titleOf = (one) => (one.type === "private" ? state.bot.first_name : one.title);

function drawChats() {
  $("chats").replaceChildren(...chatsOfPerson().map((one) => {
    const unread = state.unread.get(one.id);
    const button = element("button", {type: "button", className: "chat", onclick: () => open(one.id)},
      element("span", {className: "avatar", textContent: word(`avatar_${one.type}`)}),
      element("span", {className: "label"}, element("strong", {textContent: titleOf(one)}), element("small", {textContent: (summaryOf([...one.messages.values()].at(-1)) || word(one.type)).slice(0, 60)})),
      ...(unread ? [element("span", {className: "badge", textContent: unread})] : []));
    button.querySelector(".avatar").setAttribute("aria-hidden", "true");
    button.setAttribute("aria-current", String(one.id === state.current));
    return element("li", {}, button);
  }));
}

function drawBar() {
  const one = chat();
  $("chat-title").textContent = titleOf(one);
  $("chat-avatar").textContent = word(`avatar_${one.type}`);
  $("chat-status").textContent = isHere(one) ? word(one.type) : word("gone");
  $("membership").textContent = word(one.type === "private" ? (isHere(one) ? "block" : "unblock") : (isHere(one) ? "kick" : "admit"));
  drawKeyboard();
  drawManage();
  drawBanner();
  const pinned = summaryOf(one.messages.get(one.pinned));
  $("pinned").hidden = !one.pinned;
  $("pinned").textContent = `📌 ${word("pinned")}: ${pinned.slice(0, 80)}`;
  $("pinned").lang = languageOf(pinned);
}

function drawTopics() {
  const one = chat();
  const chosen = $("topic").value;
  $("topic").hidden = !one.topics.length;
  $("topic").setAttribute("aria-label", word("topic"));
  $("topic").replaceChildren(element("option", {value: 0, textContent: word("general")}), ...one.topics.map((t) => element("option", {value: t.id, textContent: t.name})));
  $("topic").value = one.topics.some((t) => String(t.id) === chosen) ? chosen : 0;
}

function drawRefused() {
  $("refused").querySelector("summary").textContent = `${word("refused")} (${state.refused.length})`;
  const rows = state.refused.slice(-50).reverse().map((r) => element("li", {}, element("b", {textContent: `${r.code} ${r.method}`}), " ", r.reason));
  $("refused").querySelector("ul").replaceChildren(...(rows.length ? rows : [element("li", {textContent: word("refusedNone")})]));
}

function drawLabels() {
  document.documentElement.lang = words === WORDS.zh ? "zh" : "en";
  document.title = `${state.bot.first_name} · ${word("playground")}`;
  const texts = {"page-title": document.title, brand: state.bot.first_name, "brand-note": word("playground"), logo: word("avatar_private"), "skip-text": word("skipText"), "skip-messages": word("skipMessages"), "text-label": word("text"), "clock-go": word("go"), "clock-label": word("to"), kept: word("kept")};
  for (const [id, text] of Object.entries(texts)) $(id).textContent = text;
  const labels = {sidebar: "chats", send: "send", commands: "commands", menu: "commands", back: "back"};
  for (const [id, name] of Object.entries(labels)) $(id).setAttribute("aria-label", word(name));
  $("text").placeholder = word("placeholder");
  for (const button of document.querySelectorAll("dialog .done")) button.textContent = word("ok");
  for (const button of document.querySelectorAll("dialog .cancel")) button.textContent = word("cancel");
  for (const button of document.querySelectorAll("[data-language]")) button.setAttribute("aria-pressed", String(WORDS[button.dataset.language] === words));
}

function drawAll() {
  drawLabels(); drawPeople(); drawChats(); drawTopics(); drawMessages(); drawBar(); drawRefused(); drawClock();
  if (!$("menu").hidden) drawMenu();
}

function open(id) {
  state.current = id;
  replyTo(0);
  state.unread.delete(id);
  $("app").dataset.pane = "chat";
  closeMenu();
  drawChats(); drawTopics(); drawBar(); drawMessages();
}

$("composer").onsubmit = (event) => {
  event.preventDefault();
  const chosen = selected()?.dataset.command;
  const text = chosen ? `/${chosen}` : $("text").value.trim();
  if (text) say(text);
};
$("back").onclick = () => { $("app").dataset.pane = "list"; };
$("topic").onchange = () => drawMessages();
$("pinned").onclick = () => { const node = $(`m${chat().pinned}`); node?.scrollIntoView({block: "start"}); node?.focus({preventScroll: true}); };
$("membership").onclick = turnBot;

// The bot is stopped and started in a private chat, removed and added in others.
function turnBot() {
  const one = chat();
  const isPrivate = one.type === "private";
  post("membership", {chat_id: one.id, status: isHere(one) ? (isPrivate ? "kicked" : "left") : (isPrivate ? "member" : "administrator")});
}
