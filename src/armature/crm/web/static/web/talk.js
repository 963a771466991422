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

// In the bubble of another site: which talk this is, that there are news, that it should close. The page is only shown
// by sites that its channel names, so nobody else can hear it.
if (parent !== self) {
  const tell = (said) => parent.postMessage(said, "*");
  const answers = () => document.querySelectorAll("#words .ours").length;
  let seen = answers();
  if (words) tell({ armature: "talk", path: location.pathname });
  addEventListener("keydown", (event) => { if (event.key === "Escape") tell({ armature: "close" }); });
  document.addEventListener("htmx:afterSwap", () => {
    if (answers() > seen) tell({ armature: "news" });
    seen = answers();
  });
}
