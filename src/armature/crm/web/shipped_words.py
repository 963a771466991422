"""Words that ship as data: the core's catalogues and sentences that a worker kept. They are translated where shown.

What a company changed, and what came from elsewhere, has no translation and stays as it is.
"""

from django.utils.translation import gettext, gettext_noop

from armature.arm.intent import INTENTS
from armature.arm.interaction import Value
from armature.arm.rule import FACTS
from armature.crm.act import news, outbox

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
    gettext_noop("Event"),
    gettext_noop("Message"), gettext_noop("Comment"), gettext_noop("Review"), gettext_noop("Call"),
    gettext_noop("Survey answer"), gettext_noop("Meeting"), gettext_noop("Something done (a purchase, a sign-up)"),
    gettext_noop("Occasion (a renewal date)"), gettext_noop("None"), gettext_noop("Bronze"), gettext_noop("Silver"),
    gettext_noop("Gold"), gettext_noop("Platinum"), gettext_noop("Satisfied"), gettext_noop("Not satisfied"),
    gettext_noop("Silence"), gettext_noop("not known"), gettext_noop("yes"), gettext_noop("no"),
    # What is known, as its name on the spine.
    gettext_noop("What was said"), gettext_noop("Heard by the query"), gettext_noop("Written by"),
    gettext_noop("Kind"), gettext_noop("Written by a machine"), gettext_noop("Channel"),
    gettext_noop("Public"), gettext_noop("In business hours"), gettext_noop("Intent"), gettext_noop("Kind of issue"),
    gettext_noop("Sentiment"), gettext_noop("Language"), gettext_noop("Confidence"),
    gettext_noop("Judged by a person"), gettext_noop("Followers"), gettext_noop("Tier"),
    gettext_noop("Complaints in 30 days"), gettext_noop("of these confirmed by nobody"),
    gettext_noop("Last product bought"), gettext_noop("Customer"),
    gettext_noop("Kind of survey"), gettext_noop("Rating given"),
    gettext_noop("CSAT (1 to 5)"), gettext_noop("NPS (0 to 10)"), gettext_noop("CES (1 to 7)"),
    gettext_noop("Only questions of our own"),
    gettext_noop("How the call ended"), gettext_noop("Answered"), gettext_noop("Nobody answered"),
    gettext_noop("Line busy"), gettext_noop("Failed"), gettext_noop("Voicemail left"),
    gettext_noop("What they say or do"), gettext_noop("What we start: a call we make"),
    gettext_noop("An incident, answered for many"),
    # What rules say, and what comes after them.
    gettext_noop("Why it was written"), gettext_noop("The answer"),
    gettext_noop("A person, who sees no suggestion"), gettext_noop("A person, who sees what the reader suggests"),
    gettext_noop("Filled in; a person confirms with one key"), gettext_noop("The reader; nobody looks"),
    gettext_noop("Written from nothing"), gettext_noop("A canned response is offered"),
    gettext_noop("It begins with a canned response"),
    gettext_noop("A person judges"), gettext_noop("Judging team"), gettext_noop("Minutes to judge"),
    gettext_noop("Team"), gettext_noop("Priority"), gettext_noop("Minutes to answer"), gettext_noop("Reply"),
    gettext_noop("Approval needed"), gettext_noop("Template"), gettext_noop("Executive"), gettext_noop("Incentive"),
    gettext_noop("What happens"), gettext_noop("Reason"), gettext_noop("Sent by"), gettext_noop("Goes on in private"),
    gettext_noop("Copy to team"), gettext_noop("Answer"), gettext_noop("Written at"),
    gettext_noop("Executive's decision"), gettext_noop("Approved"), gettext_noop("Feedback"),
    # What came of a judgement.
    gettext_noop("answered"), gettext_noop("internal"), gettext_noop("noted"), gettext_noop("no response"),
    gettext_noop("resolved"), gettext_noop("closed"), gettext_noop("spam"), gettext_noop("merged"),
    # What is doubtful about a message, and why nothing can be answered.
    gettext_noop("Somebody who has not written in this conversation before answers in it: check who it is."),
    gettext_noop("The text is longer than a million characters: the rest is in the original mail."),
    gettext_noop("The mail names no sender."), gettext_noop("The mail is empty: there is nothing to read."),
    gettext_noop("The mail has too many header lines: only the first were read."),
    gettext_noop("There is no recipient: add an address."), gettext_noop("This channel only takes in."),
    gettext_noop("one of our own mails came back"), gettext_noop("our own copy of the mail arrived"),
    gettext_noop("sent without a return path, as only machines do"),
    gettext_noop("asks for no automatic answer (X-Auto-Response-Suppress)"),
    gettext_noop("a mass mailing (List-Unsubscribe)"), gettext_noop("a mail server's report"),
    gettext_noop("an out-of-office answer, told by its subject"),
    # The map and the tables that ship.
    gettext_noop("The baseline that ships"),
)  # fmt: skip
"""The core and the channels know no framework, so their words are named here for whoever makes a catalogue."""
NAMES = frozenset({"Mastodon", "Bluesky", "Facebook", "Instagram", "X", "LinkedIn", "YouTube", "TikTok", "Reddit",
                   "WhatsApp", "Telegram", "Matrix", "WordPress", "Webmention"})  # fmt: skip
"""The same in every language."""
BEGINNINGS = (news.BOUNCED, outbox.NO_FILE)


def in_their_language(words: object) -> str:
    """Such words as their reader reads them; of those that go on with what another side said, the beginning."""
    kept = str(words)
    begins = next((one for one in BEGINNINGS if kept.startswith(one) and kept != one), "")
    return gettext(begins) + kept[len(begins) :] if begins else gettext(kept)


def said(key: str, value: Value) -> str:
    """The value of a fact in words."""
    return in_their_language(FACTS[key].say(value))


def label_of(key: str) -> str:
    """The name of a fact."""
    return in_their_language(FACTS[key].label)


def intents() -> dict[str, str]:
    """Key to words of every intent."""
    return {key: gettext(label) for key, label in INTENTS.items()}


def short_intents() -> dict[str, str]:
    """The same for narrow places."""
    return {key: short_intent(key) for key in INTENTS}


def short_intent(key: str) -> str:
    """One of them: what stands before a colon is enough. Nothing for none."""
    label = INTENTS.get(key, "").partition(":")[0]
    return gettext(label) if label else ""
