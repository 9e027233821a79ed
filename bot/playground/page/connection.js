"use strict";
// What the server tells: its state at first, then each event; and what the page says when nobody answers.
const HANDLERS = {
  message({chat_id, message}) {
    const one = state.chats.get(chat_id);
    const isNew = !one.messages.has(message.message_id);
    one.messages.set(message.message_id, message);
    if (chat_id !== state.current) {
      if (isNew) state.unread.set(chat_id, (state.unread.get(chat_id) ?? 0) + 1);
    } else if (shownIn(message)) {
      showMessage(message, one);
      drawBar();
    }
    drawChats();
  },
  deleted({chat_id, message_id}) {
    state.chats.get(chat_id)?.messages.delete(message_id);
    if (chat_id === state.current) { $(`m${message_id}`)?.remove(); makeStop(bubbles().at(-1)); drawEmpty(); }
    drawChats();
  },
  force_reply({chat_id, message_id}) { if (chat_id === state.current) replyTo(message_id); },
  silent({chat_id, message_id}) { state.chats.get(chat_id)?.silent.push(message_id); },
  chat({chat: shown}) { Object.assign(state.chats.get(shown.id), shown); drawChats(); drawTopics(); drawBar(); drawEmpty(); },
  reload() { load(); },
  commands({commands}) {
    const before = JSON.stringify(commandsHere());
    state.commands = commands;
    if ($("text").value && JSON.stringify(commandsHere()) !== before) drawMenu();
  },
  refused({refused}) { state.refused.push(refused); drawRefused(); },
  action({chat_id, action}) {
    if (chat_id !== state.current) return;
    $("chat-status").textContent = word(action);
    clearTimeout(HANDLERS.timer);
    HANDLERS.timer = setTimeout(drawBar, 3000);
  },
  answered({query, text, show_alert}) {
    const button = state.waiting.get(query);
    if (button) settle(button);
    else state.answered.add(query);
    state.waiting.delete(query);
    if (!text) return;
    if (!show_alert) return toast(text);
    $("alert-text").textContent = text;
    $("alert").showModal();
  },
  clock({clock, listens}) {
    state.clock = clock;
    drawClock();
    if (listens !== undefined && listens !== state.listens) { state.listens = listens; drawBanner(); }
  },
  moving({now, sent}) {
    state.clock = {...state.clock, now, moving: true};
    $("clock-moving").querySelector("span").textContent = `${word("moving")} · ${word("sent")} ${sent}`;
    drawClock();
  },
};

function showMessage(message, one) {
  const old = $(`m${message.message_id}`);
  if (old) {
    const node = bubble(message, one);
    replaceMessage(old, node);
    unfoldShort(node);
    return;
  }
  const node = appendMessage(message, one);
  drawEmpty();
  unfoldShort(node);
  reveal(node);
}

// --- what is missing: the server, the bot, or the bot in this chat ------------------------------------

// Why nothing can be sent here; nothing when it can.
function whyNot() {
  const one = chat();
  if (state.lost) return word("lost");
  if (one.type === "private" && !isHere(one)) return word("blockedNote");
  return one.type === "channel" && !MANAGERS.includes(one.members[state.person]) ? word("memberNote") : "";
}

function drawBanner() {
  const one = chat();
  const isAway = !isHere(one);
  const reason = whyNot();
  const text = reason || (state.listens ? (isAway ? word("goneNote") : "") : word("absent"));
  if ($("banner").querySelector("span").textContent !== text) $("banner").querySelector("span").textContent = text;
  $("banner").hidden = !text;
  const remedy = $("banner").querySelector("button");
  remedy.hidden = state.lost || !isAway;
  remedy.textContent = word(one.type === "private" ? "unblock" : "admit");
  $("send").disabled = Boolean(reason);
  $("send").title = reason;
}

function setLost(lost) {
  state.lost = lost;
  if (chat()) drawBanner();
}

// --- the beginning, and each time the server is there again ------------------------------------------

// The language that was chosen in this browser, else the browser's own.
function wantedLanguage() {
  const chosen = localStorage.getItem("language");
  if (chosen in WORDS) return chosen;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

// What is told while a state is on its way may be newer than that state: it is taken in after it.
const early = [];
let loading = 0;

function hear(told) {
  if (loading) early.push(told);
  else HANDLERS[told.type]?.(told);
}

async function load() {
  loading += 1;
  try {
    const told = await fetch("/playground/state").then((answer) => answer.json()).catch(() => null);
    if (told) take(told);
    else setLost(true);
  } finally {
    loading -= 1;
    while (!loading && early.length) hear(early.shift());
  }
}

function take(told) {
  const {bot, people, operators, commands, refused, clock, listens} = told;
  Object.assign(state, {bot, people, operators, commands, refused, clock, listens, lost: false});
  state.chats = new Map(told.chats.map((one) => [one.id, {...one, messages: new Map(one.messages.map((m) => [m.message_id, m]))}]));
  words = WORDS[told.language];
  if (!people.some((one) => one.id === state.person)) state.person = people[0].id;
  if (!chatsOfPerson().some((one) => one.id === state.current)) state.current = state.chats.get(state.current)?.moved ? [...state.chats.keys()].at(-1) : state.person;
  drawAll();
}

function listen() {
  const events = new EventSource("/playground/events");
  events.onmessage = (event) => hear(JSON.parse(event.data));
  events.onerror = () => setLost(true);
  events.onopen = load; // only from here on is nothing missed
}

$("banner").querySelector("button").onclick = turnBot;
for (const button of document.querySelectorAll("[data-language]")) {
  button.onclick = () => {
    localStorage.setItem("language", button.dataset.language);
    post("language", {language: button.dataset.language});
  };
}

// only when every script of the page is there
addEventListener("DOMContentLoaded", async () => {
  await post("language", {language: wantedLanguage()});
  listen();
  if (matchMedia("(pointer: fine)").matches) $("text").focus({preventScroll: true});
});
