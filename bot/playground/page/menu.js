"use strict";
// The menu of commands above the text field.
const SCOPES = {private: ["all_private_chats"], group: ["all_chat_administrators", "all_group_chats"], supergroup: ["all_chat_administrators", "all_group_chats"], channel: []};

function commandsHere() {
  const code = words === WORDS.zh ? "zh" : "en";
  for (const scope of [...SCOPES[chat().type], "default"]) {
    for (const language of [code, ""]) {
      const found = state.commands.find((c) => c.scope.type === scope && c.language === language);
      if (found) return found.commands;
    }
  }
  return [];
}

function drawMenu() {
  const typed = $("text").value;
  const found = typed.startsWith("/") ? commandsHere().filter((c) => c.command.startsWith(typed.slice(1).toLowerCase())) : [];
  $("menu").hidden = !found.length;
  $("menu").replaceChildren(...found.map((c, n) => {
    const option = element("button", {type: "button", tabIndex: -1, onclick: () => say(`/${c.command}`)}, element("b", {textContent: `/${c.command}`}), " ", c.description);
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", String(n === 0));
    option.dataset.command = c.command;
    return option;
  }));
}

function closeMenu() { $("menu").hidden = true; }

function moveInMenu(step) {
  const options = [...$("menu").children];
  const at = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  options[at]?.setAttribute("aria-selected", "false");
  const next = options[(at + step + options.length) % options.length];
  next?.setAttribute("aria-selected", "true");
  next?.scrollIntoView({block: "nearest"});
}
