"use strict";
// Live words from the server, keys, and plain speech when the connection is gone. Nothing else.
(() => {
  const body = document.body, banner = document.getElementById("banner");
  const tell = () => window.htmx && htmx.trigger(body, "changed");

  function listen() {
    const stream = new EventSource("/live");
    stream.addEventListener("hello", () => { banner.hidden = true; tell(); });
    stream.addEventListener("changed", tell);
    stream.addEventListener("over", () => location.reload());
    stream.onerror = () => { banner.hidden = false; if (stream.readyState === 2) setTimeout(listen, 3000); };
  }
  if (document.getElementById("desk")) listen();

  function typing(target) {
    return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  }
  function move(step) {
    const rows = [...document.querySelectorAll("#list .row")];
    const at = rows.findIndex((row) => row.getAttribute("aria-current") === "true" || row === document.activeElement);
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + step))];
    if (next) { next.focus(); next.click(); }
  }
  const keys = {
    j: () => move(1), k: () => move(-1),
    r: () => document.getElementById("text")?.focus(), n: () => document.getElementById("text")?.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      document.querySelector("[data-send]")?.click();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !typing(event.target)) {
      const button = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      const act = button ? () => button.click() : keys[event.key];
      if (act) { event.preventDefault(); act(); }
    }
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "case") {
      document.getElementById("desk").classList.add("has-case");
      const current = location.pathname;
      document.querySelectorAll("#list .row").forEach((row) =>
        row.getAttribute("href") === current ? row.setAttribute("aria-current", "true") : row.removeAttribute("aria-current"));
      const thread = document.getElementById("thread");
      if (thread) thread.scrollTop = thread.scrollHeight;
    }
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, () => {
      document.getElementById("toast").textContent = "That did not work. Your text is kept; try again.";
    });
  }
})();
