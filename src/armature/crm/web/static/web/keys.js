// Single keys for those who do this all day: never while somebody writes, and off for whoever switches them off.
import { mode } from "./compose.js";
import { say, settleList } from "./desk.js";

let place = 0;
const rows = () => [...document.querySelectorAll("#rows .row")];
const sheet = () => document.getElementById("keys");
const typing = (target) => target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && target.type !== "checkbox");
const wanted = () => document.body.dataset.singleKeys !== "off" && localStorage.getItem("single-keys") !== "off";

// Where the open row stands in the list, kept for when it leaves it.
export function stood() {
  const at = rows().findIndex((row) => row.getAttribute("aria-current") === "true");
  if (at >= 0) place = at;
}

// The row that is open, else the one that has the focus; when it has left the list, the place where it stood.
function move(step) {
  stood();
  settleList();
  const list = rows(), focused = list.indexOf(document.activeElement);
  const here = list.findIndex((row) => row.getAttribute("aria-current") === "true");
  const at = here >= 0 ? here : focused;
  place = at >= 0 ? at + step : Math.min(place, list.length - 1);
  place = Math.max(0, Math.min(list.length - 1, place));
  list[place]?.focus();
  list[place]?.click();
}

function correct() {
  const list = document.querySelector(".correct");
  if (!list) return;
  list.closest(".why").checkVisibility() || document.body.classList.add("show-why");
  list.open = true;
  list.querySelector(".choice").focus();
}

// Deeds of other modules: they hear of it, whether by key or from the palette.
function chosen(deed, event) { document.body.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: event?.shiftKey ? `${deed} range` : deed })); }

const act = {
  c: correct, j: () => move(1), k: () => move(-1), x: (event) => chosen("x", event), X: (event) => chosen("x", event), r: () => mode("reply"), n: () => mode("note"), "?": () => sheet().showModal(),
};

function choose(event) {
  const choices = [...document.querySelectorAll(".correct .choice")], at = choices.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") {
    const list = document.querySelector(".correct");
    list.open = false;
    (list.querySelector("summary") ?? document.getElementById("why")).focus();
  } else if (step) choices[(at + step + choices.length) % choices.length].focus();
  else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const from = [...choices.slice(at + 1), ...choices.slice(0, at + 1)];
    from.find((one) => one.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else return;
  event.preventDefault();
}

function press(event) {
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
    const form = event.target.closest?.("form");
    form?.querySelector("[data-send], [hx-post*=send-back]")?.click();
  } else if (document.activeElement.closest(".correct .choices")) choose(event);
  else if (!event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target) && wanted()) {
    const named = (what) => document.querySelector(`[${what}="${CSS.escape(event.key)}"]`);
    const button = named("data-key"), field = named("data-focus"), why = named("data-no-key");
    const doing = button ? () => button.click() : field ? () => field.focus() : act[event.key] ?? (why && (() => say(why.textContent)));
    if (doing) { event.preventDefault(); doing(event); }
  }
}

export function keys() {
  const box = document.getElementById("single-keys");
  box.checked = wanted();
  box.addEventListener("change", () => localStorage.setItem("single-keys", box.checked ? "on" : "off"));
  document.addEventListener("DOMContentLoaded", () => {  // then htmx knows the page, and all modules are there
    const early = document.earlyKeys();
    document.addEventListener("keydown", press);
    for (const event of early) press(event);
  });
  document.addEventListener("click", ({ target }) => {
    const row = target.closest("#rows .row");
    if (row) place = rows().indexOf(row);
    if (target.closest("[data-open=keys]")) sheet().showModal();
  });
  document.addEventListener("deed", ({ detail }) => { if (detail !== "x" && detail !== "x range") act[detail]?.(); });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "correct" && event.target.open) event.target.querySelector(".choice").focus();
  }, true);
}
