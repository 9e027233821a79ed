"use strict";
// Messages as bubbles: text with entities, pictures, inline keyboards. Text only ever enters as text nodes.
const TAGS = {bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", spoiler: "span", text_link: "a", blockquote: "blockquote", expandable_blockquote: "blockquote", bot_command: "button"};

function element(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

// Entities are offsets in UTF-16 units, which is how JavaScript counts as well.
function formatted(text, entities = []) {
  const commands = [...text.matchAll(/(?<![\w/])\/[a-z0-9_]{1,32}(?!\w)/g)].map((m) => ({type: "bot_command", offset: m.index, length: m[0].length}));
  const links = [...text.matchAll(/https?:\/\/\S+/g)].map((m) => ({type: "text_link", url: m[0], offset: m.index, length: m[0].length}));
  const own = [...commands, ...links].filter((c) => !entities.some((e) => ["code", "text_link", "bot_command"].includes(e.type) && e.offset <= c.offset && c.offset < e.offset + e.length));
  const sorted = [...entities, ...own].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const [nodes] = spread(text, 0, text.length, sorted);
  // the line break that ends a quote or a block is its own
  return nodes.map((node, n) => (typeof node === "string" && ["BLOCKQUOTE", "PRE"].includes(nodes[n - 1]?.tagName) ? node.replace(/^\n/, "") : node));
}

function spread(text, start, end, entities) {
  const nodes = [];
  let cursor = start;
  let rest = entities;
  while (rest.length && rest[0].offset < end) {
    const entity = rest[0];
    if (entity.offset > cursor) nodes.push(text.slice(cursor, entity.offset));
    const from = Math.max(entity.offset, cursor);
    const to = Math.min(entity.offset + entity.length, end);
    const [inner, left] = spread(text, from, to, rest.slice(1));
    if (to > from) nodes.push(wrapped(entity, text.slice(from, to), inner));
    cursor = Math.max(cursor, to);
    rest = left;
  }
  if (cursor < end) nodes.push(text.slice(cursor, end));
  return [nodes, rest];
}

function wrapped(entity, text, inner) {
  const node = element(TAGS[entity.type] || "span", {}, ...inner);
  if (entity.type === "text_link") linkTo(node, entity.url);
  if (entity.type === "spoiler") { node.className = "spoiler"; node.onclick = () => node.classList.add("shown"); }
  if (entity.type === "bot_command") Object.assign(node, {type: "button", className: "command", onclick: () => say(text)});
  if (entity.type === "expandable_blockquote") foldable(node);
  return node;
}

// Three lines are shown; the button stands outside what is cut, so that it is cut between lines.
function foldable(node) {
  node.classList.add("foldable");
  const folded = element("div", {className: "folded"}, ...node.childNodes);
  const toggle = element("button", {type: "button", className: "fold", textContent: "⌄"});
  toggle.setAttribute("aria-label", word("fold"));
  toggle.setAttribute("aria-expanded", "false");
  toggle.onclick = () => toggle.setAttribute("aria-expanded", String(node.classList.toggle("open")));
  node.append(folded, toggle);
}

// A text in which most letters are Chinese; a Chinese name in an English one leaves it English.
const HAN = /\p{Script=Han}/gu;
const WORDS_OF_LATIN = /\p{Script=Latin}+/gu;
const countOf = (text, sort) => (text.match(sort) ?? []).length;
const languageOf = (text) => (countOf(text, HAN) > countOf(text, WORDS_OF_LATIN) ? "zh" : "en");

// What a message is called in the list of chats, the pinned line and quotations.
const pollText = (poll) => (poll ? [poll.question, ...poll.options.map((option) => `○ ${option.text}`)].join("\n") : "");
const summaryOf = (message) => (message ? serviceText(message) || message.text || message.caption || richSummary(message) || (message.photo ? word("picture") : "") : "");

function serviceText(message) {
  if (message.pinned_message) return `📌 ${word("pinnedOne")(summaryOf(message.pinned_message).slice(0, 40))}`;
  if (message.chat_shared) return `✓ ${word("shared")(message.chat_shared.title ?? "")}`;
  if (message.forum_topic_closed) return word("topicClosed");
  if (message.forum_topic_reopened) return word("topicReopened");
  return message.migrate_to_chat_id ? word("upgraded") : "";
}

// The picture's place is kept before it is there, so that nothing moves when it comes.
function photo(sizes, alt) {
  const {file_id: id, width, height} = sizes.at(-1);
  return element("img", {src: `/playground/photo/${id}`, alt, width, height});
}

function bubble(message, chat) {
  const mine = message.from && message.from.id === state.person;
  const service = serviceText(message);
  const node = element("article", {className: `bubble${mine ? " mine" : ""}${message.rich_message ? " page" : ""}${service ? " service" : ""}`, id: `m${message.message_id}`}, content(message, chat, mine, service));
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard) node.append(inlineKeyboard(keyboard, message, chat));
  node.dataset.date = message.date;
  node.dataset.mine = mine ? "1" : "";
  oneStop(node);
  return node;
}

function content(message, chat, mine, service) {
  const node = element("div", {className: "content", lang: languageOf(summaryOf(message))});
  if (message.photo) node.append(photo(message.photo, message.caption || word("picture")));
  if (message.rich_message) node.append(richMessage(message, chat));
  if (message.from && !message.from.is_bot && !mine) node.append(element("strong", {className: "author", textContent: message.from.first_name}));
  if (message.reply_to_message) node.append(element("small", {className: "quoted", textContent: `↩ ${summaryOf(message.reply_to_message).slice(0, 40)}`}));
  if (message.document) node.append(element("a", {href: `/playground/photo/${message.document.file_id}`, download: "", textContent: `📄 ${message.document.file_size} B`}));
  const text = service || message.text || pollText(message.poll) || message.caption;
  if (text) node.append(element("div", {className: "text"}, ...formatted(text, service ? [] : message.entities || message.caption_entities)));
  if (service) return node;
  node.append(marks(message, chat));
  const reply = element("button", {type: "button", className: "reply", textContent: "↩", onclick: () => replyTo(message.message_id)});
  reply.setAttribute("aria-label", word("reply"));
  node.append(reply);
  return node;
}

function marks(message, chat) {
  const sent = new Date(message.date * 1000).toISOString();
  const time = element("time", {dateTime: sent, title: moment(sent), textContent: shownAs(sent, {month: "short", day: "numeric", hour: "2-digit", minute: "2-digit"})});
  const silent = chat.silent.includes(message.message_id) ? [`🔕 ${word("silent")} · `] : [];
  return element("small", {className: "time", lang: document.documentElement.lang}, ...silent, ...(message.edit_date ? [`${word("edited")} · `] : []), time);
}

function inlineKeyboard(rows, message, chat) {
  const keyboard = element("div", {className: "keyboard"});
  for (const row of rows) {
    const line = element("div", {className: "row"});
    for (const button of row) {
      if (button.url) line.append(linkTo(element("a", {className: "key", textContent: `${button.text} ↗`}), button.url));
      else line.append(element("button", {type: "button", className: "key", textContent: button.text, onclick: (event) => press(event.currentTarget, chat.id, message.message_id, button.callback_data)}));
    }
    keyboard.append(line);
  }
  return keyboard;
}
