"""A part that is told to stop finishes what it is doing: a page its answer, a worker its sending."""

import os
import signal
import socket
import threading
from pathlib import Path

import psycopg
from alone import Alone

from armature import postgres
from killing.ground import until

ANSWER = """
import sys
from armature.crm import jobs
from armature.crm.accounts.models import User
from armature.crm.act import approvals, commands, queries, responses
ann, ben = (User.objects.get(email=f"{name}@shop.example") for name in ("ann", "ben"))
case = queries.case_for(ann, int(sys.argv[1]))
if case.form == "intent":
    commands.judge_intent(ann, case, intent="complaint")
    jobs.go_on(case.conversation_id)
case = queries.case_for(ann, case.pk)
response = responses.write(ann, case, text="We mend it.", seen=queries.last_said(case))
jobs.go_on(case.conversation_id)
case = queries.case_for(ann, case.pk)
if case.form == "approval":
    response = queries.response_for(ben, response.pk)
    approvals.approve(ben, response, digest=response.digest)
    jobs.go_on(case.conversation_id)
"""


def _refuses(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return True
    return False


def test_a_page_that_is_being_made_when_the_server_is_told_to_stop_is_still_answered(alone: Alone) -> None:
    case, ann, came = alone.case(), alone.person(), []
    note = threading.Thread(target=lambda: came.append(ann._post(f"/case/{case}/note", {"text": "The last words."})))
    with psycopg.connect(alone.cluster.url(role=postgres.OWNER)) as owner:
        owner.execute("LOCK TABLE act_note IN ACCESS EXCLUSIVE MODE")
        note.start()
        waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%act_note%'"
        until(lambda: bool(alone.asked(waiting)), 60, "a page that waits")
        alone.parts["web"].send_signal(signal.SIGTERM)
        until(lambda: _refuses(alone.ground.port), 60, "a server that takes no more")
        assert came == [] and alone.parts["web"].poll() is None
        owner.rollback()
    note.join(60)
    assert came == [200]
    assert alone.parts["web"].wait(40) == 0
    assert alone.asked("SELECT text FROM act_note WHERE case_id = %s", case) == [("The last words.",)]


def _at_the_gate(alone: Alone) -> tuple[int, str]:
    """A response whose sending has begun and waits: the case, and the pipe."""
    gate = alone.ground.folder / f"gate-{alone.said}"
    os.mkfifo(gate)
    wait_there = "UPDATE listen_channel SET settings = settings || jsonb_build_object('gate', %s::text, 'pause', 0)"
    with psycopg.connect(alone.cluster.url(role=postgres.OWNER)) as owner:
        owner.execute(wait_there, [str(gate)])
    case = alone.case()
    alone.run(ANSWER, str(case))
    until(lambda: _states(alone, case) == ["sending"], 60, "a worker that sends")
    return case, str(gate)


def _states(alone: Alone, case: int) -> list[str]:
    look = "SELECT d.state FROM act_delivery d JOIN act_response r ON r.id = d.response_id WHERE r.case_id = %s"
    return [state for (state,) in alone.asked(f"{look} ORDER BY d.id", case)]


def _lines(alone: Alone) -> int:
    return len(alone.ground.ledger.read_text().splitlines())


def test_a_worker_that_is_told_to_stop_while_it_sends_finishes_sending(alone: Alone) -> None:
    before, (case, gate) = _lines(alone), _at_the_gate(alone)
    worker = alone.parts["worker"]
    worker.send_signal(signal.SIGTERM)
    os.close(os.open(gate, os.O_WRONLY))
    assert worker.wait(60) == 0
    assert (_states(alone, case), _lines(alone)) == (["sent"], before + 1)


def test_what_a_worker_was_sending_when_its_time_to_stop_was_over_is_asked_about_and_not_sent_again(
    alone: Alone,
) -> None:
    before, (case, gate) = _lines(alone), _at_the_gate(alone)
    worker = alone.parts["worker"]
    worker.send_signal(signal.SIGTERM)
    worker.kill()  # as whoever looks after it does in the end
    worker.wait(60)
    Path(gate).unlink()
    assert _states(alone, case) == ["sending"]
    with psycopg.connect(alone.cluster.url(role=postgres.OWNER)) as owner:
        owner.execute("UPDATE act_delivery SET claimed_at = claimed_at - interval '6 minutes'")
    alone.whole()
    until(lambda: _states(alone, case) == ["unknown"], 60, "the doubt")
    assert alone.case(), "the worker is at work"
    assert (_states(alone, case), _lines(alone)) == (["unknown"], before)
