"""A table as DMN 1.3, for other tools: hit policy FIRST, conditions as FEEL unary tests. Texts are data in it.

A fact that is not known is ``null`` there, and ``said`` is the line of words (``word_line``), as it is here.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from armature.arm.interaction import Value
from armature.arm.rule.cell import Between, Cell, Contains, OneOf, YesNo
from armature.arm.rule.compiled import CompiledTable, Rule
from armature.arm.rule.field import Field

_TYPES = {"choice": "string", "words": "string", "number": "number", "yes_no": "boolean"}
_MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
_SPACES = (
    f'xmlns="{_MODEL}" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" '
    'xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" xmlns:di="http://www.omg.org/spec/DMN/20180521/DI/"'
)
_PLAIN = re.compile(r'[^"\\\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]')


def to_dmn(compiled: CompiledTable) -> bytes:
    """The published table as a DMN file that gives the same answers."""
    table, fields = compiled.table, compiled.catalogue
    inputs, outputs = [fields[key] for key in table.inputs], [fields[key] for key in table.outputs]
    notes = {row.id: row.note for row in table.rows}
    rules = "\n".join(_rule(n, rule, inputs, outputs, notes[rule.id]) for n, rule in enumerate(compiled.rules, 1))
    label = quoteattr(_legal(table.label))
    needs = "\n".join(
        f'    <informationRequirement id="need_{n}"><requiredInput href="#in_{n}"/></informationRequirement>'
        for n in range(1, len(inputs) + 1)
    )
    heads = "\n".join([*map(_input, range(1, len(inputs) + 1), inputs), *map(_output, range(1, 999), outputs)])
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions {_SPACES} id="definitions" name={label} namespace="urn:armature:rules">
  <decision id="decision" name={label}>
    <variable id="decided" name={label}/>
{needs}
    <decisionTable id="table" hitPolicy="FIRST" preferredOrientation="Rule-as-Row" outputLabel={label}>
{heads}
      <annotation name="Row"/><annotation name="Note"/>
{rules}
    </decisionTable>
  </decision>
{"".join(map(_data, range(1, len(inputs) + 1), inputs))}{_picture(len(inputs))}
</definitions>
""".encode()


def _name(field: Field) -> str:
    """The fact's key as a FEEL name."""
    plain = re.sub(r"[^A-Za-z0-9_]", "_", field.key)
    return plain if plain[:1].isalpha() else f"f_{plain}"


def _label(field: Field) -> str:
    return quoteattr(_legal(field.label))


def _input(number: int, field: Field) -> str:
    return (
        f'      <input id="input_{number}" label={_label(field)}>'
        f'<inputExpression id="said_{number}" typeRef="{_TYPES[field.type]}"><text>{_name(field)}</text>'
        "</inputExpression></input>"
    )


def _output(number: int, field: Field) -> str:
    kind = _TYPES[field.type]
    return f'      <output id="output_{number}" label={_label(field)} name="{_name(field)}" typeRef="{kind}"/>'


def _data(number: int, field: Field) -> str:
    name = _name(field)
    return (
        f'  <inputData id="in_{number}" name="{name}"><variable id="var_{number}" name="{name}" '
        f'typeRef="{_TYPES[field.type]}"/></inputData>\n'
    )


def _picture(inputs: int) -> str:
    """Where things stand, so that tools that draw it can."""
    places = [("decision", 300, 60, 180, 80), *((f"in_{n}", 40 + 150 * (n - 1), 240, 125, 45)
              for n in range(1, inputs + 1))]  # fmt: skip
    shapes = "".join(
        f'<dmndi:DMNShape id="shape_{name}" dmnElementRef="{name}">'
        f'<dc:Bounds x="{x}" y="{y}" width="{wide}" height="{high}"/></dmndi:DMNShape>'
        for name, x, y, wide, high in places
    )
    return f'  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram">{shapes}</dmndi:DMNDiagram></dmndi:DMNDI>'


def _rule(number: int, rule: Rule, inputs: list[Field], outputs: list[Field], note: str) -> str:
    tests = [_test(rule.cells[field.key]) if field.key in rule.cells else "-" for field in inputs]
    parts = [_entry("inputEntry", f"w_{number}_{n}", text) for n, text in enumerate(tests, 1)]
    said = [_literal(rule.outputs.get(field.key)) for field in outputs]
    parts += [_entry("outputEntry", f"t_{number}_{n}", text) for n, text in enumerate(said, 1)]
    parts += [f"<annotationEntry><text>{escape(_legal(text))}</text></annotationEntry>" for text in (rule.id, note)]
    return f'      <rule id="rule_{number}">{"".join(parts)}</rule>'


def _entry(kind: str, number: str, text: str) -> str:
    return f'<{kind} id="{number}"><text>{escape(text)}</text></{kind}>'


def _test(cell: Cell) -> str:
    """One cell as a unary test. What is not known matches only the empty cell, so ``not`` names null too; and tools
    take a test that comes to null for true where the fact is null, so keywords ask for that first.
    """
    match cell:
        case YesNo(value):
            return "true" if value else "false"
        case OneOf(values, negated):
            listed = ", ".join(map(_text, values))
            return f"not({listed}, null)" if negated else listed
        case Contains():
            held = " or ".join(f"contains(?, {_text(part)})" for part in cell.patterns)
            return f"? != null and ({held})"
        case Between():
            return _range(cell)
    return "-"


def _range(cell: Between) -> str:
    low, high = _number(cell.low), _number(cell.high)
    if cell.low == cell.high:
        return low
    if cell.high == float("inf"):
        return f"{'>=' if cell.low_in else '>'} {low}"
    if cell.low == float("-inf"):
        return f"{'<=' if cell.high_in else '<'} {high}"
    return f"{'[' if cell.low_in else '('}{low}..{high}{']' if cell.high_in else ')'}"


def _literal(value: Value) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _text(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Digits only: FEEL of old tools knows no exponents."""
    if isinstance(value, int) or value in (float("inf"), float("-inf")):
        return str(value)
    return format(value, "f") if float(format(value, "f")) == value else f"{value:.30f}"


def _text(value: str) -> str:
    """A FEEL string: quotation marks, backslashes and signs that XML cannot hold are escaped."""
    return '"' + "".join(sign if _PLAIN.match(sign) else _escaped(sign) for sign in value) + '"'


def _escaped(sign: str) -> str:
    return f"\\{sign}" if sign in '"\\' else f"\\u{ord(sign):04x}"


def _legal(text: Any) -> str:
    """Words without the signs that XML cannot hold."""
    return "".join(sign if _PLAIN.match(sign) or sign in '"\\\n\t' else "\ufffd" for sign in str(text))
