// The draft is kept as one draws: after each pause, whole; nobody overwrites what somebody else drew meanwhile.
const PAUSE = 700;
const AGAIN = 5000;

export class Keeping {
  constructor(modeler, { address, token, revision, said, told }) {
    Object.assign(this, { modeler, address, token, revision, said, told, dirty: false, stopped: false, running: null });
    modeler.on("commandStack.changed", () => this._changed());
    addEventListener("online", () => this.flush());
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
    this.said(gettext("Saved"), "good");
  }

  _changed() {
    if (this.stopped) return;
    this.dirty = true;
    this.said(gettext("Not saved yet"), "plain");
    this._later(PAUSE);
  }

  _later(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), time);
  }

  // Whether everything that was drawn is kept.
  async flush() {
    clearTimeout(this.timer);
    while (this.running) await this.running;
    if (!this.dirty || this.stopped) return !this.dirty;
    this.running = this._send();
    await this.running;
    this.running = null;
    if (this.dirty && !this.failed && !this.stopped) return this.flush();
    return !this.dirty;
  }

  async _send() {
    this.dirty = false;
    this.failed = true;
    this.said(gettext("Saving"), "plain");
    try {
      const { xml } = await this.modeler.saveXML({ format: true });
      const given = new FormData();
      given.set("csrfmiddlewaretoken", this.token);
      given.set("revision", this.revision);
      given.set("xml", new Blob([xml], { type: "application/xml" }), "draft.bpmn");
      await this._answered(await fetch(this.address, { method: "POST", body: given, redirect: "manual" }));
    } catch {
      this._not(gettext("Offline: not saved. It is saved once the connection is back."));
      this._later(AGAIN);
    }
  }

  async _answered(answer) {
    if (answer.ok) {
      const state = await answer.json();
      this.revision = state.revision;
      this.failed = false;
      if (!this.dirty) this.said(gettext("Saved"), "good");
      this.told(state, "");
      return;
    }
    const { problem = "" } = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
    if (answer.status === 409 || answer.status === 404) this.stopped = true;
    this._not(gettext("Not saved"));
    if (answer.status >= 500) this._later(AGAIN);
    this.told(null, problem || this._why(answer));
  }

  _why(answer) {
    if (answer.type === "opaqueredirect") return gettext("You are logged out. Log in in another window, then change something here: it is saved then.");
    if (answer.status === 404) return gettext("This draft was published or given up meanwhile. Open the map again.");
    return gettext("The server could not keep it. It is tried again.");
  }

  _not(words) {
    this.dirty = true;
    this.said(words, "bad");
  }
}
