// Our attributes in the file, and writing what a form said as one change that can be taken back.
// Names stand here exactly as in the file: a type or a name in other letters would lose what it is meant for.
const attribute = (name) => ({ name, isAttr: true, type: "String" });
const STEP = ["step", "table", "form", "team", "team_from", "after", "clock", "outcome", "reason", "value"];
export const ours = {
  name: "Armature",
  uri: "urn:armature:bpmn:1",
  prefix: "arm",
  xml: { tagAlias: "lowerCase" }, // else what is extended here is written with a capital: bpmn:Lane, which no tool reads
  types: [
    { name: "Bound", extends: ["bpmn:FlowNode"], properties: [...STEP, "start"].map(attribute) },
    { name: "Acting", extends: ["bpmn:Lane"], properties: ["team", "team_from"].map(attribute) },
  ],
};

class Binding {
  constructor(modeling, elementRegistry, bpmnFactory) {
    Object.assign(this, { modeling, elementRegistry, bpmnFactory });
  }

  preExecute({ element, asked }) {
    for (const way of asked.ways) this._way(element, way);
    this._properties(element, asked);
    const lane = asked.lane && this.elementRegistry.get(asked.lane);
    if (lane && !(lane.businessObject.flowNodeRef ?? []).includes(element.businessObject)) this._move(element, lane);
  }

  _properties(element, asked) {
    const is = element.businessObject;
    const wanted = {};
    if ((is.name ?? "") !== asked.name) wanted.name = asked.name;
    for (const [key, value] of Object.entries(asked.own)) if ((is.get(`arm:${key}`) ?? "") !== value) wanted[`arm:${key}`] = value || undefined;
    if (asked.rest !== undefined && (is.default?.id ?? "") !== asked.rest) wanted.default = this.elementRegistry.get(asked.rest)?.businessObject;
    if (is.$type === "bpmn:BoundaryEvent" && is.cancelActivity !== asked.interrupts) wanted.cancelActivity = asked.interrupts;
    if (Object.keys(wanted).length) this.modeling.updateProperties(element, wanted);
  }

  _way(element, way) {
    const arrow = this.elementRegistry.get(way.id);
    if (!arrow) return;
    const wanted = {};
    const is = arrow.businessObject;
    if ((is.name ?? "") !== way.name) wanted.name = way.name;
    if ((is.conditionExpression?.body ?? "").trim() !== way.condition)
      wanted.conditionExpression = way.condition ? this.bpmnFactory.create("bpmn:FormalExpression", { body: way.condition }) : undefined;
    if (Object.keys(wanted).length) this.modeling.updateProperties(arrow, wanted);
    const to = this.elementRegistry.get(way.to);
    if (to && to !== arrow.target) this.modeling.reconnectEnd(arrow, to, { x: to.x + to.width / 2, y: to.y + to.height / 2 });
  }

  _move(element, lane) {
    const y = lane.y + lane.height / 2 - element.y - element.height / 2;
    this.modeling.moveElements([element], { x: 0, y: Math.round(y / 10) * 10 }, lane);
  }
}
Binding.$inject = ["modeling", "elementRegistry", "bpmnFactory"];

class Binder {
  constructor(commandStack) {
    this.commandStack = commandStack;
    commandStack.registerHandler("armature.bind", Binding);
  }

  write(element, asked) {
    this.commandStack.execute("armature.bind", { element, asked });
  }
}
Binder.$inject = ["commandStack"];

export const binding = { __init__: ["binder"], binder: ["type", Binder] };
