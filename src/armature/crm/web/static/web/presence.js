// Who else is at which case: this screen asks every few seconds while it is looked at, and says where it is itself.
const find = (what) => document.querySelector(what);
let typed = 0, last = "";

document.addEventListener("input", ({ target }) => { if (target.closest("#composer")) typed = Date.now(); });
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.id !== "presence") return;
  const here = find("#middle")?.dataset.case ?? "";
  detail.parameters = Object.assign(detail.parameters, { case: here, left: last, writing: Date.now() - typed < 4000 ? "1" : "" });
  last = here;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "presence" && document.hidden) event.preventDefault();
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.requestConfig.elt.id !== "presence" || detail.xhr.status !== 200) return;
  detail.shouldSwap = false;
  show(new DOMParser().parseFromString(detail.serverResponse, "text/html"));
});

function show(page) {
  const at = new Map([...page.querySelectorAll("[data-at]")].map((one) => [one.dataset.at, one]));
  put(find("#here"), at.get(find("#middle")?.dataset.case));
  for (const row of document.querySelectorAll("[data-here]")) put(row, at.get(row.dataset.here));
}

// Only what differs is written, so that a screen reader hears of each change once.
function put(place, who) {
  if (!place) return;
  const words = who?.textContent.trim() ?? "";
  if (place.textContent.trim() === words && place.querySelectorAll(".writes").length === (who?.querySelectorAll(".writes").length ?? 0)) return;
  place.replaceChildren(...(who ? [...who.children].map((one) => document.importNode(one, true)) : []));
}
