// The menus over a case: the first field has the focus, Escape closes and gives it back, a click beside closes.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches?.(".menu") || !target.open) return;
  target.querySelector(".sheet :is(input:not([type=hidden]), select, textarea, button)")?.focus();
}, true);
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(".menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
  event.preventDefault();
});
document.addEventListener("click", ({ target }) => {
  for (const menu of document.querySelectorAll(".menu[open]")) if (!menu.contains(target)) menu.open = false;
});
