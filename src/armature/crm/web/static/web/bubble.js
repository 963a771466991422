// The bubble on a site of the company: a button that opens our page for customers in a frame.
// Until somebody presses it nothing is asked of the server, and nothing is kept in the browser.
(() => {
  const script = document.currentScript;
  const page = new URL(script.dataset.page);
  const label = script.dataset.label || page.host;
  const close = script.dataset.close || label;
  const kept = `armature ${page.pathname}`;
  let frame = null;
  const look = `
    :host { all: initial; }
    button { position: fixed; inset-block-end: 20px; inset-inline-end: 20px; inline-size: 56px; block-size: 56px; z-index: 2147483000;
      border: 0; border-radius: 28px; background: #1f5f8b; color: #fff; cursor: pointer; box-shadow: 0 2px 10px #0006; padding: 14px; }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #1f5f8b; }
    button[data-news]::after { content: ""; position: absolute; inset-block-start: 0; inset-inline-end: 0; inline-size: 16px; block-size: 16px;
      border-radius: 8px; background: #c2410c; border: 2px solid #fff; box-sizing: border-box; }
    svg { inline-size: 28px; block-size: 28px; display: block; }
    iframe { position: fixed; inset-block-end: 88px; inset-inline-end: 20px; inline-size: min(400px, calc(100vw - 24px)); z-index: 2147483000;
      block-size: min(640px, calc(100vh - 110px)); border: 1px solid #0003; border-radius: 12px; background: #fff; box-shadow: 0 6px 30px #0005; }
    iframe[hidden] { display: none; }
    @media (max-width: 480px) { iframe { inset-inline: 8px; inline-size: auto; } }`;

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  root.adoptedStyleSheets = [sheet];
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.append(picture());
  name();
  root.append(button);
  document.body.append(host);

  function picture() {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z");
    path.setAttribute("fill", "currentColor");
    svg.append(path);
    return svg;
  }

  function name() {
    const open = frame && !frame.hidden;
    button.setAttribute("aria-label", open ? close : label);
    button.setAttribute("aria-expanded", String(Boolean(open)));
  }

  function talk() {
    try {
      const path = localStorage.getItem(kept) || "";
      return path.startsWith(`${page.pathname}/`) ? page.origin + path : page.href;
    } catch { return page.href; }
  }

  function show(open) {
    if (open && !frame) {
      frame = document.createElement("iframe");
      frame.title = label;
      frame.src = talk();
      root.insertBefore(frame, button);
    }
    frame.hidden = !open;
    if (open) { button.removeAttribute("data-news"); frame.focus(); } else button.focus();
    name();
  }

  button.addEventListener("click", () => show(!frame || frame.hidden));
  addEventListener("message", (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== page.origin) return;
    const said = event.data && event.data.armature;
    if (said === "close") show(false);
    if (said === "news" && frame.hidden) button.setAttribute("data-news", "");
    if (said === "talk" && typeof event.data.path === "string" && event.data.path.startsWith(`${page.pathname}/`)) {
      try { localStorage.setItem(kept, event.data.path); } catch { /* a browser that keeps nothing: the talk ends with the page */ }
    }
  });
})();
