// Moving through the moments of a decision: the slider shows its moment when it is let go. Without this there is a button.
const form = document.getElementById("moments");
form?.addEventListener("change", (event) => {
  if (event.target.id === "moment" || event.target.id === "said") {
    if (event.target.id === "said") form.querySelector("#moment")?.removeAttribute("name");
    form.requestSubmit();
  }
});
