"""What is said of the kinds of channel on the pages: what each is for, which place it usually is, what a choice means.

A kind that is not named here (a plug-in's) stands with its label alone, and its place is chosen by whoever sets it up.
"""

from collections.abc import Mapping

from django.utils.translation import gettext, gettext_lazy

WHAT: Mapping[str, object] = {
    "bluesky": gettext_lazy("Mentions, answers and quotes of an account."),
    "calls": gettext_lazy("Who called and how it ended, told by the phone system or brought in as a list."),
    "email": gettext_lazy("A mailbox that we read, and answer from."),
    "facebook": gettext_lazy("Messages, posts and comments of a page."),
    "feed": gettext_lazy("What a site publishes. It is heard, and cannot be answered there."),
    "instagram": gettext_lazy("Messages and comments of a professional account."),
    "letter": gettext_lazy("Paper that you scan and check; answers are printed."),
    "lines": gettext_lazy("Face to face, focus groups, events, and what other programs hand in."),
    "mail_provider": gettext_lazy("A provider takes the mail in and hands it to us; answers leave over its server."),
    "mastodon": gettext_lazy("Mentions and direct messages of an account."),
    "matrix": gettext_lazy("Rooms that an account of ours is in."),
    "sms": gettext_lazy("Text messages over a gateway of your own."),
    "telegram": gettext_lazy("A bot: people write to it, or in groups that it is in."),
    "web": gettext_lazy("A page of ours where customers write, and a bubble on your sites."),
    "webhook": gettext_lazy("Any other program of yours hands messages in and takes the answers."),
    "webmention": gettext_lazy("Other sites tell us that they write about our pages."),
    "whatsapp": gettext_lazy("A business number."),
    "wordpress": gettext_lazy("Comments on the posts of a site."),
}
USUAL_PLACE: Mapping[str, str] = {
    "calls": "phone", "feed": "news", "mail_provider": "email", "web": "web_form", "webmention": "blog",
    "wordpress": "blog",
}  # fmt: skip
CHOICES: Mapping[str, object] = {
    "tls": gettext_lazy("TLS from the start"),
    "starttls": gettext_lazy("STARTTLS"),
    "none": gettext_lazy("None, inside one network only"),
    "mentions": gettext_lazy("What is said to it"),
    "everything": gettext_lazy("All that is said"),
    "public": gettext_lazy("For everybody, and in the timelines"),
    "unlisted": gettext_lazy("For everybody, but in no timeline"),
    "mailersend": "MailerSend", "mailgun": "Mailgun", "mailjet": "Mailjet", "mandrill": "Mandrill", "postal": "Postal",
    "postmark": "Postmark", "sendgrid": "SendGrid", "sparkpost": "SparkPost",
}  # fmt: skip


def choice(key: str) -> str:
    """A choice of a setting as it is read."""
    return str(CHOICES[key]) if key in CHOICES else gettext(key)
