"""Words that ship as data: the core's catalogues and sentences that a worker kept. They are translated where shown.

What a company changed, and what came from elsewhere, has no translation and stays as it is.
"""

from django.utils.translation import gettext, gettext_noop

from armature.arm.interaction import Value
from armature.arm.rule import FACTS

SHIPPED = (
    # Intents and kinds of issue.
    gettext_noop("Complaint"), gettext_noop("Problem: something does not work"), gettext_noop("Problem"),
    gettext_noop("Question"), gettext_noop("Praise"), gettext_noop("Thanks"), gettext_noop("Purchase interest"),
    gettext_noop("Cancellation"), gettext_noop("Suggestion"), gettext_noop("Press or partner request"),
    gettext_noop("Data request (privacy)"), gettext_noop("Spam"), gettext_noop("Something else"),
    gettext_noop("Support"), gettext_noop("Delivery"), gettext_noop("Billing"), gettext_noop("Sales"),
    gettext_noop("Product"), gettext_noop("Marketing"), gettext_noop("Legal"), gettext_noop("Jobs"),
    # Places, kinds of interaction, tiers, outcomes.
    gettext_noop("E-mail"), gettext_noop("Chat on our site"), gettext_noop("Form on our site"),
    gettext_noop("Text message"), gettext_noop("Forum"), gettext_noop("Blog"), gettext_noop("News and feeds"),
    gettext_noop("Review site"), gettext_noop("Phone"), gettext_noop("Letter"), gettext_noop("Fax"),
    gettext_noop("Face to face"), gettext_noop("Comment card"), gettext_noop("Survey"), gettext_noop("Focus group"),
    gettext_noop("Message"), gettext_noop("Comment"), gettext_noop("Review"), gettext_noop("Call"),
    gettext_noop("Survey answer"), gettext_noop("Meeting"), gettext_noop("Something done (a purchase, a sign-up)"),
    gettext_noop("Occasion (a renewal date)"), gettext_noop("None"), gettext_noop("Bronze"), gettext_noop("Silver"),
    gettext_noop("Gold"), gettext_noop("Platinum"), gettext_noop("Satisfied"), gettext_noop("Not satisfied"),
    gettext_noop("Silence"), gettext_noop("not known"), gettext_noop("yes"), gettext_noop("no"),
    # What is known, as its name on the spine.
    gettext_noop("What was said"), gettext_noop("Kind"), gettext_noop("Written by a machine"), gettext_noop("Channel"),
    gettext_noop("Public"), gettext_noop("In business hours"), gettext_noop("Intent"), gettext_noop("Kind of issue"),
    gettext_noop("Sentiment"), gettext_noop("Language"), gettext_noop("Confidence"),
    gettext_noop("Judged by a person"), gettext_noop("Followers"), gettext_noop("Tier"),
    gettext_noop("Complaints in 30 days"), gettext_noop("of these confirmed by nobody"),
    gettext_noop("Last product bought"), gettext_noop("Customer"),
)  # fmt: skip
"""The core knows no framework, so its words are named here for whoever makes a catalogue."""


def in_their_language(words: object) -> str:
    """Such words as their reader reads them."""
    return gettext(str(words))


def said(key: str, value: Value) -> str:
    """The value of a fact in words."""
    return in_their_language(FACTS[key].say(value))


def label_of(key: str) -> str:
    """The name of a fact."""
    return in_their_language(FACTS[key].label)
