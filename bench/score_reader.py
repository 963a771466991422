"""How well the starter reader reads sets that others wrote: ``python bench/score_reader.py --data FOLDER``.

Nothing of the sets goes into the reader. Rows are halved by a hash of their text; sentences and lexicons were improved
while looking at figures of the ``tune`` half only, and ``score`` (the default) is the other. ``MAPS`` says which label
of a set counts as which intent; labels that fit none are left out. Where labels tell the matter but not the mood,
complaint and problem count as one: trouble.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from armature.arm import Reading
from armature.crm.understand import reader

MAPS: dict[str, dict[str, str]] = {
    "banking77": {
        "cancel": "cancel_transfer terminate_account",
        "trouble": "card_not_working contactless_not_working virtual_card_not_working declined_card_payment "
        "declined_cash_withdrawal declined_transfer failed_transfer top_up_failed pin_blocked passcode_forgotten "
        "lost_or_stolen_card lost_or_stolen_phone compromised_card card_swallowed unable_to_verify_identity "
        "balance_not_updated_after_bank_transfer balance_not_updated_after_cheque_or_cash_deposit "
        "transfer_not_received_by_recipient Refund_not_showing_up direct_debit_payment_not_recognised "
        "cash_withdrawal_not_recognised card_payment_not_recognised transaction_charged_twice "
        "wrong_amount_of_cash_received reverted_card_payment? top_up_reverted",
        "question": "age_limit atm_support automatic_top_up card_acceptance card_delivery_estimate country_support "
        "disposable_card_limits edit_personal_details exchange_rate exchange_via_app fiat_currency_support "
        "supported_cards_and_currencies top_up_by_bank_transfer_charge top_up_by_card_charge top_up_limits "
        "transfer_timing verify_my_identity verify_source_of_funds why_verify_identity visa_or_mastercard "
        "receiving_money transfer_into_account topping_up_by_card top_up_by_cash_or_cheque change_pin activate_my_card "
        "apple_pay_or_google_pay verify_top_up card_linking",
    },
    "clinc150": {
        "thanks": "thank_you",
        "cancel": "cancel_reservation",
        "trouble": "damaged_card lost_luggage report_lost_card report_fraud account_blocked card_declined",
        "purchase": "book_hotel book_flight car_rental restaurant_reservation new_card",
        "question": "routing interest_rate balance bill_due min_payment apr international_fees expiration_date "
        "order_status application_status carry_on insurance vaccines travel_alert international_visa "
        "accept_reservations "
        "confirm_reservation replacement_card_duration rewards_balance credit_score bill_balance flight_status "
        "exchange_rate credit_limit improve_credit_score",
        "other": "greeting goodbye yes no maybe tell_joke flip_coin roll_dice timer alarm play_music next_song "
        "change_volume are_you_a_bot what_is_your_name meaning_of_life do_you_have_pets how_old_are_you "
        "where_are_you_from what_are_your_hobbies who_made_you fun_fact calculator spelling weather time date",
    },
    "sms_spam": {"spam": "spam", "not spam": "ham"},
    "purchase_intent_tweets": {"purchase": "purchase_interest", "not purchase": "no"},
}
FEELINGS = ("vader_tweets", "vader_amazon")
CUT = 0.125
"""Their scale is -4 to 4 and cut at 0.5; ours is -1 to 1."""


class Answer(NamedTuple):
    """One text: what it is, what it was read as, how sure."""

    truth: str
    read: str
    sure: float


def rows(folder: Path, name: str, half: str) -> list[dict[str, str]]:
    """The rows of one half."""
    lines = (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    found = (json.loads(line) for line in lines)
    return [row for row in found if (crc32(row["text"].encode()) % 2 == 0) == (half == "tune")]


def as_answer(truth: str, reading: Reading, classes: Iterable[str]) -> Answer:
    """The reading in the classes of the set: what it does not have is ``other``, or not the one class asked for."""
    read = reading.intent
    if "trouble" in classes and read in ("complaint", "problem"):
        read = "trouble"
    if read not in classes:
        read = next((name for name in classes if name.startswith("not ")), "other")
    return Answer(truth, read, reading.confidence)


def intents(folder: Path, name: str, half: str) -> list[tuple[Answer, str]]:
    """Answers of a set with intents, each with its text."""
    truth = {label: key for key, labels in MAPS[name].items() for label in labels.split()}
    kept = [row for row in rows(folder, name, half) if row["label"] in truth]
    read = reader.load().read([row["text"] for row in kept], [""] * len(kept))
    return [(as_answer(truth[r["label"]], one, MAPS[name]), r["text"]) for r, one in zip(kept, read, strict=True)]


def feelings(folder: Path, name: str, half: str) -> list[tuple[Answer, str]]:
    """Answers of a set with feelings."""
    kept = rows(folder, name, half)
    read = reader.load().read([row["text"] for row in kept], ["en"] * len(kept))
    said = ["positive" if r.sentiment > CUT else "negative" if r.sentiment < -CUT else "neutral" for r in read]
    return [(Answer(r["label"], s, abs(o.sentiment)), r["text"]) for r, s, o in zip(kept, said, read, strict=True)]


def share(part: int, whole: int) -> float:
    """A share; of nothing it is nought."""
    return part / whole if whole else 0.0


def report(name: str, answers: list[Answer]) -> str:
    """The figures of one set."""
    lines, scores = [f"\n{name}: {len(answers)} texts"], []
    for key in sorted({a.truth for a in answers}):
        right = sum(a.truth == a.read == key for a in answers)
        read, true = (sum(getattr(a, side) == key for a in answers) for side in ("read", "truth"))
        precision, recall = share(right, read), share(right, true)
        scores.append(share(1, 1) * 2 * precision * recall / (precision + recall) if right else 0.0)
        lines.append(f"  {key:14} precision {precision:.3f}  recall {recall:.3f}  F1 {scores[-1]:.3f}  ({true})")
    sure = [a for a in answers if a.sure >= 0.8]
    lines.insert(
        1,
        f"  macro-F1 {share(1, len(scores)) * sum(scores):.3f}, accuracy "
        f"{share(sum(a.truth == a.read for a in answers), len(answers)):.3f}; sure (>= 0.8): "
        f"{share(len(sure), len(answers)):.3f} of texts, "
        f"{share(sum(a.truth == a.read for a in sure), len(sure)):.3f} right; "
        f"calibration error {calibration_error(answers):.3f}",
    )
    return "\n".join(lines)


def calibration_error(answers: list[Answer]) -> float:
    """Mean distance between how sure the reader was and how often it was right, over ten bins."""
    bins: dict[int, list[Answer]] = {}
    for answer in answers:
        bins.setdefault(min(int(answer.sure * 10), 9), []).append(answer)
    gaps = (abs(sum(a.sure for a in b) - sum(a.truth == a.read for a in b)) for b in bins.values())
    return sum(gaps) / max(len(answers), 1)


def main() -> None:
    """Score and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, required=True, help="folder with the sets as JSON lines")
    options.add_argument("--half", choices=("tune", "score"), default="score")
    options.add_argument(
        "--misses", type=int, default=0, help="print so many misread texts of each set (tune half only)"
    )
    chosen = options.parse_args()
    for name in (*MAPS, *FEELINGS):
        found = (intents if name in MAPS else feelings)(chosen.data, name, chosen.half)
        sys.stdout.write(report(name, [answer for answer, _ in found]) + "\n")
        missed = [(a, text) for a, text in found if a.truth != a.read] if chosen.half == "tune" else []
        for answer, text in missed[:: max(1, len(missed) // max(chosen.misses, 1))][: chosen.misses]:
            sys.stdout.write(f"    {answer.truth} read as {answer.read} ({answer.sure:.2f}): {text[:110]}\n")
        kinds = Counter((a.truth, a.read) for a, _ in found if a.truth != a.read)
        sys.stdout.write("  misread: " + ", ".join(f"{t} as {r} {n}" for (t, r), n in kinds.most_common(8)) + "\n")


if __name__ == "__main__":
    main()
