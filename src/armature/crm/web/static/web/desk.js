// One page that is always true: it asks again when the server says that something changed, and says so in words when
// something does not work. htmx does the asking; what comes back is merged, so that nobody is disturbed.
import { canned } from "./canned.js";
import { compose, forget, forgetAll, keep, mode, ready, restore, saved, wroteAgain } from "./compose.js";
import { keys, stood } from "./keys.js";
import { merge } from "./merge.js";
import { withRows } from "./rows.js";
import { listen } from "./stream.js";

const find = (what) => document.querySelector(what);
const WORDS = {
  403: gettext("You may not do this, or your log-in has changed: reload the page. What you wrote is kept."),
  404: gettext("This case has gone to another team, or it is not yours to see. What you wrote is kept."),
  413: gettext("That is too much text for one message. What you wrote is kept."),
  500: gettext("Something broke on our side. What you wrote is kept."),
  503: gettext("The database did not answer. It may have been done all the same: look before you do it again. What you wrote is kept."),
};

let quiet;
export function say(words) {
  const toast = find("#toast");
  toast.textContent = words;
  clearTimeout(quiet);
  quiet = setTimeout(() => { toast.textContent = ""; }, 8000);
}

function mark() {
  for (const row of document.querySelectorAll("#rows .row")) {
    if (new URL(row.href).pathname === location.pathname) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

// A list that would move under somebody's pointer or keys waits, and says so; not for whoever has just done something
// themselves and has not pointed at it since. A row that was clicked keeps the focus, but its clicker left with the pointer.
let later = null, acted = -Infinity, pointed = 0;
const mine = () => performance.now() - acted < 2000, byKeys = () => Boolean(find("#list :focus-visible"));
function held() {
  const under = find("#list").matches(":hover");
  return mine() ? under && pointed > acted : under || byKeys();
}
export function settleList() {
  if (!later) return;
  const then = later;
  later = null;
  find("#news")?.remove();
  show("list", then);
}
function jumps(then) {
  const now = [...document.querySelectorAll("#rows .row")].map((row) => row.id);
  const next = [...then.querySelectorAll(".row")].map((row) => row.id);
  return now.some((id, at) => next[at] !== id);
}
function takeList(then) {
  const list = find("#list");
  if (!jumps(then) || !held()) { later = null; find("#news")?.remove(); return show("list", then); }
  later = then;
  for (const row of then.querySelectorAll(".row")) { const now = document.getElementById(row.id); if (now) merge(now, row); }
  mark();
  if (find("#news")) return;
  const words = gettext("The list has changed: show it");
  list.append(Object.assign(document.createElement("button"), { type: "button", className: "news", id: "news", textContent: words }));
}
function show(id, then) {
  const now = document.getElementById(id), before = now.scrollTop;
  if (id === "list") { stood(); merge(now.querySelector("header"), then.querySelector("header")); merge(find("#rows"), then.querySelector("#rows")); mark(); } else merge(now, then);
  now.scrollTop = before;
  htmx.process(now);
}

function take(reply) {
  const page = new DOMParser().parseFromString(reply, "text/html");
  const list = page.getElementById("list"), middle = page.getElementById("middle");
  const rail = page.getElementById("rail");
  if (rail) show("rail", rail);
  if (list) takeList(list);
  if (middle && middle.dataset.case === find("#middle").dataset.case) takeCase(page, middle);
}
function takeCase(page, middle) {
  const thread = find("#thread"), atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 40;
  const news = middle.dataset.last !== find("#middle").dataset.last;
  const notice = find("#notice").textContent;
  for (const id of ["middle", "why", "watch"]) show(id, page.getElementById(id));
  if (notice) find("#notice").textContent = notice;
  if (atEnd) find("#thread").scrollTop = find("#thread").scrollHeight;
  if (news) {
    const who = page.querySelector("#person h2").textContent;
    find("#heard").textContent = interpolate(gettext("New message from %s."), [who]);
    wroteAgain(who);
  }
  ready();
}

// Where somebody went on writing while the answer to something else was on its way: they stay there.
let busyWith = null;
function elsewhere(asked) {
  const field = document.activeElement;
  if (!field.dataset?.keep || field.form === asked.closest("form")) return null;
  return { id: field.id, from: field.selectionStart, to: field.selectionEnd, mode: field.closest(".mode").id.slice(5) };
}
function stay() {
  const field = busyWith && document.getElementById(busyWith.id);
  // Done: the keys are for the case again, not for the field that was sent.
  if (!field && document.activeElement.closest("#composer") && find("#composer .success")) find("#middle").focus();
  if (!field) return;
  mode(busyWith.mode);
  field.setSelectionRange(busyWith.from, busyWith.to);
}

function opened() {
  mark();
  find("#rows [aria-current]")?.scrollIntoView({ block: "nearest" });
  const thread = find("#thread");
  if (thread) { thread.scrollTop = thread.scrollHeight; restore(); }
}

// The open case asks at once when it changed. Rows come with the word itself, then only the counts are asked for. What
// is asked for may wait a little when many have the desk open, but not for whoever has just done something themselves.
// While a deed of one's own is on its way nothing is asked: its answer brings the case, and what one opens then stays open.
// What changed while a case was on its way here may not be in what comes: then it is asked for once more.
let soon = 0, asked = 0, wanted = "", doing = 0, missed = false, meanwhile = null;
function changed({ cases, rows, spread }) {
  for (const number of cases ?? [0]) meanwhile?.add(number);
  if (!cases || cases.includes(Number(find("#middle")?.dataset.case))) {
    if (doing && performance.now() - acted < 10_000) missed = true;
    else htmx.trigger(document.body, "case-changed");
  }
  const list = withRows(later ?? find("#list"), rows);
  if (list) takeList(list);
  wanted = wanted === "list" || mine() || !cases?.every((number) => rows[number]) ? "list" : "rail";
  if (soon) return;
  const rest = mine() ? 0 : Math.max(Math.random() * spread, asked + spread - performance.now());
  soon = setTimeout(ask, rest);
}
function ask() {
  asked = performance.now();
  htmx.trigger(document.body, `${wanted}-changed`);
  soon = 0;
  wanted = "";
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id === "watch-list") detail.parameters.shown = String(document.querySelectorAll("#rows .row").length);
  if (detail.elt.id === "watch" && find(".earlier")) detail.parameters.earlier = new URLSearchParams(location.search).get("earlier") ?? "";
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asked = detail.requestConfig.elt.id, kept = detail.requestConfig.kept;
  if (kept && detail.xhr.status < 300) { forget(kept); if (asked === "keeper") saved(detail.requestConfig.parameters.text); }
  if (detail.target.id === "case") busyWith = elsewhere(detail.requestConfig.elt);
  if (!["watch", "watch-list", "watch-rail"].includes(asked) || detail.xhr.status !== 200) return;
  detail.shouldSwap = false;
  take(detail.serverResponse);
});
const isDeed = ({ requestConfig, elt }) => requestConfig.verb === "post" && elt.id !== "presence" && elt.id !== "keeper";
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (!isDeed(detail)) return;
  doing = Math.max(0, doing - 1);
  if (missed && !doing) { missed = false; htmx.trigger(document.body, "case-changed"); }
});
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (isDeed(detail)) { acted = performance.now(); doing += 1; }
  if (detail.requestConfig.verb === "get" && detail.target?.id === "case") meanwhile = new Set();
  const text = detail.requestConfig.verb === "post" && detail.elt.closest("form")?.querySelector("[data-keep]");
  if (text) detail.requestConfig.kept = text;
});
document.addEventListener("htmx:afterSwap", ({ target }) => { if (target.id === "case") { document.body.classList.remove("show-why"); opened(); stay(); } });
document.addEventListener("htmx:afterSettle", ({ target }) => {  // not before: then what asks for it hears nothing yet
  if (target.id !== "case" || !meanwhile) return;
  const late = meanwhile;
  meanwhile = null;
  if (late.has(0) || late.has(Number(find("#middle")?.dataset.case))) htmx.trigger(document.body, "case-changed");
});
document.addEventListener("htmx:historyRestore", opened);
document.addEventListener("htmx:responseError", ({ detail }) => {
  const status = detail.xhr.status, kept = detail.requestConfig.kept;
  if (detail.xhr.getResponseHeader("Armature-Done")) {
    if (kept) forget(kept);
    htmx.trigger(document.body, "case-changed");
    return say(gettext("It is done; only the answer did not come. This page is brought up to date."));
  }
  say(`${WORDS[status] ?? WORDS[status >= 500 ? 500 : 403]} (${status})`);
});
for (const name of ["htmx:sendError", "htmx:timeout"]) document.addEventListener(name, ({ detail }) => {
  if (detail.requestConfig?.verb === "post") say(gettext("The server does not answer. What you wrote is kept; try again when the connection is back."));
});
document.addEventListener("input", ({ target }) => { if (target.dataset.keep) keep(target); if (target.form?.closest("#composer")) ready(); });
document.addEventListener("submit", ({ target }) => { if (target.hasAttribute("data-leave")) { forgetAll(); localStorage.removeItem(`log:${document.body.dataset.user}`); } });
document.addEventListener("click", (event) => {
  const tab = event.target.closest(".tab"), toggle = event.target.closest("[data-toggle=why]");
  if (tab) { event.preventDefault(); mode(tab.dataset.mode); }
  if (toggle) {
    event.preventDefault();
    (document.body.classList.toggle("show-why") ? find("#why") : find("#middle")).focus();
  }
  if (event.target.id === "news") settleList();
});
find("#list").addEventListener("pointermove", () => { pointed = performance.now(); });
find("#list").addEventListener("pointerleave", () => { if (!byKeys()) settleList(); });

keys();
compose();
canned();
opened();
listen(find("#watch-list").dataset.live, changed, () => ready());
