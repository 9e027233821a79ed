"use strict";
// Rich messages: blocks and formatted text as the Bot API describes them. Text only ever enters as text nodes.
const RICH_TAGS = {bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", marked: "mark", subscript: "sub", superscript: "sup", spoiler: "span", anchor: "a", reference: "span"};

function richMessage(message, chat) {
  const page = {id: (name) => `m${message.message_id}-${name}`, message, chat};
  return element("div", {className: "rich"}, ...message.rich_message.blocks.map((block) => richBlock(block, page)));
}

function richBlock(block, page) {
  const text = (given) => richText(given, page);
  const blocks = () => block.blocks.map((inner) => richBlock(inner, page));
  const make = {
    paragraph: () => element("p", {}, ...text(block.text)),
    heading: () => element(`h${block.size}`, {}, ...text(block.text)),
    pre: () => element("pre", {}, ...text(block.text)),
    footer: () => element("footer", {}, ...text(block.text)),
    divider: () => element("hr"),
    list: () => richList(block, page),
    blockquote: () => element("blockquote", {}, ...blocks()),
    details: () => element("details", {open: Boolean(block.is_open)}, element("summary", {}, ...text(block.summary)), ...blocks()),
    table: () => richTable(block, page),
    photo: () => richPhoto(block, page),
    buttons: () => element("div", {className: "row"}, ...block.buttons.map((button) => richButton(button, page))),
  };
  return make[block.type]();
}

function richList(block, page) {
  const list = element(block.items.every((item) => item.value) ? "ol" : "ul", {});
  list.append(...block.items.map((item) => {
    const node = element("li", {}, ...item.blocks.map((inner) => richBlock(inner, page)));
    if (item.value) node.value = item.value;
    return node;
  }));
  return list;
}

// A wide table scrolls by itself, as it does on a phone.
function richTable(block, page) {
  const rows = block.cells.map((cells) => element("tr", {}, ...cells.map((cell) => {
    const node = element(cell.is_header ? "th" : "td", {colSpan: cell.colspan ?? 1, rowSpan: cell.rowspan ?? 1}, ...richText(cell.text ?? "", page));
    node.style.textAlign = cell.align;
    return node;
  })));
  const kinds = ["bordered", "striped", "compact"].filter((kind) => block[`is_${kind}`]);
  const table = element("table", {className: kinds.join(" ")}, element("tbody", {}, ...rows));
  if (block.caption) table.prepend(element("caption", {}, ...richText(block.caption, page)));
  return element("div", {className: "wide", tabIndex: 0}, table);
}

function richPhoto(block, page) {
  const caption = block.caption ? richText(block.caption.text, page) : [];
  const alt = caption.map((part) => part.textContent ?? part).join("");
  return element("figure", {}, photo(block.photo, alt), ...(caption.length ? [element("figcaption", {}, ...caption)] : []));
}

function richText(text, page) {
  if (typeof text === "string") return text ? formatted(text) : [];
  if (Array.isArray(text)) return text.flatMap((part) => richText(part, page));
  if (text.type === "code" && typeof text.text === "string") return [element("code", {textContent: text.text})];
  if (text.type === "button") return [richButton(text.button, page)];
  const inner = text.text === undefined ? [] : richText(text.text, page);
  if (text.type === "url") return [linkTo(element("a", {}, ...inner), text.url)];
  const target = text.reference_name ?? text.anchor_name;
  if (target !== undefined) return [jump(target, inner, page)];
  const node = element(RICH_TAGS[text.type] ?? "span", {}, ...inner);
  if (text.name) node.id = page.id(text.name);
  if (text.type === "spoiler") { node.className = "spoiler"; node.onclick = () => node.classList.add("shown"); }
  return [node];
}

// A footnote's number brings its note into view, opens what it is folded into, and marks it.
function jump(name, inner, page) {
  const node = element("a", {href: `#${page.id(name)}`, className: "jump"}, ...inner);
  node.onclick = (event) => {
    event.preventDefault();
    const target = $(page.id(name));
    for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target?.scrollIntoView({block: "center"});
    target?.classList.remove("found");
    requestAnimationFrame(() => target?.classList.add("found"));
  };
  return node;
}

function richButton(button, page) {
  const label = richText(button.text, page);
  if (button.url) return linkTo(element("a", {className: "key"}, ...label, " ↗"), button.url);
  return element("button", {type: "button", className: "key", onclick: (event) => press(event.currentTarget, page.chat.id, page.message.message_id, button.callback_data)}, ...label);
}

// The first words of a message, for the list of chats and the pinned line.
function richSummary(message) {
  const words_ = (text) => (typeof text === "string" ? text : Array.isArray(text) ? text.map(words_).join("") : words_(text.text ?? ""));
  const first = message?.rich_message?.blocks.find((block) => block.text);
  return first ? words_(first.text) : "";
}
