"use strict";
// The bot's clock: the page tells the time in the zone that the server names.
const zone = () => state.clock?.zone;
const shownAs = (iso, options) => new Date(iso).toLocaleString(words.locale, {timeZone: zone(), ...options});
const moment = (iso) => shownAs(iso, {year: "numeric", month: "short", day: "numeric", weekday: "short", hour: "2-digit", minute: "2-digit"});
const dayAndMonth = (iso) => shownAs(iso, {month: "long", day: "numeric"});
const dayOf = (iso) => new Date(iso).toLocaleDateString("en-CA", {timeZone: zone()});
const localMinute = (iso) => new Date(iso).toLocaleString("sv-SE", {timeZone: zone()}).slice(0, 16).replace(" ", "T");

// A day of the calendar, whatever zone the browser is in.
const nameOfDay = (day) => new Date(`${day}T12:00:00Z`).toLocaleDateString(words.locale, {timeZone: "UTC", month: "long", day: "numeric"});

function quickMoves() {
  const {now, next_post: due, busiest} = state.clock;
  return [
    [word("day"), () => new Date(new Date(now).getTime() + 86400000).toISOString()],
    ...(due ? [[word("next"), () => due]] : []),
    ...(busiest ? [[nameOfDay(busiest.day), () => `${busiest.day}T12:00`]] : []),
    [word("today"), () => new Date().toISOString()],
  ];
}

function drawClock() {
  $("clock").hidden = !state.clock;
  if (!state.clock) return;
  const {now, next_post: due, moving} = state.clock;
  $("clock-title").textContent = word("clock");
  $("clock-title").title = zone();
  $("clock-now").textContent = moment(now);
  $("clock-due").textContent = `${word("due")}: ${due ? moment(due) : word("none")}`;
  if (!drawClock.edited) $("clock-to").value = localMinute(now);
  drawQuick();
  $("clock-moving").hidden = !moving;
  for (const control of document.querySelectorAll("#clock button, #clock input, .try button")) control.disabled = Boolean(moving);
}

// The buttons stay the same nodes while their words do: who is on one with the keyboard stays there.
function drawQuick() {
  const moves = quickMoves();
  const shown = [...$("clock-quick").children];
  if (shown.map((button) => button.textContent).join() === moves.map(([label]) => label).join()) return;
  $("clock-quick").replaceChildren(...moves.map(([label], n) => element("button", {type: "button", textContent: label, onclick: () => moveClock(quickMoves()[n][1]())})));
}

async function moveClock(to) {
  state.clock.moving = true;
  drawClock.edited = false;
  $("clock-moving").querySelector("span").textContent = word("moving");
  drawClock();
  if (!await post("clock", {to})) { state.clock.moving = false; drawClock(); }
}

// What the channel offers to try, before anything was posted in it.
function trial() {
  const {busiest, next_post: due} = state.clock ?? {};
  const card = element("div", {className: "try"}, element("strong", {textContent: word("tryTitle")}), element("p", {textContent: word("tryText")}));
  if (busiest) {
    const day = nameOfDay(busiest.day);
    card.append(element("p", {textContent: word("tryDay")(day, busiest.milestones)}), element("button", {type: "button", className: "key strong", textContent: word("tryGo")(day), onclick: () => moveClock(`${busiest.day}T12:00`)}));
  }
  if (due) card.append(element("button", {type: "button", className: "key", textContent: word("tryNext")(dayAndMonth(due)), onclick: () => moveClock(due)}));
  return card;
}

$("clock-to").oninput = () => { drawClock.edited = true; };
$("clock-form").onsubmit = (event) => { event.preventDefault(); moveClock($("clock-to").value); };
