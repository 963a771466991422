"""Signed plus-addresses: the genuine ones bring a mail home, nothing else does."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from armature.crm.channels.email.address import (
    is_proof,
    message_id,
    proof_address,
    proof_mark,
    thread_address,
    thread_of,
)
from armature.crm.channels.port import Created, DeliveryChanged
from channels.mails import ACCOUNT, OUR_ID, created, events, mail

KEY = ACCOUNT.signing_key
OURS = ACCOUNT.address
THREADS = st.from_regex(r"[a-z0-9]{1,32}", fullmatch=True)


@given(THREADS)
def test_every_conversation_comes_home_whatever_case_the_address_got(thread: str) -> None:
    address = thread_address(OURS, thread, KEY)
    assert len(address.partition("@")[0]) <= 64
    assert thread_of(OURS, [address.upper()], KEY) == thread


@given(THREADS, st.data())
def test_one_changed_letter_makes_a_mark_worthless(thread: str, data: st.DataObject) -> None:
    address = thread_address(OURS, thread, KEY)
    at = data.draw(st.integers(len("support+"), address.index("@") - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789").filter(lambda each: each != address[at]))
    assert thread_of(OURS, [address[:at] + letter + address[at + 1 :]], KEY) == ""


@given(st.text(max_size=60))
def test_no_text_is_ever_taken_for_a_mark(text: str) -> None:
    assert thread_of(OURS, [f"support+{text}@crm.test"], KEY) == ""
    assert not is_proof(OURS, [f"support+p{text}@crm.test"], text, OUR_ID, KEY)


def test_a_mark_of_another_account_or_purpose_is_worthless() -> None:
    thread = thread_address(OURS, "k7", KEY)
    assert thread_of(OURS, [thread_address(OURS, "k7", b"another key of an account")], KEY) == ""
    assert thread_of(OURS, [thread.replace("crm.test", "customer.test")], KEY) == ""
    assert thread_of(OURS, [thread.replace("support", "sales")], KEY) == ""
    assert thread_of(OURS, [proof_address(OURS, OUR_ID, KEY)], KEY) == ""
    assert thread_of(OURS, [f"support+ck7{proof_mark('k7', KEY)}@crm.test"], KEY) == ""
    assert thread_of(OURS, [thread], b"") == ""


@pytest.mark.parametrize("header", ["Delivered_To", "X_Original_To", "To", "Cc", "Envelope_To"])
def test_the_mark_is_found_in_every_header_that_servers_use(header: str) -> None:
    address = thread_address(OURS, "k7", KEY)
    said = created(mail(**{"To": "x@customer.test", header: f"Support <{address}>"}, Subject="Anything"))
    assert said.thread == "k7"


def test_a_subject_or_a_reference_alone_never_threads() -> None:
    said = created(mail(Subject="Re: Your order [#k7]", In_Reply_To=f"<{OUR_ID}>", References=f"<a@b> <{OUR_ID}>"))
    assert said.thread == ""
    assert said.references == (OUR_ID, "a@b")


def test_our_own_copy_is_proof_and_never_an_interaction() -> None:
    ours = {"From": OURS, "Message_ID": f"<{OUR_ID}>"}
    expected = [DeliveryChanged(OUR_ID, "accepted", "our own copy of the mail arrived")]
    assert events(mail(**ours, Delivered_To=proof_address(OURS, OUR_ID, KEY))) == expected
    assert events(mail(**ours, X_Armature_Message=proof_mark(OUR_ID, KEY))) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"Message_ID": "<another@crm.test>"},
        {"From": "ada@customer.test"},
        {"X_Armature_Message": "aaaaaaaaaaaaaaaa"},
    ],
)
def test_a_proof_holds_for_one_mail_of_ours_only(change: dict[str, str]) -> None:
    ours = {"From": OURS, "Message_ID": f"<{OUR_ID}>", "X_Armature_Message": proof_mark(OUR_ID, KEY)}
    (event,) = events(mail(**(ours | change)))
    assert isinstance(event, Created)
    assert event.automatic


def test_a_key_or_address_that_makes_no_valid_mark_is_refused() -> None:
    with pytest.raises(ValueError, match="lower-case letters and digits"):
        thread_address(OURS, "No Thread", KEY)
    with pytest.raises(ValueError, match="too long"):
        thread_address("a-very-long-address-of-a-company@crm.test", "a" * 32, KEY)


def test_a_message_id_is_made_of_the_deliverys_key() -> None:
    key = UUID("0d1f8a6e-4c7b-4b0f-9b2e-2f6a0f3f7a11")
    assert message_id(key, "CRM.test") == OUR_ID
