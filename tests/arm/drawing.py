"""Small maps for tests, drawn in a few words."""

from arm.cast import TABLES
from armature.arm import examine

NODES = {
    "start": '<startEvent id="{id}" name="{name}" {more}><messageEventDefinition/></startEvent>',
    "step": '<serviceTask id="{id}" name="{name}" {more}/>',
    "table": '<businessRuleTask id="{id}" name="{name}" {more}/>',
    "ask": '<userTask id="{id}" name="{name}" {more}/>',
    "choice": '<exclusiveGateway id="{id}" name="{name}" {more}/>',
    "timer": '<boundaryEvent id="{id}" name="{name}" {more}><timerEventDefinition/></boundaryEvent>',
    "end": '<endEvent id="{id}" name="{name}" {more}/>',
    "raw": "{more}",
}


def draw(nodes: list[tuple[str, str, str]], arrows: list[str], lane: str = 'arm:team="desk"') -> bytes:
    """A map of one lane. Nodes are (kind, id, attributes); arrows read ``A > B`` or ``A > B : condition``."""
    body = [NODES[kind].format(id=key, name=f"The {key}", more=more) for kind, key, more in nodes]
    for number, arrow in enumerate(arrows):
        ends, _, condition = arrow.partition(" : ")
        source, target = ends.split(" > ")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        body.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
    held = "".join(f"<flowNodeRef>{key}</flowNodeRef>" for _, key, _ in nodes)
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:arm="urn:armature:bpmn:1" '
        f'xmlns:other="urn:other"><process id="P" name="P"><laneSet><lane id="L" name="Desk" {lane}>{held}</lane>'
        f"</laneSet>{''.join(body)}</process></definitions>"
    ).encode()


def words(xml: bytes) -> list[str]:
    return [finding.words for finding in examine(xml, TABLES)]


START = ("start", "Start", "")
END = ("end", "End", 'arm:outcome="internal"')
ROAD = [START, ("step", "Where", 'arm:step="where"'), END]
