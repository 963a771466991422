"""What every page and every round of a worker asks of a table with a million rows is asked of an index."""

from typing import Any

import pytest

from armature.crm import rows
from armature.crm.act.models import Case
from armature.crm.learn import measuring
from armature.crm.learn.assessments import past

ASKED: dict[str, tuple[str, Any]] = {
    "the assessment": (past.CASES, [[1, 2]]),
    "the measures": (measuring.SPREAD, {"c": [1, 2]}),
    "the cases of a file": (str(Case.objects.filter(conversation=1).values("id").query), []),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ASKED)
def test_the_cases_of_a_conversation_are_found_by_their_index(name: str) -> None:
    sql, values = ASKED[name]
    rows.run("SET LOCAL enable_seqscan = off", [])
    plan = "\n".join(line for (line,) in rows.fetch(f"EXPLAIN {sql}", values))
    assert "cases_of_conversation" in plan, plan
