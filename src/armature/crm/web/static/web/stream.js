// The live stream: hears that something changed, and says within seconds when the connection is gone and when it is back.
const SILENCE = 4500;
const LOST = gettext("The connection is lost. What you write is kept; sending waits until it is back.");

// Each word names the changed cases (none: whatever there is), their rows as they stand in this list now, and over how
// many milliseconds many screens spread what they still have to ask.
export function listen(address, tell, connected) {
  let heard = Date.now(), stream;
  const state = (here) => {
    document.getElementById("banner").textContent = here ? "" : LOST;
    document.body.toggleAttribute("data-offline", !here);
    connected(here);
  };
  const alive = () => { heard = Date.now(); };
  const open = () => {
    stream?.close();
    stream = new EventSource(address);
    stream.addEventListener("hello", ({ data }) => { alive(); state(true); tell(JSON.parse(data)); });
    stream.addEventListener("changed", ({ data }) => { alive(); tell(JSON.parse(data)); });
    stream.addEventListener("here", alive);
    stream.addEventListener("over", () => location.reload());
    stream.onerror = () => { state(false); if (stream.readyState === EventSource.CLOSED) again(); };
  };
  // A refused stream while the server is well means that the log-in is over: the page asks for it and comes back.
  const again = () => fetch("/ready").then((reply) => reply.ok && navigator.onLine ? location.reload() : null).catch(() => setTimeout(open, 1500));
  setInterval(() => {
    if (Date.now() - heard < SILENCE || document.hidden) return;
    alive();
    state(false);
    open();
  }, 500);
  addEventListener("offline", () => { state(false); stream.close(); });
  addEventListener("online", open);
  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - heard > SILENCE) open(); });
  addEventListener("pagehide", () => stream.close());
  open();
}
