"""Nothing that can be sent breaks the reading, and nothing takes long."""

import email.policy
import sys
import time
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from armature.crm.channels.email.message_ids import event_key
from armature.crm.channels.email.plain import as_text
from armature.crm.channels.port import Created
from channels.mails import RECEIVED, created, events, mail, sample

CPU_SECONDS = 5.0 if sys.gettrace() is None else 20.0
"""Far above what is needed, far below what anything quadratic takes on these sizes."""


def texts(said: Created) -> list[str]:
    names = [each.name + each.content_type + each.content_id for each in said.attachments]
    more = [said.external_id, said.author, said.author_name, said.subject, said.text, said.full_text, said.html]
    return [*names, *more, said.warning, said.automatic, said.reply_to, *said.references, *said.recipients]


def storable(text: str) -> bool:
    text.encode("utf-8")
    return "\x00" not in text


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400) | st.sampled_from([b"\n", b"\r\n\r\n", b"From \n", b":\n\n", b"\x00" * 9]))
@example(b" \x00")
def test_random_bytes_are_refused_or_give_clean_text(raw: bytes) -> None:
    try:
        found = events(raw)
    except ValueError:
        assert not raw.strip()
        return
    assert all(storable(text) for event in found if isinstance(event, Created) for text in texts(event))


HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            "From To Cc Reply-To Subject Date Message-ID References In-Reply-To Content-Type Content-Disposition "
            "Content-Transfer-Encoding Authentication-Results Auto-Submitted Delivered-To Return-Path".split()
        ),
        st.binary(max_size=60)
        | st.sampled_from(
            [
                b"multipart/mixed; boundary=b",
                b"multipart/report; boundary=b",
                b"message/delivery-status",
                b"text/html; charset=punycode",
                b"text/plain; charset=utf-7; format=flowed",
                b"attachment; filename*0*=utf-8''%F0%9F; filename*1=\"\r\n x\"",
                b"base64",
                b"quoted-printable",
                b"x-uuencode",
                b"=?utf-8?q?=0D=0AX:_1=00?= =?x?b?!?=",
                b"((((((((" * 6,
                b"Group: a@b, c@d;",
                b"undisclosed-recipients:;",
                b"Fri, 31 Feb 9999 99:99:99 +9999",
            ]
        ),
    ),
    max_size=14,
)
LINES = [b"--b\r\n", b"--b--\r\n", b"\r\n", b"Content-Type: ", b"text/html\r\n\r\n"]
BODIES = st.lists(st.sampled_from(LINES) | st.binary())


@settings(max_examples=400, deadline=None)
@given(HEADERS, BODIES)
def test_headers_and_parts_of_any_badness_are_read(headers: list[tuple[str, bytes]], body: list[bytes]) -> None:
    head = b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers)
    for event in events(head + b"\r\n" + b"".join(body) + b"x"):
        if isinstance(event, Created):
            assert all(storable(text) for text in texts(event))
            assert event.occurred_at <= RECEIVED


def nested(depth: int) -> bytes:
    heads = [f'Content-Type: multipart/mixed; boundary="b{at}"\r\n\r\n--b{at}\r\n' for at in range(depth)]
    return "".join(heads).encode() + b"Content-Type: text/plain\r\n\r\ninnermost"


