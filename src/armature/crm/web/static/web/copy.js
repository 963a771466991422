// A button that copies what stands in a field; where the browser cannot, it stays hidden and the field is marked by hand.
for (const button of navigator.clipboard ? document.querySelectorAll("button[data-copy]") : []) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  });
}
