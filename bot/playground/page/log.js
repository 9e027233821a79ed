"use strict";
// The messages of a chat: days between them, where the view stands, and the keyboard among them.
const FOCUSABLE = "button, a[href], summary, .wide";

// What answers somebody comes within so many seconds of the clock.
const ANSWER_WITHIN = 60;

const shownIn = (message) => !thread() || (message.message_thread_id ?? 0) === thread();
const bubbles = () => [...$("messages").querySelectorAll("article")];

function drawMessages() {
  const one = chat();
  const log = $("messages");
  log.setAttribute("aria-label", word("messagesHelp"));
  log.replaceChildren();
  for (const message of one.messages.values()) if (shownIn(message)) appendMessage(message, one);
  drawEmpty();
  unfoldShort(log);
  reveal(bubbles().at(-1));
}

function appendMessage(message, one) {
  const log = $("messages");
  const sent = new Date(message.date * 1000).toISOString();
  const day = dayOf(sent);
  const before = [...log.querySelectorAll(".day")].at(-1);
  if (before?.dataset.day !== day) {
    const separator = element("p", {className: "day", textContent: shownAs(sent, {weekday: "long", day: "numeric", month: "long", year: "numeric"})});
    separator.dataset.day = day;
    log.append(separator);
  }
  const node = bubble(message, one);
  log.append(node);
  makeStop(node);
  return node;
}

// An empty chat says what can be done in it.
function drawEmpty() {
  const one = chat();
  const log = $("messages");
  log.querySelector(".empty")?.remove();
  const isTried = one.type === "channel" && isHere(one) && MANAGERS.includes(one.members[state.person]);
  const hasPosts = bubbles().some((node) => !node.classList.contains("service") && node.querySelector("img"));
  if (isTried ? hasPosts : bubbles().length) return;
  const card = element("div", {className: "empty"});
  if (!bubbles().length) card.append(element("p", {textContent: word("empty")}));
  if (isTried) card.append(trial(), ...(bubbles().length ? [] : [element("p", {textContent: word("channelNote")})]));
  else if (isHere(one)) card.append(element("p", {textContent: word("begin")}), element("button", {type: "button", className: "key strong", textContent: `${word("start")} · /start`, onclick: () => say("/start")}));
  log.append(card);
}

// A quote of three lines or fewer needs no folding.
function unfoldShort(node) {
  for (const quote of node.querySelectorAll(".foldable")) {
    const folded = quote.querySelector(".folded");
    if (folded.scrollHeight <= folded.clientHeight + 2) quote.classList.add("short");
  }
}

// An answer that is taller than the pane is read from its beginning: the first message after one's own.
function reveal(node) {
  const log = $("messages");
  if (!node) return;
  const start = beginningOf(node);
  const isTall = log.scrollHeight - (start.offsetTop - log.offsetTop) > log.clientHeight;
  log.scrollTop = isTall ? start.offsetTop - log.offsetTop - 10 : log.scrollHeight;
}

function beginningOf(node) {
  const all = bubbles();
  const asked = all.findLastIndex((one) => one.dataset.mine);
  const start = all[asked + 1];
  const isAnswer = asked >= 0 && start && Number(node.dataset.date) - Number(all[asked].dataset.date) < ANSWER_WITHIN;
  return isAnswer ? start : node;
}

// --- the keyboard: all messages are one stop of the Tab key ----------------------------------------------

function oneStop(node) {
  node.tabIndex = -1;
  for (const control of node.querySelectorAll(FOCUSABLE)) control.tabIndex = -1;
}

function makeStop(node) {
  for (const other of $("messages").querySelectorAll('article[tabindex="0"]')) other.tabIndex = -1;
  if (node) node.tabIndex = 0;
}

// An edited message takes the place of the old one, and the focus with it.
function replaceMessage(old, node) {
  const controls = [...old.querySelectorAll(FOCUSABLE)];
  const at = controls.indexOf(document.activeElement);
  const isStop = old.tabIndex === 0;
  const isFocused = old === document.activeElement;
  old.replaceWith(node);
  if (isStop) makeStop(node);
  if (at >= 0) ([...node.querySelectorAll(FOCUSABLE)][at] ?? node).focus({preventScroll: true});
  else if (isFocused) node.focus({preventScroll: true});
}

function walk(event) {
  const here = event.target.closest("article");
  if (!here) return;
  const all = bubbles();
  const controls = [...here.querySelectorAll(FOCUSABLE)].filter((one) => one.offsetParent);
  const at = controls.indexOf(event.target);
  const to = {
    ArrowUp: () => all[all.indexOf(here) - 1],
    ArrowDown: () => all[all.indexOf(here) + 1],
    Home: () => all[0],
    End: () => all.at(-1),
    ArrowRight: () => controls[at + 1],
    ArrowLeft: () => (at > 0 ? controls[at - 1] : here),
    Escape: () => here,
  }[event.key]?.();
  if (!to) return;
  event.preventDefault();
  makeStop(to.closest("article"));
  to.focus();
}

$("messages").onkeydown = walk;
$("messages").addEventListener("focusin", (event) => { const node = event.target.closest("article"); if (node) makeStop(node); });
$("skip-messages").onclick = (event) => { event.preventDefault(); ($("messages").querySelector('article[tabindex="0"]') ?? $("messages").querySelector("button"))?.focus(); };
$("skip-text").onclick = (event) => { event.preventDefault(); $("text").focus(); };
