"""What it costs to count many answers for somebody who sees them case by case."""

import json
from typing import Any

from django.db import connection

from armature.crm import rows
from armature.crm.act import survey_results, surveys
from asked import make_survey
from house import House

MANY = 3000
SAID = """
    INSERT INTO listen_interaction (id, channel_id, conversation_id, direction, kind, public, external_id, author,
        subject, text, language, automatic, warning, occurred_at)
    SELECT g + 1000, %s, g + 1000, 'in', 'survey', false, 's' || g, 'a' || g, '', 'Fine', '', '', '', now()
    FROM generate_series(1, %s) AS g
"""
ANSWERED = """
    INSERT INTO listen_surveyanswer (survey_id, wording_id, channel_id, key, external_id, score, given, written,
        quiet, at)
    SELECT %s, %s, %s, 'k' || g, 's' || g, g %% 11, '{"what": "Boots"}', 0, false, now()
    FROM generate_series(1, %s) AS g
"""
AROUND = (
    """INSERT INTO identify_recognition (interaction_id, identity_id, evidence, current)
    SELECT g + 1000, g + 1000, '', true FROM generate_series(1, %s) AS g""",
    """INSERT INTO act_case (id, conversation_id, identity_id, status, form, asks, priority, team, last_in_at,
        opened_at, changed_at)
    SELECT g + 1000, g + 1000, g + 1000, 'new', 'intent', '', 0, 'support', now(), now(), now()
    FROM generate_series(1, %s) AS g""",
)


def test_counting_for_an_agent_looks_at_each_answer_a_few_times_and_not_at_all_of_them_for_each(house: House) -> None:
    survey = make_survey(house)
    rows.run("SET LOCAL session_replication_role = replica", [])  # these rows stand for more than they have
    rows.run(SAID, [survey.channel_id, MANY])
    rows.run(ANSWERED, [survey.pk, surveys.latest(survey).pk, survey.channel_id, MANY])
    for statement in AROUND:
        rows.run(statement, [MANY])
    rows.run("ANALYZE", [])
    which = survey_results.counted(house.mona, survey)
    asked = f"SELECT a.score, count(*) FROM listen_surveyanswer a {which.joined} WHERE {which.where} GROUP BY 1"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}", list(which.values))
        found = cursor.fetchone()[0]
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    assert _looked_at(plan) < 30 * MANY
    assert survey_results.figures(house.mona, survey).answers == MANY


def _looked_at(node: dict[str, Any]) -> float:
    """Rows that a plan made or threw away, in all its steps."""
    mine = node["Actual Rows"] + node.get("Rows Removed by Join Filter", 0) + node.get("Rows Removed by Filter", 0)
    return float(mine * node["Actual Loops"]) + sum(map(_looked_at, node.get("Plans", ())))