BOMBS = {
    "depth": nested(5_000),
    "one boundary for all": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" * 20_000,
    "parts": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 300_000,
    "digests": b"Content-Type: multipart/digest; boundary=b\r\n\r\n" + b"--b\r\n\r\nSubject: x\r\n" * 100_000,
    "headers": mail().replace(b"\r\n\r\n", b"\r\n" + b"X-Same: value\r\n" * 200_000 + b"\r\n"),
    "recipients": mail(To=", ".join(f"a{at}@customer.test" for at in range(50_000))),
    "comments": mail(From="(" * 200_000),
    "quotes": mail(From='"' * 199_999, To="<" * 100_000),
    "encoded words": mail(Subject="=?utf-8?q?a?= " * 50_000),
    "broken encoded words": mail(Subject="=?" * 100_000),
    "parameters": mail(Content_Type="text/plain; " + 'a=";' * 50_000),
    "continued parameters": mail(Content_Disposition="a" + "".join(f"; filename*{at}=a" for at in range(20_000))),
    "references": mail(References="<a@b> " * 100_000),
    "brackets": mail(References="<" * 500_000),
    "fifty megabytes": mail(b"0123456789 abcdef\r\n" * 2_700_000),
    "quoted lines": mail(b"> " * 100 + b"\n> x" * 300_000),
    "header like lines": mail(b"On a a a a a a a a a a a a a a a a a a a a a a a a a a\n" * 5_000),
    "from like lines": mail(b"From: From: From:\nSent:  \nTo:\n" * 5_000),
    "one long line": mail(b"On " + b"a " * 500_000 + b"wrot"),
    "languages": mail(b"Am Le El Il Op On " * 20_000 + b":\n"),
    "spaces": mail(b" " * 1_000_000 + b"x"),
    "html depth": mail(b"<div>" * 300_000, Content_Type="text/html"),
    "html open comments": mail(b"<!--" * 300_000, Content_Type="text/html"),
    "html open tags": mail(b"<" * 900_000, Content_Type="text/html"),
    "html open scripts": mail(b"<script>" * 100_000, Content_Type="text/html"),
    "html numbers": mail(b"&#" + b"9" * 900_000, Content_Type="text/html"),
    "slow charset": mail(b"a-" + b"b" * 300_000, Content_Type="text/plain; charset=punycode"),
    "status blocks": b"Content-Type: message/delivery-status\r\n\r\n" + b"Action: failed\r\n\r\n" * 100_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_no_shape_of_mail_takes_long(name: str) -> None:
    before = time.process_time()
    event_key(BOMBS[name])
    events(BOMBS[name])
    assert time.process_time() - before < CPU_SECONDS


@pytest.mark.parametrize(
    ("name", "words"),
    [("depth", "nested deeper than 20"), ("parts", "more than 500 parts"), ("headers", "too many header lines")],
)
def test_what_was_left_out_is_said(name: str, words: str) -> None:
    assert words in created(BOMBS[name]).warning


def test_a_mail_of_which_only_the_beginning_was_fetched_says_so() -> None:
    (event,) = events(mail(), "message/rfc822; cut=90000000")
    assert isinstance(event, Created)
    assert "90,000,000 bytes" in event.warning


def test_an_empty_mail_is_refused_in_words() -> None:
    with pytest.raises(ValueError, match="empty"):
        events(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Thu, 5 Mar 2026 10:00:00 +0100", datetime(2026, 3, 5, 9, tzinfo=UTC)),
        ("Thu, 5 Mar 2026 10:00:00 -0000", datetime(2026, 3, 5, 10, tzinfo=UTC)),
        ("Sat, 7 Mar 2026 10:00:00 +0000", RECEIVED),
        ("Thu, 1 Jan 1970 00:00:00 +0000", RECEIVED),
        ("yesterday", RECEIVED),
        ("Mon, 1 Jan 99999 00:00:00 +0000", RECEIVED),
        ("", RECEIVED),
    ],
)
def test_a_date_that_cannot_be_is_replaced_by_the_arrival(date: str, expected: datetime) -> None:
    assert created(mail(Date=date)).occurred_at == expected


def test_line_breaks_hidden_in_a_subject_do_not_survive() -> None:
    said = created(mail(Subject="=?utf-8?q?Hello=0D=0ABcc=3A_all@customer.test=00?="))
    assert said.subject == "Hello Bcc: all@customer.test"


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"gr\xfc\xdfe", "iso-8859-1", "grüße"),
        (b"\x93so\x94", "iso-8859-1", "“so”"),
        (b"gr\xc3\xbc\xc3\x9fe", "us-ascii", "grüße"),
        (b"gr\xfc\xdfe", "x-unknown", "grüße"),
        (b"gr\xc3\xbc\xc3\x9fe", "", "grüße"),
        ("日本".encode("iso-2022-jp"), "iso-2022-jp", "日本"),
        (b"a\x00b\x1b[31m", "utf-8", "ab[31m"),
        (b"\xed\xa0\x80", "utf-8", "í\xa0€"),
        (b"abc", "idna", "abc"),
    ],
)
def test_bytes_become_text_whatever_they_are_called(raw: bytes, charset: str, text: str) -> None:
    assert as_text(raw, charset) == text


