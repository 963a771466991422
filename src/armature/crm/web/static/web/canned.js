// Canned responses: a slash at the beginning of a word asks for them, arrows choose, Enter takes, Escape leaves.
const ASKED = /(^|\s)\/([\w-]*)$/;
const box = () => document.getElementById("canned");
const choices = () => [...(box()?.querySelectorAll("[data-insert]") ?? [])];
const text = () => document.querySelector("#compose [name=text]");

function asked(field) {
  return field.value.slice(0, field.selectionStart).match(ASKED);
}

let last = null;
function look(field) {
  const found = asked(field);
  if (!found) { last = null; return box()?.replaceChildren(); }
  if (found[2] === last) return undefined;
  last = found[2];
  const address = `/case/${field.form.dataset.case}/canned?words=${encodeURIComponent(last)}`;
  return htmx.ajax("GET", address, { target: "#canned", swap: "innerHTML" });
}

function insert(choice) {
  const field = text(), found = asked(field), at = field.selectionStart;
  const from = found ? at - found[2].length - 1 : at;
  field.setRangeText(choice.dataset.insert, from, at, "end");
  box().replaceChildren();
  last = null;
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function move(step) {
  const all = choices(), at = all.findIndex((one) => one.ariaSelected === "true");
  const next = all[(at + step + all.length) % all.length];
  for (const one of all) one.ariaSelected = String(one === next);
  next.scrollIntoView({ block: "nearest" });
}

function press(event) {
  if (event.target !== text() || !choices().length || event.ctrlKey || event.metaKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") move(event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" || event.key === "Tab") insert(choices().find((one) => one.ariaSelected === "true"));
  else if (event.key === "Escape") box().replaceChildren();
  else return;
  event.preventDefault();
}

export function canned() {
  document.addEventListener("input", ({ target }) => { if (target === text()) look(target); });
  document.addEventListener("keydown", press, true);
  document.addEventListener("click", ({ target }) => {
    const choice = target.closest("[data-insert]"), button = target.closest("[data-canned]");
    if (choice) insert(choice);
    if (!button) return;
    const field = text(), blank = /(^|\s)$/.test(field.value.slice(0, field.selectionStart));
    field.focus();
    field.setRangeText(blank ? "/" : " /", field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
