// Choosing cases for bulk work: by box, by x, with Shift a whole range; or all that match. The server does the rest.
const find = (what) => document.querySelector(what);
const boxes = () => [...document.querySelectorAll("#rows .pick-row input")];
const picked = () => boxes().filter((box) => box.checked);
let last = null;

function pick(box, range) {
  const all = boxes(), from = all.indexOf(last), to = all.indexOf(box);
  if (range && from >= 0) for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) one.checked = box.checked;
  last = box;
  show();
}
function show() {
  const count = picked().length, all = find("#bulk-all")?.checked;
  find("#bulk-bar").hidden = !count;
  find("#bulk-count").textContent = count;
  find("#list").classList.toggle("picking", count > 0);
  const words = find("#bulk [data-picked]");
  if (words) words.textContent = all ? "" : find("#bulk-words").textContent.trim();
}
function clear() {
  for (const box of boxes()) box.checked = false;
  if (find("#bulk-all")) find("#bulk-all").checked = false;
  show();
}

document.addEventListener("click", (event) => {
  const box = event.target.closest(".pick-row input");
  if (box) pick(box, event.shiftKey);
  if (event.target.closest("#bulk-clear")) clear();
  if (event.target.closest("#bulk-do")) find("#bulk").showModal();
});
document.addEventListener("deed", ({ detail }) => {
  if (!String(detail).startsWith("x")) return;
  const row = document.activeElement.closest("#rows .row") ?? find("#rows .row[aria-current]") ?? find("#rows .row");
  const box = row?.parentElement.querySelector(".pick-row input");
  if (!box) return;
  box.checked = detail === "x range" ? true : !box.checked;
  pick(box, detail === "x range");
});
document.addEventListener("change", ({ target }) => { if (target.id === "bulk-all") show(); });
// What is being done is shown where it was asked for; then nothing is chosen any more.
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.id === "bulk-choices" && find("#bulk #job")) clear();
  if (target.id === "bulk-choices" || target.id === "rows") show();
});
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id !== "bulk-form") return;
  detail.parameters.cases = picked().map((box) => box.value).join(",");
  detail.parameters.all = find("#bulk-all").checked ? "1" : "";
});
