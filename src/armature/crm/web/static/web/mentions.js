// Asking for a colleague in a note: after an @ their names are offered; arrows choose, Enter or Tab takes, Escape leaves.
const list = () => document.getElementById("mention-list");
const BEGUN = /(?:^|[^\w@])@([\p{L}\p{N} .-]{0,30})$/u;
let field = null;

function begun() { return field?.value.slice(0, field.selectionStart).match(BEGUN)?.[1] ?? null; }
function offer() {
  const words = begun(), place = list();
  const names = words === null ? [] : [...document.getElementById(field.dataset.mentions).children];
  const found = names.filter((one) => one.textContent.toLowerCase().startsWith(words.toLowerCase())).slice(0, 6);
  place.replaceChildren(...found.map((one) => Object.assign(one.cloneNode(true), { id: `offer-${one.id}` })));
  place.hidden = !found.length;
  if (found.length) choose(place.firstElementChild); else field.removeAttribute("aria-activedescendant");
}
function choose(one) {
  for (const other of list().children) other.setAttribute("aria-selected", String(other === one));
  field.setAttribute("aria-activedescendant", one.id);
}
function take(one) {
  const to = field.selectionStart, from = to - begun().length;
  field.setRangeText(`${one.textContent} `, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
  close();
  field.focus();
}
function close() { list().hidden = true; field?.removeAttribute("aria-activedescendant"); }

document.addEventListener("input", ({ target }) => { if (target.dataset.mentions) { field = target; offer(); } });
document.addEventListener("keydown", (event) => {
  const place = list();
  if (!place || place.hidden || event.target !== field) return;
  const all = [...place.children], at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) choose(all[(at + step + all.length) % all.length]);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.ctrlKey && !event.metaKey) take(all[at]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("mousedown", (event) => {
  const one = event.target.closest("#mention-list li");
  if (one) { event.preventDefault(); take(one); }
});
