// Logging what was said: what is typed stays in this browser until it was sent, and is sent when the network is back.
const form = document.getElementById("log"), state = document.getElementById("log-state");
const place = `log:${form.dataset.user}`, FIELDS = ["kind", "text", "name", "handle", "said_at", "subject", "reporter", "brand"];
const photos = new Map();  // of what waits, by key: only as long as this page is open
const AGAIN = 15000;
let busy = false, touched = false, asking = 0;

function kept() { try { return JSON.parse(localStorage.getItem(place)) ?? {}; } catch { return {}; } }
function keep(what) { try { localStorage.setItem(place, JSON.stringify({ ...kept(), ...what })); } catch { tell(gettext("This browser keeps nothing: do not close the page before it is sent."), "problem"); } }
function tell(words, sort) { state.replaceChildren(...(words ? [Object.assign(document.createElement("p"), { textContent: words, className: sort })] : [])); }

function sender() { return form.querySelector("[name=sender]:checked"); }
function typed() {
  const given = new FormData(form), one = sender();
  const found = Object.fromEntries(FIELDS.map((field) => [field, given.get(field) ?? ""]));
  return { ...found, key: form.key.value, now: touched ? "" : "1", sender: one?.value ?? "0", known: one?.dataset.name ?? "" };
}
function put(draft) {
  for (const field of FIELDS) if (draft[field] !== undefined && form.elements[field] && (field !== "said_at" || !draft.now)) form.elements[field].value = draft[field];
  form.key.value = draft.key;
  touched = !draft.now;
  if (Number(draft.sender)) choose(draft.sender, draft.known || draft.name);
}
function choose(number, name) {
  const label = document.createElement("label"), input = document.createElement("input"), words = document.createElement("span");
  Object.assign(label, { className: "person" });
  Object.assign(input, { type: "radio", name: "sender", value: number, checked: true });
  input.dataset.name = name;
  words.textContent = name;
  label.append(input, words);
  document.getElementById("log-people").replaceChildren(label);
}
function empty() {
  form.reset();
  form.key.value = crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`;
  touched = false;
  document.getElementById("log-people").replaceChildren();
  problems({});
  keep({ draft: null });
  form.text.focus();
}
function problems(found) {
  for (const one of form.querySelectorAll(".problem[data-for]")) {
    one.textContent = found[one.dataset.for] ?? "";
    one.hidden = !found[one.dataset.for];
    const field = document.getElementById(one.dataset.for);
    if (one.hidden) field?.removeAttribute("aria-invalid"); else field?.setAttribute("aria-invalid", "true");
  }
  const first = form.querySelector(".problem[data-for]:not([hidden])");
  if (!first) return;
  first.closest("details")?.setAttribute("open", "");
  (document.getElementById(first.dataset.for) ?? form.querySelector("[name=kind]")).focus();
}

// Sent, refused with words for its fields, or neither: then it stays.
async function send(one) {
  const given = new FormData();
  for (const [field, value] of Object.entries(one)) if (field !== "known") given.set(field, value);
  for (const photo of photos.get(one.key) ?? []) given.append("photo", photo);
  given.set("csrfmiddlewaretoken", form.csrfmiddlewaretoken.value);
  let answer;
  try { answer = await fetch(location.pathname, { method: "POST", body: given, headers: { "X-Typed": "1" }, redirect: "manual", signal: AbortSignal.timeout(60000) }); } catch { return { gone: true }; }
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) return { out: true };
  if (answer.status === 422 || answer.ok) try { return await answer.json(); } catch { return { gone: true }; }
  return { gone: true };
}
function waits() { return kept().waiting ?? []; }
function told() {
  const count = waits().length;
  if (count) tell(interpolate(gettext("No network. What you logged is kept here and sent when it is back: %s"), [count]), "warning");
}

async function flush() {
  if (busy || !waits().length) return;
  busy = true;
  let sent = 0;
  for (const one of waits()) {
    const answer = await send(one);
    if (answer.out) { tell(gettext("You are logged out. What you typed is kept here: log in again in another tab, then come back."), "problem"); break; }
    if (answer.gone) { told(); break; }
    keep({ waiting: waits().filter((other) => other.key !== one.key) });
    if (answer.problems) { put(one); keep({ draft: one }); problems(answer.problems); break; }
    photos.delete(one.key);
    sent += 1;
    tell(answer.said, "success");
  }
  busy = false;
  if (sent && waits().length) told();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (busy) return;
  const one = { ...typed(), pressed_at: String(Date.now()) };
  problems({});
  tell("");
  photos.set(one.key, [...form.photo.files]);
  busy = true;
  document.getElementById("log-it").disabled = true;
  const answer = await send(one);
  busy = false;
  document.getElementById("log-it").disabled = false;
  if (answer.problems) { problems(answer.problems); return; }
  if (answer.out) { keep({ draft: one }); tell(gettext("You are logged out. What you typed is kept here: log in again in another tab, then come back."), "problem"); return; }
  if (answer.gone) keep({ waiting: [...waits().filter((other) => other.key !== one.key), one] });
  else photos.delete(one.key);
  empty();
  if (answer.gone) told(); else { tell(answer.said, "success"); flush(); }
});
form.addEventListener("input", (event) => {
  if (event.target.name === "said_at") touched = true;
  if (event.target.name === "name") look(event.target);
  if (event.target.name !== "photo") keep({ draft: typed() });
});
form.addEventListener("change", ({ target }) => {
  if (target.name === "sender") { if (target.dataset.name) form.elements.name.value = target.dataset.name; keep({ draft: typed() }); }
});

// People while one types: the last question counts, and whoever was chosen stays until another is.
function look(field) {
  clearTimeout(asking);
  asking = setTimeout(async () => {
    const asked = field.value;
    try {
      const answer = await fetch(`${field.dataset.people}?q=${encodeURIComponent(asked)}`, { redirect: "manual" });
      if (answer.ok && field.value === asked) document.getElementById("log-people").innerHTML = await answer.text();
    } catch { document.getElementById("log-people").replaceChildren(); }
  }, 250);
}

if (!form.hasAttribute("data-refused") && kept().draft?.text) { put(kept().draft); tell(gettext("What you typed before is here again; photos have to be taken once more."), "warning"); }
addEventListener("online", flush);
setInterval(flush, AGAIN);
told();
flush();
