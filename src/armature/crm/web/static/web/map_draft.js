// Drawing by keyboard: the focus goes to the step that was changed, and what changed is said once the page stands.
const place = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (place && !document.querySelector("[autofocus]")) place.focus();
for (const said of document.querySelectorAll("main > [role=status]")) {
  const words = said.textContent;
  said.textContent = "";
  setTimeout(() => { said.textContent = words; }, 150);
}
