"use strict";
// The menu of commands above the text field: a combobox with a list.
const SCOPES = {private: ["all_private_chats"], group: ["all_chat_administrators", "all_group_chats"], supergroup: ["all_chat_administrators", "all_group_chats"], channel: []};

function commandsHere() {
  const code = words === WORDS.zh ? "zh" : "en";
  const types = [...SCOPES[chat().type], "default"];
  const scopes = [(scope) => scope.type === "chat" && scope.chat_id === state.current, ...types.map((type) => (scope) => scope.type === type)];
  for (const fits of scopes) {
    for (const language of [code, ""]) {
      const found = state.commands.find((one) => fits(one.scope) && one.language === language);
      if (found) return found.commands;
    }
  }
  return [];
}

function drawMenu() {
  const typed = $("text").value;
  const found = typed.startsWith("/") ? commandsHere().filter((c) => c.command.startsWith(typed.slice(1).toLowerCase())) : [];
  $("menu").replaceChildren(...found.map((c, n) => {
    const option = element("div", {id: `option-${n}`, className: "option", onclick: () => say(`/${c.command}`)}, element("b", {textContent: `/${c.command}`}), " ", element("span", {textContent: c.description}));
    option.setAttribute("role", "option");
    option.dataset.command = c.command;
    return option;
  }));
  showMenu(found.length > 0);
  select(0);
}

function showMenu(open) {
  $("menu").hidden = !open;
  for (const id of ["text", "commands"]) $(id).setAttribute("aria-expanded", String(open));
  if (!open) $("text").removeAttribute("aria-activedescendant");
}

const closeMenu = () => showMenu(false);
const selected = () => ($("menu").hidden ? null : $("menu").querySelector('[aria-selected="true"]'));

function select(index) {
  const options = [...$("menu").children];
  for (const [n, option] of options.entries()) option.setAttribute("aria-selected", String(n === index));
  const chosen = options[index];
  if (!chosen || $("menu").hidden) return;
  $("text").setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({block: "nearest"});
}

function moveInMenu(step) {
  const options = [...$("menu").children];
  select((options.indexOf(selected()) + step + options.length) % options.length);
}

$("text").oninput = drawMenu;
$("text").onkeydown = (event) => {
  if (event.key === "Escape") closeMenu();
  if ($("menu").hidden) return;
  if (event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    $("text").value = `/${selected().dataset.command} `;
    closeMenu();
  } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    moveInMenu(event.key === "ArrowDown" ? 1 : -1);
  }
};
$("commands").onclick = () => {
  const open = !$("menu").hidden;
  $("text").value = open ? "" : "/";
  $("text").focus();
  drawMenu();
};
