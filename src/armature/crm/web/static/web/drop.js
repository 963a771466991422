// A file that is dropped anywhere on the page goes into the form; the picker and the keyboard do the same.
const zone = document.querySelector("[data-drop]"), field = zone?.querySelector("input[type=file]");

function named() { zone.querySelector("[data-name]").textContent = [...field.files].map((file) => file.name).join(", "); }

if (zone) {
  for (const kind of ["dragenter", "dragover"]) document.addEventListener(kind, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) zone.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    zone.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(event.dataTransfer.files[0]);
    field.files = one.files;
    named();
    field.form.requestSubmit();
  });
  field.addEventListener("change", named);
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
