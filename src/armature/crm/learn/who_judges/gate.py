"""What is asked before a table is put in force: was it measured that nobody needs to look at what falls on a row?"""

from armature.arm.let_through import Count, by_row, judges, newly_automatic
from armature.arm.rule import compile_table
from armature.arm.rule.compiled import CompiledTable
from armature.arm.rule.finding import Finding, Unfit
from armature.arm.rule.table import DecisionTable, read_table
from armature.arm.understand.learned.sure import FEWEST
from armature.crm.decide import company_facts, versions
from armature.crm.learn.who_judges import bound, measured

PLAIN = (
    "Row {row}: nobody would look at what falls here, and labelled messages do not show yet that the reader is right "
    'about it. Choose "draft" or "suggest", and label messages meanwhile'
)
TOO_FEW = (
    "Row {row}: nobody would look at what falls here. That takes at least {fewest} labelled messages drawn by chance; "
    '{cases} {fall} here{so_far}. Choose "draft" or "suggest" until {missing} more are labelled (if the reader is '
    "right about all of them)"
)
TOO_LOW = (
    "Row {row}: nobody would look at what falls here. Of {cases} labelled messages drawn by chance the reader was "
    'right about {agree}, so no more than {lower} % can be promised; your company asks for {bound} %. Choose "draft" '
    'or "suggest" until {missing} more are labelled (if the reader is right about all of them)'
)


def findings(table: DecisionTable, figures: bool) -> list[Finding]:
    """An error for each row that would be automatic, was not, and is not measured well enough; else nothing."""
    if not judges(table):
        return []
    now = compiled(table)
    before = in_force(table.key)
    new = newly_automatic(now, before) if now else []
    if now is None or not new:
        return []
    asked = bound.rule().bound
    counts = by_row(now, measured.sample(table.key, before is not None), ())
    field = "judging" if "judging" in table.outputs else "needs_evaluation"
    return [
        Finding(row, field, said(row, counts[row], asked) if figures else PLAIN.format(row=row))
        for row in new if not counts[row].keeps(asked)
    ]  # fmt: skip


def compiled(table: DecisionTable) -> CompiledTable | None:
    """The table ready to be asked; None while it cannot be read."""
    try:
        return compile_table(table, company_facts.for_running())
    except Unfit:
        return None


def in_force(key: str) -> CompiledTable | None:
    """The newest version ready to be asked; None before there is one."""
    one = versions.newest(versions.TABLE, key)
    table = read_table(one.body.encode())[0] if one else None
    return compiled(table) if table else None


def said(row: str, count: Count, asked: float) -> str:
    """What speaks against a row, with its figures."""
    words = TOO_LOW if count.cases >= FEWEST else TOO_FEW
    return words.format(
        row=row, fewest=FEWEST, cases=count.cases, fall="falls" if count.cases == 1 else "fall", agree=count.agree,
        so_far=f" so far, and the reader was right about {count.agree} of them" if count.cases else " so far",
        lower=f"{floored(count.lower)}", bound=f"{100 * asked:g}", missing=f"{count.missing(asked):,}",
    )  # fmt: skip


def floored(share: float) -> str:
    """A share in percent that never promises more than it is."""
    return f"{int(share * 1000) / 10:g}"
