// The composer: two modes that cannot be mistaken, words that are never lost, the channel's limit as one writes.
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
  if (unit === "bytes") return new TextEncoder().encode(text).length;
  return unit === "graphemes" ? [...new Intl.Segmenter().segment(text)].length : [...text].length;
}

// What may be sent now, and why not.
export function ready() {
  const offline = document.body.hasAttribute("data-offline");
  for (const form of all("#composer form")) {
    const text = form.querySelector("[data-most]"), count = form.querySelector("[data-count]");
    const length = text ? size(text.value, text.dataset.unit) : 0, over = text && length > Number(text.dataset.most);
    if (text && count) {
      count.textContent = `${length} of ${text.dataset.most} ${text.dataset.unit}`;
      count.classList.toggle("over", over);
    }
    for (const button of all("button", form)) button.disabled = offline || Boolean(over && button.hasAttribute("data-send"));
    const why = form.querySelector("[data-why-not]");
    if (why) why.textContent = offline ? "No connection: sending waits." : over ? "Too long for this channel." : "";
  }
}

export function wroteAgain(who) {
  const form = document.querySelector("#mode-reply form.compose");
  if (!form || !form.elements.text.value.trim()) return;
  document.getElementById("notice").textContent = `${who} wrote again while you write. Read it before you send; your text is kept.`;
}
