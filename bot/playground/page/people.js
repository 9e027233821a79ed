"use strict";
// Who acts in the page, what each may do, and the keyboard below the text field.
const me = () => state.people.find((one) => one.id === state.person);
const OUT = ["left", "kicked"];
const MANAGERS = ["creator", "administrator"];

function chatsOfPerson() {
  return [...state.chats.values()].filter((one) => !one.moved && (one.type === "private" ? one.id === state.person : one.members[state.person] && !OUT.includes(one.members[state.person])));
}

function drawPeople() {
  $("who").querySelector("span").textContent = word("person");
  $("person").replaceChildren(...state.people.map((one) => element("option", {value: one.id, textContent: state.operators.includes(one.id) ? `${one.first_name} · ${word("operator")}` : one.first_name})));
  $("person").value = state.person;
}

function become(id) {
  state.person = id;
  if (!chatsOfPerson().some((one) => one.id === state.current)) state.current = id;
  drawAll();
}

// --- replies and the keyboard of the bot -----------------------------------------------------------

function replyTo(messageId) {
  state.replyTo = messageId;
  $("replying").hidden = !messageId;
  const message = chat()?.messages.get(messageId);
  $("replying").querySelector("span").textContent = message ? `↩ ${word("replying")}: ${summaryOf(message).slice(0, 60)}` : "";
  $("replying-end").setAttribute("aria-label", word("endReply"));
  if (messageId) $("text").focus();
}

function drawKeyboard() {
  const rows = chat().keyboard;
  $("keyboard").hidden = !rows;
  $("keyboard").replaceChildren(...(rows ?? []).map((row) => element("div", {className: "row"}, ...row.map((key) =>
    element("button", {type: "button", className: "key", textContent: key.text, onclick: () => (key.request_chat ? pick(key.request_chat) : say(key.text))})))));
}

function pick(request) {
  const kinds = request.chat_is_channel ? ["channel"] : ["group", "supergroup"];
  const found = chatsOfPerson().filter((one) => kinds.includes(one.type) && (!request.user_administrator_rights || MANAGERS.includes(one.members[state.person])));
  const rights = Object.entries(request.bot_administrator_rights ?? {}).filter(([, granted]) => granted).map(([name]) => word(name.replace("can_", "right_")));
  $("picking").querySelector("h2").textContent = word("pickTitle");
  const rows = found.map((one) => element("button", {type: "button", className: "key", textContent: one.title, onclick: () => { $("picking").close(); post("act/pick", {chat_id: one.id, request}); }}));
  const note = element("small", {textContent: found.length ? `${word("rights")}: ${rights.join(words === WORDS.zh ? "、" : ", ") || word("noRights")}` : word("pickNone")});
  $("picking").querySelector("div").replaceChildren(...rows, note);
  $("picking").showModal();
}

// --- members and topics ----------------------------------------------------------------------------

function choice(label, value, values, onchange) {
  const select = element("select", {onchange: (event) => onchange(event.target.value)}, ...values.map((one) => element("option", {value: one, textContent: word(one)})));
  select.value = value;
  select.setAttribute("aria-label", label);
  return element("label", {className: "managed"}, element("span", {textContent: label}), select);
}

function drawManage() {
  const one = chat();
  $("manage").hidden = one.type === "private";
  $("membership").classList.toggle("spare", one.type !== "private");
  $("manage").setAttribute("aria-label", word("manage"));
  $("managing").querySelector("h2").textContent = word("manage");
  const bot = choice(word("botHere"), one.bot_status, ["administrator", "member", "restricted", "left", "kicked"], (status) => post("membership", {chat_id: one.id, status}));
  const people = state.people.filter((person) => one.members[person.id] !== "creator").map((person) =>
    choice(person.first_name, one.members[person.id] ?? "left", ["administrator", "member", "left"], (status) => post("act/member", {chat_id: one.id, member: person.id, status})));
  const topics = one.topics.map((topic) => choice(topic.name, topic.closed ? "closed" : "open", ["open", "closed", "deleted"], (to) => post("act/topic", {chat_id: one.id, thread_id: topic.id, state: to})));
  const upgrade = one.type === "group" ? [element("button", {type: "button", className: "key", textContent: word("upgrade"), onclick: () => { $("managing").close(); post("act/upgrade", {chat_id: one.id}); }})] : [];
  $("managing").querySelector("div").replaceChildren(bot, ...people, ...topics, ...upgrade);
}

$("person").onchange = (event) => become(Number(event.target.value));
$("replying-end").onclick = () => replyTo(0);
$("manage").onclick = () => $("managing").showModal();
