// The command palette: everything by its name. What cannot be done on this page now is not offered.
const box = () => document.getElementById("palette");
const all = () => [...document.querySelectorAll("#palette-list li")];
const possible = (one) => !one.dataset.press || one.dataset.press.startsWith("key:") || document.querySelector(one.dataset.press);
let came = null;

function open() {
  came = document.activeElement;
  const words = document.getElementById("palette-words");
  words.value = "";
  offer();
  box().showModal();
  words.focus();
}
function offer() {
  const wanted = document.getElementById("palette-words").value.toLowerCase().split(/\s+/).filter(Boolean);
  let any = false;
  for (const one of all()) {
    const words = one.textContent.toLowerCase();
    one.hidden = !(wanted.every((part) => words.includes(part)) && possible(one));
    any ||= !one.hidden;
  }
  document.getElementById("palette-none").hidden = any;
  choose(all().find((one) => !one.hidden));
}
function choose(one) {
  for (const other of all()) other.setAttribute("aria-selected", String(other === one));
  const words = document.getElementById("palette-words");
  if (one) { words.setAttribute("aria-activedescendant", one.id); one.scrollIntoView({ block: "nearest" }); } else words.removeAttribute("aria-activedescendant");
}
function take(one) {
  if (!one) return;
  box().close();
  came?.focus?.();
  const { press, go } = one.dataset;
  if (go) location.assign(go);
  else if (press.startsWith("key:")) {
    document.activeElement.blur();
    document.body.dispatchEvent(new CustomEvent("deed", { bubbles: true, detail: press.slice(4) }));
  } else {
    const found = document.querySelector(press);
    if (found.matches("input, textarea")) found.focus(); else found.click();
  }
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open();
    return;
  }
  if (!box().open) return;
  const shown = all().filter((one) => !one.hidden), at = shown.findIndex((one) => one.getAttribute("aria-selected") === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && shown.length) choose(shown[(at + step + shown.length) % shown.length]);
  else if (event.key === "Enter") take(shown[at]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("input", ({ target }) => { if (target.id === "palette-words") offer(); });
document.addEventListener("click", (event) => {
  const one = event.target.closest("#palette-list li");
  if (one) take(one);
  if (event.target.closest("[data-open=palette]")) open();
  if (event.target === box()) box().close();
});
