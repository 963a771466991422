// A customer's page: hears when something changed, asks for the words again, says when the connection is gone.
const words = document.getElementById("words");

if (words) {
  const lost = document.getElementById("lost");
  const open = () => {
    const stream = new EventSource(words.dataset.live);
    stream.addEventListener("hello", () => { lost.hidden = true; htmx.trigger(words, "changed"); });
    stream.addEventListener("changed", () => htmx.trigger(words, "changed"));
    stream.onerror = () => {
      lost.hidden = false;
      if (stream.readyState === EventSource.CLOSED) setTimeout(open, 5000);
    };
    addEventListener("pagehide", () => stream.close(), { once: true });
  };
  open();
  const copy = document.querySelector("[data-copy]");
  if (navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", () => navigator.clipboard.writeText(location.href.split(/[?#]/)[0]));
  }
}
