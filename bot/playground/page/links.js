"use strict";
// Links of t.me are followed inside the page: to the bot with a payload, to the chats that something is shared with, or to those that the bot is added to.
function linkTo(node, url) {
  const isLink = /^https?:/.test(url);
  return Object.assign(node, {href: isLink ? url : "#", target: "_blank", rel: "noopener noreferrer", onclick: (event) => { if (isLink && follow(new URL(url))) event.preventDefault(); }});
}

// Whether the page has followed the link itself.
function follow(link) {
  const given = link.searchParams;
  if (link.host !== "t.me") return false;
  if (link.pathname === "/share/url") return share(given.get("url"), given.get("text"));
  if (link.pathname !== `/${state.bot.username}`) return false;
  if (given.has("startchannel")) return add(["channel"], "");
  if (given.has("startgroup")) return add(["group", "supergroup"], given.get("startgroup"));
  if (!given.has("start")) return false;
  open(state.person);
  say(`/start ${given.get("start")}`);
  return true;
}

function share(url, text) {
  return choose(word("shareWith"), chatsOfPerson(), (one) => { open(one.id); say(`${url}\n${text}`); });
}

function add(kinds, payload) {
  const found = chatsOfPerson().filter((one) => kinds.includes(one.type) && MANAGERS.includes(one.members[state.person]));
  return choose(word("pickTitle"), found, async (one) => {
    await post("membership", {chat_id: one.id, status: "administrator"});
    open(one.id);
    if (payload) say(`/start@${state.bot.username} ${payload}`);
  });
}

function choose(title, found, chosen) {
  $("picking").querySelector("h2").textContent = title;
  const rows = found.map((one) => element("button", {type: "button", className: "key", textContent: titleOf(one), onclick: () => { $("picking").close(); chosen(one); }}));
  const note = element("small", {textContent: found.length ? "" : word("pickNone")});
  $("picking").querySelector("div").replaceChildren(...rows, note);
  $("picking").showModal();
  return true;
}
