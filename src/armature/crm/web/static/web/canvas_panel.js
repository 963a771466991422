// Beside the canvas: the form of what is chosen, made by the server, written into the drawing.
import { append } from "./canvas_profile.js";

const GENTLY = { headers: { "X-Requested-With": "canvas" }, redirect: "manual" };

export class Panel {
  constructor(modeler, place, { address, keeping }) {
    Object.assign(this, { modeler, place, address, keeping, asked: 0, nothing: place.innerHTML });
    modeler.on("selection.changed", ({ newSelection }) => this.show(newSelection));
    place.addEventListener("submit", (event) => this._submit(event));
    place.addEventListener("keydown", (event) => {
      if (event.key === "Escape") modeler.get("canvas").focus();
    });
  }

  // The step or lane that something chosen is about: an arrow is a matter of the step that it leaves.
  _about(chosen) {
    if (chosen.length !== 1) return null;
    const one = chosen[0].labelTarget ?? chosen[0];
    if (one.waypoints) return one.businessObject.$type === "bpmn:SequenceFlow" ? one.source : null;
    return one.businessObject.$instanceOf("bpmn:FlowNode") || one.businessObject.$type === "bpmn:Lane" ? one : null;
  }

  async show(chosen, focus = false, gently = false) {
    const turn = ++this.asked;
    const about = this._about(chosen);
    if (about !== this.about) this.place.replaceChildren(); // nobody writes into the form of what was chosen before
    this.about = about;
    if (!about) {
      this.place.innerHTML = this.nothing;
      return;
    }
    const kept = await this.keeping.flush();
    if (turn !== this.asked) return;
    if (!kept) return this._say(gettext("What is chosen can be bound once the draft is saved."));
    await this._fill(turn, chosen[0], focus, gently);
  }

  // The drawing changed otherwise, by undoing for example: the form says so, unless somebody writes in it.
  refresh() {
    if (this.about && !this.busy && !this.place.contains(document.activeElement)) this.show(this.modeler.get("selection").get(), false, true);
  }

  async _fill(turn, chosen, focus, gently) {
    try {
      const answer = await fetch(this._address(this.about), GENTLY);
      const words = answer.ok ? await answer.text() : "";
      if (turn !== this.asked || (gently && this.place.contains(document.activeElement))) return;
      if (!words) return this._say(gettext("This cannot be run here: the findings say what to use instead."));
      this._html(words);
      if (chosen.waypoints) this.place.querySelector(`#to-${CSS.escape(chosen.id)}`)?.closest("fieldset").scrollIntoView({ block: "nearest" });
      if (focus && !this._elsewhere()) this.focus();
    } catch {
      this._say(gettext("Offline: the form comes once the connection is back."));
    }
  }

  // Somebody went on to another place of the page while the form was on its way: their keys belong there.
  _elsewhere() {
    const on = document.activeElement;
    return on !== null && on !== document.body && !this.place.contains(on);
  }

  focus() {
    (this.place.querySelector("#name") ?? this.place).focus();
  }

  _address(about) {
    return this.address.replace("STEP", encodeURIComponent(about.id));
  }

  _html(words) {
    this.place.innerHTML = words;
    this.place.scrollTop = 0;
  }

  _say(words) {
    this.place.replaceChildren(Object.assign(document.createElement("p"), { className: "muted", textContent: words }));
  }

  async _submit(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    const given = new FormData(event.target);
    const done = event.submitter?.value ?? "keep";
    given.set("do", done);
    const from = document.activeElement;
    const open = [...event.target.elements].filter((one) => !one.disabled);
    // What is typed from here on would be lost when the next form comes: it cannot be typed.
    for (const one of open) one.disabled = true;
    this.place.setAttribute("aria-busy", "true");
    try {
      await this._done(done, given);
    } finally {
      for (const one of open) one.disabled = false;
      if (from?.isConnected && !this._elsewhere()) from.focus();
      this.place.removeAttribute("aria-busy");
      this.busy = false;
    }
  }

  async _done(done, given) {
    const about = this.about;
    if (!about) return;
    if (done.startsWith("arrow-out:")) return this._arrowOut(about, done.slice("arrow-out:".length));
    const answer = await this._sent(about, given);
    if (!answer) return;
    if (!answer.headers.get("Content-Type").includes("json")) {
      this._html(await answer.text());
      this.place.querySelector("[autofocus], [role=alert]")?.focus();
      return;
    }
    this.modeler.get("binder").write(about, await answer.json());
    if (done === "add") return this._add(about, given);
    if (done === "arrow") this.modeler.get("modeling").connect(about, this.modeler.get("elementRegistry").get(given.get("new_to")), { type: "bpmn:SequenceFlow" });
    await this.show([about], true);
  }

  // What the server answered; null where it did not, and the form says so: what is typed stays in it.
  async _sent(about, given) {
    try {
      if (!(await this.keeping.flush())) return this._not(gettext("The draft is not saved, so this is not kept either. Try again once it is saved."));
      const answer = await fetch(this._address(about), { ...GENTLY, method: "POST", body: given });
      if (answer.ok || answer.status === 422) return answer;
      if (answer.type === "opaqueredirect") return this._not(gettext("You are logged out, so this is not kept. Log in in another window, then try again here."));
      return this._not(gettext("The server could not take this. Try again."));
    } catch {
      return this._not(gettext("Offline: this is not kept. Try again once the connection is back."));
    }
  }

  _not(words) {
    this.place.querySelector("form > .problem[role=alert]")?.remove();
    const said = Object.assign(document.createElement("p"), { className: "problem", role: "alert", textContent: words });
    this.place.querySelector("form")?.prepend(said);
    said.scrollIntoView({ block: "nearest" });
    return null;
  }

  _add(about, given) {
    const made = append(this.modeler, about, given.get("new_kind"));
    const name = given.get("new_name").trim();
    if (name) this.modeler.get("modeling").updateProperties(made, { name });
    this.modeler.get("selection").select(made);
    return this.show([made], true);
  }

  _arrowOut(about, arrow) {
    const held = this.modeler.get("elementRegistry").get(arrow);
    if (held) this.modeler.get("modeling").removeConnection(held);
    return this.show([about], true);
  }
}