def test_a_mail_without_message_id_is_known_by_its_bytes() -> None:
    first, second = mail(Message_ID=""), mail("Another", Message_ID="")
    assert event_key(first) == event_key(first) != event_key(second)
    assert event_key(first).startswith("created:sha256:")
    assert event_key(mail("one")) == event_key(mail("two")) == "created:m1@customer.test"
    assert len(event_key(mail(Message_ID=f"<{'a' * 5000}@b>"))) < 300


def test_group_addresses_and_empty_ones_are_no_people() -> None:
    assert created(mail(To="Friends: a@x.test, B <b@x.test>;", Cc="undisclosed-recipients:;, <>")).recipients == (
        "a@x.test",
        "b@x.test",
    )


def test_a_sample_reads_the_same_with_any_line_ends() -> None:
    unix = sample("gmail_answer_above")
    assert created(unix).text == created(unix.replace(b"\n", b"\r\n")).text


@settings(max_examples=100, deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200).filter(str.strip),
    st.binary(max_size=300),
)
def test_what_the_standard_library_writes_comes_out_as_it_went_in(subject: str, body: bytes) -> None:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["Subject"] = "ada@customer.test", " ".join(subject.split())
    message.set_content("words")
    message.add_attachment(body, maintype="application", subtype="pdf", filename="a b.pdf")
    said = created(message.as_bytes())
    assert said.subject == " ".join(subject.split())
    assert [(each.name, each.body) for each in said.attachments] == [("a b.pdf", body)]
    assert said.text == "words"


def test_many_parts_inside_many_parts_are_read_up_to_a_number() -> None:
    inner = b"".join(b"\r\n--b\r\n\r\nx" for _ in range(40)) + b"\r\n--b--"
    outer = b"".join(b'\r\n--a\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n' + inner for _ in range(40))
    said = created(mail(outer + b"\r\n--a--\r\n", Content_Type='multipart/mixed; boundary="a"'))
    assert said.warning == "The mail has more than 500 parts: the others were not read."
    assert said.text.startswith("x")


def test_a_mail_of_parts_without_a_boundary_is_read_as_one_text() -> None:
    assert created(mail("--b\r\n\r\nHello", Content_Type="multipart/mixed")).text.endswith("Hello")


def test_encoded_words_that_cannot_be_decoded_stay_as_they_came() -> None:
    assert created(mail(Subject="=?utf-8?b?a?= and more")).subject == "=?utf-8?b?a?= and more"


@pytest.mark.parametrize(
    ("field", "name"),
    [
        (b"attachment; filename*=utf-8''b%C3%A4d.txt", "bäd.txt"),
        (b"attachment; filename*=x; filename*0=y", ""),
    ],
)
def test_a_file_keeps_its_encoded_name_and_loses_one_that_makes_no_sense(field: bytes, name: str) -> None:
    body = b"--b\r\n\r\nwords\r\n--b\r\nContent-Disposition: " + field + b"\r\n\r\nx\r\n--b--\r\n"
    said = created(mail(body, Content_Type='multipart/mixed; boundary="b"'))
    assert [each.name for each in said.attachments] == [name]


@given(st.binary(max_size=80))
def test_any_bytes_are_read_as_base64_as_far_as_they_go(raw: bytes) -> None:
    body = b"Content-Transfer-Encoding: base64\r\n\r\n" + raw
    said = created(b"From: ada@customer.test\r\nMessage-ID: <m1@customer.test>\r\n" + body)
    assert storable(said.text)
