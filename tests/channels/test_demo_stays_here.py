"""A demo calls nothing but this machine, whatever somebody sets up in it."""

from typing import Any

import pytest

from armature.crm.channels import http
from armature.crm.channels.addresses import Barred, mail_in_demo
from armature.crm.channels.email import login, sending
from armature.crm.channels.email.settings import MailSettings, Server
from armature.crm.channels.port import Unreachable
from armature.site.letters import Timely


@pytest.fixture
def demo(settings: Any) -> None:
    settings.DEMO = True


@pytest.mark.usefixtures("demo")
def test_a_server_outside_is_not_called_over_http_even_when_it_is_named(settings: Any) -> None:
    settings.MAY_CALL = ["192.0.2.7"]
    with pytest.raises(Barred, match="This is the demo: nothing of it leaves this machine"):
        http.call("GET", "http://192.0.2.7/")


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("security", ["tls", "starttls", "none"])
def test_a_mail_server_outside_is_not_called(security: str) -> None:
    at = Server("192.0.2.7", 25, security, "", "")
    with pytest.raises(Unreachable, match="This is the demo"), login.logged_in(_settings(at)):
        pass
    with pytest.raises(Unreachable, match="This is the demo"):
        sending.logged_in(_settings(at))


@pytest.mark.usefixtures("demo")
def test_letters_to_the_people_who_work_here_do_not_leave_either() -> None:
    with pytest.raises(OSError, match="This is the demo"):
        Timely(host="192.0.2.7", port=25, fail_silently=False).open()


@pytest.mark.usefixtures("demo")
def test_this_machine_is_called() -> None:
    mail_in_demo("127.0.0.1", 25)
    mail_in_demo("localhost", 25)


def _settings(at: Server) -> MailSettings:
    return MailSettings(incoming=at, outgoing=at, folders=("INBOX",), history_days=1, timeout=1)
