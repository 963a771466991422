// Labelling by keyboard: the next message stands there before the server has answered; what failed comes back.
const asks = () => [...document.querySelectorAll("#asks .ask")];
const now = () => asks().find((ask) => !ask.hidden);
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const wanted = () => document.body.dataset.singleKeys !== "off" && localStorage.getItem("single-keys") !== "off";

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target) || !wanted()) return;
  if (event.key === "Enter" && event.target.closest("a, button")) return;
  const key = CSS.escape(event.key), button = now()?.querySelector(`[data-key="${key}"]`) ?? document.querySelector(`#labelled [data-key="${key}"]`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

document.addEventListener("keydown", press);
// Two answers of the server may bring the same message when somebody is faster than it: the second one goes.
const seen = new Set(asks().map((ask) => ask.dataset.number));
new MutationObserver((changes) => {
  for (const ask of changes.flatMap((change) => [...change.addedNodes])) {
    if (!ask.dataset?.number) continue;
    if (seen.has(ask.dataset.number)) ask.remove();
    else seen.add(ask.dataset.number);
  }
}).observe(document.getElementById("asks"), { childList: true });
document.addEventListener("htmx:configRequest", ({ detail }) => {
  detail.parameters.here = [...seen].slice(-40).join(",");
  detail.parameters.left = asks().filter((ask) => !ask.hidden && !ask.contains(detail.elt)).length;
});
document.addEventListener("submit", ({ target }) => {
  const ask = target.closest(".ask");
  if (!ask) return;
  ask.hidden = true;
  now()?.querySelector("h2").focus({ preventScroll: true });
  scrollTo({ top: 0 });
});
for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failed, ({ detail }) => { const ask = detail.elt.closest(".ask"); if (ask) ask.hidden = false; });
}
