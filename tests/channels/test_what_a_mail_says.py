"""The new words of mails as real programs write them."""

import pytest

from armature.crm.channels.email.quoted import new_words
from armature.crm.channels.html import html_to_text
from channels.mails import created, mail, sample

NEW_WORDS = {
    "gmail_answer_above": "It came today, thank you! But the blue cup is broken — can I get a new one?",
    "apple_german_flowed": "Guten Morgen, die Rücksendung liegt seit zwei Wochen bei Ihnen und ich habe noch kein Geld "
    "gesehen.\n\nWann kommt es?",
    "outlook_french": "Bonjour,\n\nLa facture est encore fausse, je voudrais résilier mon contrat.",
    "inline_answers": "Green, please.\n\nLarge.",
    "html_only": "Price of the „big“ box?\nI would like two.\n\n- one for me\n- one for my mother – in blue",
}


@pytest.mark.parametrize("name", NEW_WORDS)
def test_only_the_new_words_of_an_answer_are_read(name: str) -> None:
    said = created(sample(name))
    assert said.text == NEW_WORDS[name]
    assert (said.automatic, said.warning) == ("", "")
    assert len(said.full_text) > len(said.text)


@pytest.mark.parametrize(
    "header",
    [
        "On Tue, Mar 3, 2026 at 5:02 PM Support <support@crm.test> wrote:",
        "On Tue, Mar 3, 2026 at 5:02 PM Support\n<support@crm.test> wrote:",
        "Am Di., 3. März 2026 um 17:02 Uhr schrieb Support <support@crm.test>:",
        "Le mar. 3 mars 2026 à 17:02, Support <support@crm.test> a écrit :",
        "El mar, 3 mar 2026 a las 17:02, Support (<support@crm.test>) escribió:",
        "Il giorno mar 3 mar 2026 alle ore 17:02 Support <support@crm.test> ha scritto:",
        "Op di 3 mrt 2026 om 17:02 schreef Support <support@crm.test>:",
        "Em ter., 3 de mar. de 2026 às 17:02, Support <support@crm.test>\nescreveu:",
        "W dniu 3.03.2026 o 17:02, Support pisze i napisał(a):",
        "From: Support <support@crm.test>\nSent: Tuesday, March 3, 2026 5:02 PM\nTo: Ada\nSubject: Your order",
        "Von: Support <support@crm.test>\nGesendet: Dienstag, 3. März 2026 17:02\nAn: Ada\nBetreff: Ihre Bestellung",
    ],
)
def test_the_history_is_recognised_in_every_language_of_the_table(header: str) -> None:
    assert new_words(f"My new words.\n\n{header}\n\nold words") == "My new words."


def test_a_forwarded_mail_alone_is_its_own_words() -> None:
    text = "From: Bob <bob@customer.test>\nSent: today\nTo: Ada\nSubject: x\n\nLook at this"
    assert new_words(text) == text


def test_a_signature_is_cut_only_where_it_is_certain() -> None:
    assert new_words("Yes.\n\n-- \nAda\nExample Ltd.") == "Yes."
    assert new_words("Yes.\n\nSent from my iPhone") == "Yes."
    assert new_words("Yes.\nKind regards\nAda") == "Yes.\nKind regards\nAda"
    assert new_words("-- \nAda").startswith("--")


def test_a_line_that_only_looks_like_a_header_does_not_end_the_new_words() -> None:
    text = "Hello\nDo: send me the bill\nData: 5 GB\nOn Monday: call me\nThanks"
    assert new_words(text) == text


def test_html_becomes_text_without_scripts_and_styles() -> None:
    markup = "<style>p{}</style><p>a &lt; b<!-- <p>no -->&nbsp;c</p><script>if (a<b) {}</SCRIPT>d<br>e 1 < 2"
    assert html_to_text(markup) == "a < b c\n\nd\ne 1 < 2"


def test_a_sign_that_opens_no_tag_is_a_word() -> None:
    assert html_to_text("1 < 2 and 3 > 2<br>ok") == "1 < 2 and 3 > 2\nok"


def test_an_attached_text_is_a_file_and_not_what_was_said() -> None:
    body = (
        b"--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n--b\r\n"
        b'Content-Type: text/plain; name="=?utf-8?q?b=C3=A4d=0D=0A?="\r\n'
        b'Content-Disposition: attachment; filename="..\\\\evil\x00.txt"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        b"aGVs\r\nbG8\r\n--b--\r\n"
    )
    said = created(mail(body, Content_Type='multipart/mixed; boundary="b"'))
    assert said.text == "words"
    assert [(each.name, each.body, each.content_type) for each in said.attachments] == [
        ("..\\evil.txt", b"hello", "text/plain")
    ]


@pytest.mark.parametrize("words", ["👩🏽\u200d🚀", "می\u200cخواهم"], ids=["a joined picture", "Persian"])
def test_joiners_belong_to_the_letters_around_them(words: str) -> None:
    assert html_to_text(f"<p>{words}</p>") == words
