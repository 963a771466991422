"""Letters to colleagues: a server that never comes to an end holds no worker and no page."""

import smtplib
import time

import pytest
from django.core.mail import EmailMessage, get_connection

from armature.crm.channels.email import sending
from mail.scripted import scripted

BACKEND = "armature.site.letters.Timely"


def _sent(port: int) -> None:
    connection = get_connection(BACKEND, host="127.0.0.1", port=port, timeout=1, use_tls=False)
    EmailMessage("Hello", "One notice.", "desk@crm.test", ["mona@crm.test"], connection=connection).send()


@pytest.mark.parametrize("little", ["drip 2", "drip 250-more\r\n"], ids=["letters", "lines"])
@pytest.mark.parametrize("moment", ["greeting", "EHLO", "RCPT", "body"])
def test_a_server_that_never_comes_to_an_end_is_given_up(
    moment: str, little: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TALK", 1)
    began = time.monotonic()
    with scripted(**{moment: little}) as server, pytest.raises((smtplib.SMTPException, OSError)):
        _sent(server.port)
    assert time.monotonic() - began < 15


def test_a_farewell_that_never_ends_does_not_undo_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TALK", 1)
    with scripted(QUIT="drip 2") as server:
        _sent(server.port)
        assert server.bodies == 1


def test_letters_go_out_that_way(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import subprocess
    import sys

    told = {**os.environ, "ARMATURE_MAIL": "smtp://localhost:2525?from=desk@crm.test&plain=1"}
    asked = "from armature.site import settings; print(settings.EMAIL_BACKEND)"
    done = subprocess.run([sys.executable, "-c", asked], env=told, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == BACKEND
