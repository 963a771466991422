// The composer: two modes that cannot be mistaken, words that are never lost, the channel's limit as one writes.
import { parts } from "./parts.js";
const all = (what, within = document) => [...within.querySelectorAll(what)];

export function mode(which) {
  const tab = document.getElementById(`tab-${which}`);
  if (!tab) return;
  for (const other of all(".tab")) {
    document.getElementById(`mode-${other.dataset.mode}`).hidden = other !== tab;
    if (other === tab) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
  }
  if (tab.href !== location.href) history.replaceState(history.state, "", tab.href);
  document.querySelector(`#mode-${which} textarea, #mode-${which} input[name=reason]`)?.focus();
}

// Under whose name and for which case the browser keeps unsent words until the server has them.
const key = (field) => `words ${document.body.dataset.user} ${document.getElementById("middle").dataset.case} ${field.dataset.keep}`;

export const keep = (field) => sessionStorage.setItem(key(field), field.value);
export function forget(field) {
  if (sessionStorage.getItem(key(field)) === field.value) sessionStorage.removeItem(key(field));
}
export function forgetAll() {
  Object.keys(sessionStorage).filter((name) => name.startsWith("words ")).forEach((name) => sessionStorage.removeItem(name));
}
// A page load has a name of its own: what it saved itself it may save over, what another window saved it may not.
const TAB = crypto.randomUUID?.() ?? String(Math.random());

export function restore() {
  for (const field of all("[data-keep]")) {
    const words = sessionStorage.getItem(key(field));
    if (words !== null && words !== field.value) {
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
  ready();
}

function size(text, unit) {
  if (unit === "parts") return parts(text);
  if (unit === "bytes") return new TextEncoder().encode(text).length;
  return unit === "graphemes" ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}

// Who reads it, on everything that says so: the colour, the tab, the button.
function audience() {
  const chosen = document.querySelector("#compose [name=audience]:checked");
  if (!chosen) return;
  const composer = document.getElementById("composer");
  composer.classList.toggle("public", chosen.dataset.look === "public");
  composer.classList.toggle("private", chosen.dataset.look === "private");
  composer.querySelector("[data-tab]").textContent = chosen.dataset.tabWords;
  const button = composer.querySelector("#compose [data-send]");
  if (button) button.textContent = chosen.dataset.button;
}

function counted(form) {
  let over = false;
  for (const text of all("[data-most]", form)) {
    const most = Number(text.dataset.most), length = most && text.checkVisibility() ? size(text.value, text.dataset.unit) : 0;
    const count = text.name === "text" && form.querySelector("[data-count]");
    if (count && most) {
      count.textContent = `${length} / ${most} ${text.dataset.unitWords}`;
      count.classList.toggle("over", length > most);
    }
    over ||= most > 0 && length > most;
  }
  return over;
}

// What may be sent now, and why not.
export function ready() {
  const offline = document.body.hasAttribute("data-offline");
  for (const tab of all("#compose [name=tab]")) tab.value = TAB;
  audience();
  for (const form of all("#composer form")) {
    const over = counted(form);
    for (const button of all("button", form)) button.disabled = offline || (over && button.hasAttribute("data-send"));
    const why = form.querySelector("[data-why-not]");
    if (why) why.textContent = offline ? gettext("No connection: sending waits.") : over ? gettext("Too long for this channel.") : "";
  }
}

// The server has these words now: what another window writes over them is seen as a difference from here on.
export function saved(sent) {
  const text = document.querySelector("#compose [name=text]");
  if (text && sent !== undefined) text.defaultValue = String(sent);
}

export function wroteAgain(who) {
  const form = document.querySelector("#mode-reply form.compose");
  if (!form || !form.elements.text.value.trim()) return;
  const words = gettext("%(who)s wrote again while you write. Read it before you send; your text is kept.");
  document.getElementById("notice").textContent = interpolate(words, { who }, true);
}

// Two windows wrote different words: whoever sits here says which are right.
function decide({ target }) {
  const mine = target.closest("[data-mine]"), theirs = target.closest("[data-theirs]"), form = document.getElementById("compose");
  if (!form || !(mine || theirs)) return;
  form.elements.version.value = mine ? mine.dataset.mine : theirs.dataset.theirs;
  if (theirs) {
    form.elements.text.value = theirs.dataset.words;
    form.elements.private_text.value = theirs.dataset.private;
  }
  document.getElementById("kept").replaceChildren();
  form.elements.text.focus();
  form.elements.text.dispatchEvent(new Event("input", { bubbles: true }));
}

function later({ target }) {
  const choice = target.closest("[data-at]"), field = document.querySelector("#compose [name=send_at]");
  if (!choice || !field) return;
  field.value = choice.dataset.at;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

// Files that are dropped on the composer or pasted into it go the way of those that are chosen.
function take(event, files) {
  const input = document.querySelector("#compose input[type=file]");
  if (!input || !files?.length || !event.target.closest?.("#composer")) return;
  event.preventDefault();
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function countDown() {
  for (const place of all("[data-until]")) {
    const left = Math.ceil((new Date(place.dataset.until) - Date.now()) / 1000);
    place.textContent = left > 0 && left < 120 ? interpolate(gettext("(%s s)"), [left]) : "";
  }
}

export function compose() {
  document.addEventListener("click", (event) => { decide(event); later(event); });
  document.addEventListener("change", ({ target }) => { if (target.name === "audience") ready(); });
  document.addEventListener("dragover", (event) => { if (event.target.closest?.("#compose") && event.dataTransfer.types.includes("Files")) event.preventDefault(); });
  document.addEventListener("drop", (event) => take(event, event.dataTransfer?.files));
  document.addEventListener("paste", (event) => take(event, event.clipboardData?.files));
  setInterval(countDown, 500);
}
