"""Letters to the people who work here go out by Django, but a server that never comes to an end holds nobody up."""

from collections.abc import Callable
from functools import partial
from smtplib import SMTP

from django.core.mail.backends.smtp import EmailBackend

from armature.crm.channels.addresses import Barred, mail_in_demo
from armature.crm.channels.email import outgoing, sending


class Timely(EmailBackend):
    """The usual way, in talks that are over in time however slowly the server speaks."""

    @property
    def connection_class(self) -> Callable[..., SMTP]:  # type: ignore[override]  # made by a function, not a class
        """One talk: a few times as long as for one answer, with everything."""
        try:
            mail_in_demo(str(self.host), int(self.port))
        except Barred as barred:  # told like a server that is not there
            raise OSError(str(barred)) from None
        talk = outgoing.Encrypted if self.use_ssl else outgoing.Plain
        return partial(talk, seconds=(self.timeout or 10) * sending.TALK)
