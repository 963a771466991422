// The canvas of the map editor: bpmn-js with our profile, kept as one draws, with what is to mend marked on it.
import { binding, ours } from "./canvas_binding.js";
import { Keeping } from "./canvas_keeping.js";
import { Panel } from "./canvas_panel.js";
import { profile } from "./canvas_profile.js";

const READABLE = 0.7;
const ROOM = "(min-width: 900px)";
const at = (id) => document.getElementById(id);

// Colours of the page, so that the drawing follows light and dark; they are not written into the file.
const COLOURS = { defaultFillColor: "var(--card)", defaultStrokeColor: "var(--ink)", defaultLabelColor: "var(--ink)" };

function problem(words) {
  at("canvas-problem").textContent = words;
  at("canvas-problem").hidden = !words;
}

async function opened() {
  const modeler = new globalThis.BpmnJS({
    container: at("canvas"), additionalModules: [profile, binding], moddleExtensions: { arm: ours }, bpmnRenderer: COLOURS,
  });
  const { warnings } = await modeler.importXML(at("canvas-xml").defaultValue);
  // What cannot be read would be lost when it is written again: then it is not drawn here at all.
  if (warnings.length) throw new Error(warnings.map((one) => one.message).join("; "));
  return modeler;
}

class Marks {
  constructor(modeler, panel) {
    Object.assign(this, { modeler, panel });
  }

  show(state) {
    const [overlays, registry] = [this.modeler.get("overlays"), this.modeler.get("elementRegistry")];
    overlays.remove({ type: "finding" });
    const found = grouped(state.findings);
    for (const [place, ones] of found) {
      if (place && registry.get(place)) overlays.add(place, "finding", { position: { top: -14, left: -12 }, html: mark(ones) });
    }
    at("canvas-findings").hidden = false;
    at("canvas-wrong").textContent = state.words;
    at("canvas-findings").querySelector("ul").replaceChildren(...state.findings.map((one) => this._line(one)));
  }

  _line(one) {
    const line = document.createElement("li");
    const there = one.place && this.modeler.get("elementRegistry").get(one.place);
    const words = Object.assign(document.createElement(there ? "button" : "span"), { textContent: one.words, lang: "en" });
    words.setAttribute("translate", "no");
    if (there) {
      Object.assign(words, { type: "button", className: "link" });
      words.addEventListener("click", () => choose(this.modeler, one.place, this.panel));
    }
    line.append(words);
    return line;
  }
}

function grouped(findings) {
  const found = new Map();
  for (const one of findings) found.set(one.place, [...(found.get(one.place) ?? []), one]);
  return found;
}

function mark(ones) {
  const wrong = ones.some((one) => one.error);
  const made = Object.assign(document.createElement("div"), { className: wrong ? "canvas-mark" : "canvas-mark note" });
  const words = document.createElement("ul");
  for (const one of ones) words.append(Object.assign(document.createElement("li"), { textContent: one.words }));
  made.append(Object.assign(document.createElement("b"), { textContent: `! ${ones.length}` }), words);
  return made;
}

function choose(modeler, id, panel) {
  const element = modeler.get("elementRegistry").get(id);
  modeler.get("canvas").scrollToElement(element, 120);
  modeler.get("selection").select(element);
  modeler.get("canvas").focus();
  panel?.place.scrollIntoView({ block: "nearest" });
}

// From step to step by keyboard, in the order in which they stand.
function walking(modeler, panel) {
  modeler.get("keyboard").addListener(1500, ({ keyEvent }) => {
    if (keyEvent.ctrlKey || keyEvent.metaKey || keyEvent.altKey) return undefined;
    if (keyEvent.key === "Enter" && panel.about) {
      panel.focus();
      return true;
    }
    const way = { n: 1, p: -1 }[keyEvent.key.toLowerCase()];
    if (!way) return undefined;
    const steps = modeler.get("elementRegistry").filter((one) => !one.labelTarget && one.businessObject?.$instanceOf?.("bpmn:FlowNode"));
    steps.sort((one, other) => one.x - other.x || one.y - other.y);
    const now = steps.indexOf(modeler.get("selection").get()[0]);
    choose(modeler, steps[(now + way + steps.length) % steps.length].id);
    return true;
  });
}

function bar(modeler) {
  const deeds = {
    undo: () => modeler.get("commandStack").undo(), redo: () => modeler.get("commandStack").redo(),
    in: () => modeler.get("zoomScroll").stepZoom(1), out: () => modeler.get("zoomScroll").stepZoom(-1), fit: () => look(modeler),
  };
  at("canvas-bar").addEventListener("click", ({ target }) => deeds[target.closest("[data-do]")?.dataset.do]?.());
  const able = () => {
    const stack = modeler.get("commandStack");
    at("canvas-bar").querySelector("[data-do=undo]").disabled = !stack.canUndo();
    at("canvas-bar").querySelector("[data-do=redo]").disabled = !stack.canRedo();
  };
  modeler.on("commandStack.changed", able);
  able();
}

// The palette stands over the beginning of the room: the picture is put beside it.
const PALETTE = 74;
function look(modeler, zoom) {
  const { inner, outer } = modeler.get("canvas").viewbox();
  const fitting = Math.min((outer.width - PALETTE - 20) / inner.width, (outer.height - 40) / inner.height, 1);
  const by = zoom ?? fitting;
  modeler.get("canvas").viewbox({ x: inner.x - PALETTE / by, y: inner.y - 20 / by, width: outer.width / by, height: outer.height / by });
}

function begin(modeler) {
  const room = at("canvas");
  const marks = new Marks(modeler);
  const form = at("publish").querySelector("form");
  const keeping = new Keeping(modeler, {
    address: room.dataset.keep, token: form.csrfmiddlewaretoken.value, revision: form.revision.value,
    said: (words, how) => Object.assign(at("canvas-saved"), { textContent: words, className: `chip ${how}` }),
    told: (state, words) => {
      problem(words);
      if (!state) return;
      form.revision.value = state.revision;
      marks.show(state);
      marks.panel.refresh();
    },
  });
  const panel = new Panel(modeler, at("canvas-panel"), { address: room.dataset.at, keeping });
  marks.panel = panel;
  marks.show(JSON.parse(room.dataset.state));
  bar(modeler);
  walking(modeler, panel);
  form.addEventListener("submit", async (event) => {
    if (!keeping.dirty) return;
    event.preventDefault();
    if (await keeping.flush()) form.requestSubmit(event.submitter);
  });
  look(modeler, READABLE);
}

async function start() {
  const main = document.querySelector("main");
  main.classList.add("drawing-here");
  for (const id of ["canvas-room", "canvas-bar"]) at(id).hidden = false;
  try {
    begin(await opened());
  } catch (fault) {
    main.classList.remove("drawing-here");
    for (const id of ["canvas-room", "canvas-bar"]) at(id).hidden = true;
    problem(`${gettext("This draft holds something that the canvas would lose, so it cannot be drawn here. Change it in the list of steps.")} (${fault.message})`);
  }
}

if (matchMedia(ROOM).matches) start();
