// What can be drawn: the palette, the pad beside what is chosen and the menu to change it offer what runs, nothing else.
const said = (words) => globalThis.gettext(words);

export const KINDS = {
  userTask: { type: "bpmn:UserTask", icon: "bpmn-icon-user-task", name: () => gettext("A task for people") },
  serviceTask: { type: "bpmn:ServiceTask", icon: "bpmn-icon-service-task", name: () => gettext("Something that Armature does") },
  businessRuleTask: { type: "bpmn:BusinessRuleTask", icon: "bpmn-icon-business-rule-task", name: () => gettext("A decision by a table") },
  exclusiveGateway: { type: "bpmn:ExclusiveGateway", icon: "bpmn-icon-gateway-xor", name: () => gettext("A choice: the way parts") },
  endEvent: { type: "bpmn:EndEvent", icon: "bpmn-icon-end-event-none", name: () => gettext("An end") },
};
const START = { type: "bpmn:StartEvent", eventDefinitionType: "bpmn:MessageEventDefinition" };
const TIMER = { type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition" };
const NOTE = { type: "bpmn:TextAnnotation" };
const is = (element, type) => Boolean(element.businessObject?.$instanceOf?.(type));
const made = (factory, { type, eventDefinitionType }) =>
  factory.createShape(eventDefinitionType ? { type, eventDefinitionType } : { type });

// A timer stands on the lower border of its task, beside those that are there: where most room is left.
export function timer(modeling, factory, task) {
  const taken = task.attachers.map((one) => one.x + one.width / 2);
  const room = (x) => Math.min(...taken.map((other) => Math.abs(other - x)), task.width);
  const [right, left] = [task.x + task.width - 20, task.x + 20];
  const x = [right, (right + left) / 2, left].reduce((best, one) => (room(one) > room(best) ? one : best));
  return modeling.createShape(made(factory, TIMER), { x, y: task.y + task.height }, task, { attach: true });
}

export function append(modeler, element, kind) {
  const [modeling, factory] = [modeler.get("modeling"), modeler.get("elementFactory")];
  if (kind === "boundaryEvent") return timer(modeling, factory, element);
  return modeler.get("autoPlace").append(element, made(factory, KINDS[kind]));
}

class Palette {
  constructor(palette, create, elementFactory, handTool, lassoTool, spaceTool, globalConnect) {
    Object.assign(this, { create, elementFactory, handTool, lassoTool, spaceTool, globalConnect });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const entries = {
      "hand-tool": this._tool("bpmn-icon-hand-tool", gettext("Move the picture (H)"), (event) => this.handTool.activateHand(event)),
      "lasso-tool": this._tool("bpmn-icon-lasso-tool", gettext("Choose several (L)"), (event) => this.lassoTool.activateSelection(event)),
      "space-tool": this._tool("bpmn-icon-space-tool", gettext("Make or take away room (S)"), (event) => this.spaceTool.activateSelection(event)),
      "connect-tool": this._tool("bpmn-icon-connection-multi", gettext("Draw an arrow (C)"), (event) => this.globalConnect.start(event)),
      "tool-line": { group: "tools", separator: true },
      "create.start": this._new(START, "bpmn-icon-start-event-message", gettext("A start: something is heard")),
    };
    for (const [kind, one] of Object.entries(KINDS)) entries[`create.${kind}`] = this._new(one, one.icon, one.name());
    entries["create.note"] = this._new(NOTE, "bpmn-icon-text-annotation", gettext("A note for readers"));
    return entries;
  }

  _tool(className, title, click) {
    return { group: "tools", className, title, action: { click } };
  }

  _new(kind, className, title) {
    const start = (event) => this.create.start(event, made(this.elementFactory, kind));
    return { group: "elements", className, title, action: { dragstart: start, click: start } };
  }
}
Palette.$inject = ["palette", "create", "elementFactory", "handTool", "lassoTool", "spaceTool", "globalConnect"];

class ContextPad {
  constructor(contextPad, modeling, elementFactory, connect, create, autoPlace, popupMenu, selection) {
    Object.assign(this, { modeling, elementFactory, connect, create, autoPlace, popupMenu, selection });
    contextPad.registerProvider(this);
  }

  getContextPadEntries(element) {
    if (element.type === "label") return this._out();
    if (is(element, "bpmn:Participant") || is(element, "bpmn:Lane")) return this._lanes(element);
    const entries = {};
    if (is(element, "bpmn:FlowNode") && !is(element, "bpmn:EndEvent")) {
      for (const [kind, one] of Object.entries(KINDS)) entries[`append.${kind}`] = this._append(one, one.icon, one.name());
      if (is(element, "bpmn:Task")) entries["append.timer"] = this._timer();
    }
    if (is(element, "bpmn:FlowNode") || is(element, "bpmn:SequenceFlow"))
      entries["append.note"] = this._append(NOTE, "bpmn-icon-text-annotation", gettext("A note for readers"));
    if (is(element, "bpmn:FlowNode") || is(element, "bpmn:TextAnnotation")) entries.connect = this._arrow();
    if (is(element, "bpmn:Task")) entries.replace = this._replace();
    return { ...entries, ...this._out() };
  }

  getMultiElementContextPadEntries() {
    const click = (_event, elements) => this.modeling.removeElements([...elements]);
    return { delete: { group: "edit", className: "bpmn-icon-trash", title: gettext("Take out"), action: { click } } };
  }

  _append(kind, className, title) {
    const dragstart = (event, source) => this.create.start(event, made(this.elementFactory, kind), { source });
    const click = (_event, source) => this.autoPlace.append(source, made(this.elementFactory, kind));
    return { group: "model", className, title, action: { dragstart, click } };
  }

  _timer() {
    const click = (_event, task) => this.selection.select(timer(this.modeling, this.elementFactory, task));
    return { group: "model", className: "bpmn-icon-intermediate-event-catch-timer", title: gettext("A timer on this step"), action: { click } };
  }

  _arrow() {
    const start = (event, element) => this.connect.start(event, element);
    return { group: "connect", className: "bpmn-icon-connection-multi", title: gettext("Draw an arrow (C)"), action: { dragstart: start, click: start } };
  }

  _replace() {
    const click = (event, element) => {
      const place = { x: event.x, y: event.y + 15, cursor: { x: event.x, y: event.y } };
      this.popupMenu.open(element, "bpmn-replace", place, { title: gettext("Make it"), width: 300 });
    };
    return { group: "edit", className: "bpmn-icon-screw-wrench", title: gettext("Make it something else (R)"), action: { click } };
  }

  _lanes(element) {
    const lane = (where) => ({ click: () => this.modeling.addLane(element, where) });
    const entries = {
      "lane-above": { group: "lane", className: "bpmn-icon-lane-insert-above", title: gettext("A lane above"), action: lane("top") },
      "lane-below": { group: "lane", className: "bpmn-icon-lane-insert-below", title: gettext("A lane below"), action: lane("bottom") },
    };
    return is(element, "bpmn:Lane") ? { ...entries, ...this._out() } : entries;
  }

  _out() {
    const click = (_event, element) => this.modeling.removeElements([element]);
    return { delete: { group: "edit", className: "bpmn-icon-trash", title: gettext("Take out"), action: { click } } };
  }
}
ContextPad.$inject = ["contextPad", "modeling", "elementFactory", "connect", "create", "autoPlace", "popupMenu", "selection"];

class ReplaceMenu {
  constructor(popupMenu, bpmnReplace) {
    this.bpmnReplace = bpmnReplace;
    popupMenu.registerProvider("bpmn-replace", this);
  }

  getPopupMenuEntries(element) {
    if (!is(element, "bpmn:Task")) return {};
    const others = Object.entries(KINDS).filter(([, one]) => one.type.endsWith("Task") && one.type !== element.type);
    return Object.fromEntries(others.map(([kind, one]) => [kind, {
      label: one.name(), className: one.icon, action: () => this.bpmnReplace.replaceElement(element, { type: one.type }),
    }]));
  }
}
ReplaceMenu.$inject = ["popupMenu", "bpmnReplace"];

// What the drawing tool says by itself, by our catalogue where it has the words.
const translate = (template, given = {}) => said(template).replace(/{([^}]+)}/g, (whole, key) => given[key] ?? whole);

export const profile = {
  __init__: ["paletteProvider", "contextPadProvider", "replaceMenuProvider"],
  paletteProvider: ["type", Palette],
  contextPadProvider: ["type", ContextPad],
  replaceMenuProvider: ["type", ReplaceMenu],
  translate: ["value", translate],
};
