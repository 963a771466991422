// The grid of rules by keyboard: cells open in a dialog, each change is answered with the grid as it reads then.
const grid = () => document.getElementById("grid"), dialog = document.getElementById("cell-dialog");
const PART = { headers: { "HX-Request": "true" } };
let busy = false;

function at(cell) {
  const rows = [...grid().querySelectorAll("tbody tr")], row = cell.closest("tr");
  return { rows, row, y: rows.indexOf(row), x: [...row.querySelectorAll(".cell")].indexOf(cell) };
}
function go(cell, dy, dx) {
  const { rows, y, x } = at(cell), row = rows[Math.min(Math.max(0, y + dy), rows.length - 1)];
  const cells = row.querySelectorAll(".cell");
  const next = cells[Math.min(Math.max(0, x + dx), cells.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
function back(place) {
  if (!place) return;
  const row = [...grid().querySelectorAll("tbody tr")].find((one) => one.dataset.row === place.row) ?? grid().querySelector("tbody tr");
  const cells = [...(row?.querySelectorAll(".cell") ?? [])];
  (cells.find((one) => one.dataset.field === place.field && one.dataset.fills === place.fills) ?? cells[0])?.focus();
}
function place(cell) { return cell && { row: cell.closest("tr").dataset.row, field: cell.dataset.field, fills: cell.dataset.fills }; }

async function send(address, body, then) {
  if (busy) return;
  busy = true;
  try {
    const answer = await fetch(address, { method: "POST", body, ...PART });
    if (answer.headers.get("HX-Redirect")) { location.assign(answer.headers.get("HX-Redirect")); return; }
    const words = await answer.text();
    const page = new DOMParser().parseFromString(words, "text/html").getElementById("grid");
    if (!page) { location.reload(); return; }
    grid().replaceWith(page);
    const revision = page.querySelector("input[name=revision]").value;
    for (const one of document.querySelectorAll("input[name=revision]")) one.value = revision;
    for (const one of document.querySelectorAll(".on-maps")) one.remove(); // said of the draft as it was
    dialog.close();
    back(then);
  } catch {
    grid().querySelector("#grid-said").textContent = gettext("The server cannot be reached. Nothing was changed.");
  } finally { busy = false; }
}
function form(deed, more = {}) {
  const body = new FormData(grid().querySelector("form"));
  body.set("do", deed);
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  return body;
}
const deed = (words, then, more) => send(grid().dataset.change, form(words, more), then);

async function open(cell) {
  const answer = await fetch(cell.href, PART);
  if (!answer.ok) { location.assign(cell.href); return; }
  dialog.innerHTML = await answer.text();
  dialog.opened = place(cell);
  dialog.showModal();
  dialog.querySelector("fieldset :is(input:not([type=hidden]), select, textarea)")?.focus();
}

document.addEventListener("click", (event) => {
  const cell = event.target.closest("#grid .cell");
  if (cell && !event.ctrlKey && !event.metaKey && !event.shiftKey) { event.preventDefault(); open(cell); }
  if (event.target.closest("#cell-dialog [data-close]")) { event.preventDefault(); dialog.close(); }
});
dialog.addEventListener("close", () => back(dialog.opened));
document.addEventListener("submit", (event) => {
  const { target, submitter } = event;
  if (target.closest("#cell-dialog")) { event.preventDefault(); send(target.action, new FormData(target), dialog.opened); }
  else if (target.closest("#grid")) {
    event.preventDefault();
    const cell = submitter?.closest("tr")?.querySelector(".cell");
    deed(submitter?.value ?? "", place(cell));
  }
});
document.addEventListener("keydown", (event) => {
  if (dialog.open || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const cell = event.target.closest?.("#grid .cell"), command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "z") { event.preventDefault(); deed("undo", place(cell)); return; }
  if (!cell) return;
  const row = cell.closest("tr").dataset.row, rtl = document.dir === "rtl" ? -1 : 1;
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -rtl], ArrowRight: [0, rtl] }[event.key];
  if (event.altKey && step?.[0]) deed(`${step[0] < 0 ? "up" : "down"} ${row}`, place(cell));
  else if (step && !event.altKey && !command) go(cell, ...step);
  else if (command && event.key.toLowerCase() === "d") deed(`double ${row}`, place(cell));
  else return;
  event.preventDefault();
});
document.addEventListener("paste", (event) => {
  const cell = event.target.closest?.("#grid .cell") ?? document.activeElement?.closest?.("#grid .cell");
  const text = event.clipboardData?.getData("text/plain");
  if (!cell || !text || dialog.open) return;
  event.preventDefault();
  const from = place(cell);
  deed("paste", from, { text, row: from.row, field: from.field, fills: from.fills ?? "" });
});
