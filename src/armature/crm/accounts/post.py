"""Mail to the people who work here. Customers' mail goes through channels."""

import logging
import smtplib

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)


def mail(to: str, subject: str, words: str) -> str:
    """Send a letter; why it did not go out, in words, empty when it did."""
    if not settings.MAIL_GOES_OUT:
        return _("This installation sends no mail (ARMATURE_MAIL is not set).")
    try:
        send_mail(subject, words, None, [to])
    except (OSError, smtplib.SMTPException) as problem:
        logger.warning("a letter could not be sent: %s", problem)
        return _("It could not be mailed: {problem}").format(problem=problem)
    return ""
