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
  const own = commands.filter((c) => !entities.some((e) => ["code", "text_link"].includes(e.type) && e.offset <= c.offset && c.offset < e.offset + e.length));
  const sorted = [...entities, ...own].sort((a, b) => a.offset - b.offset || b.length - a.length);
  const [nodes] = spread(text, 0, text.length, sorted);
  // the line break that ends a quote is the quote's own
  return nodes.map((node, n) => (typeof node === "string" && nodes[n - 1]?.tagName === "BLOCKQUOTE" ? node.replace(/^\n/, "") : node));
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
  if (entity.type === "text_link") Object.assign(node, {href: /^https?:/.test(entity.url) ? entity.url : "#", target: "_blank", rel: "noopener noreferrer"});
  if (entity.type === "spoiler") { node.className = "spoiler"; node.onclick = () => node.classList.add("shown"); }
  if (entity.type === "bot_command") Object.assign(node, {type: "button", className: "command", onclick: () => say(text)});
  if (entity.type === "expandable_blockquote") foldable(node);
  return node;
}

function foldable(node) {
  node.classList.add("foldable");
  const toggle = element("button", {type: "button", className: "fold", textContent: "⌄"});
  toggle.setAttribute("aria-expanded", "false");
  toggle.onclick = () => { const open = node.classList.toggle("open"); toggle.setAttribute("aria-expanded", String(open)); };
  node.append(toggle);
}

function bubble(message, chat, silent) {
  const mine = message.from && message.from.id === state.person;
  const content = element("div", {className: "content"});
  if (message.photo) content.append(element("img", {src: `/playground/photo/${message.photo.at(-1).file_id}`, alt: message.caption || "", loading: "lazy"}));
  if (message.rich_message) content.append(richMessage(message, chat));
  if (message.from && !message.from.is_bot && !mine) content.append(element("strong", {className: "author", textContent: message.from.first_name}));
  if (message.reply_to_message) content.append(element("small", {className: "quoted", textContent: `↩ ${(message.reply_to_message.text ?? "").slice(0, 40)}`}));
  const text = message.text ?? message.caption ?? (message.chat_shared ? `✓ ${message.chat_shared.title ?? ""}` : "");
  if (text) content.append(element("div", {className: "text"}, ...formatted(text, message.entities || message.caption_entities)));
  const time = new Date(message.date * 1000).toLocaleTimeString(words.locale, {timeZone: ZONE, hour: "2-digit", minute: "2-digit"});
  const marks = [silent ? `🔕 ${word("silent")}` : "", message.edit_date ? word("edited") : "", time].filter(Boolean).join(" · ");
  content.append(element("small", {className: "time", textContent: marks}));
  const reply = element("button", {type: "button", className: "reply", textContent: "↩", onclick: () => replyTo(message.message_id)});
  reply.setAttribute("aria-label", word("reply"));
  content.append(reply);
  const node = element("article", {className: `bubble${mine ? " mine" : ""}${message.rich_message ? " page" : ""}`, id: `m${message.message_id}`}, content);
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard) node.append(inlineKeyboard(keyboard, message, chat));
  return node;
}

function inlineKeyboard(rows, message, chat) {
  const keyboard = element("div", {className: "keyboard"});
  for (const row of rows) {
    const line = element("div", {className: "row"});
    for (const button of row) {
      if (button.url) line.append(element("a", {className: "key", href: button.url, target: "_blank", rel: "noopener noreferrer", textContent: `${button.text} ↗`}));
      else line.append(element("button", {type: "button", className: "key", textContent: button.text, onclick: (event) => press(event.currentTarget, chat.id, message.message_id, button.callback_data)}));
    }
    keyboard.append(line);
  }
  return keyboard;
}
