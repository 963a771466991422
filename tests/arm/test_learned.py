"""A reader that learns: the same every time, the same in every batch, honest about what it does not know."""

import numpy as np
import pytest

from armature.arm.intent import INTENTS
from armature.arm.understand.learned import hints, pieces, sure
from armature.arm.understand.learned.learn import Lesson, learn
from armature.arm.understand.learned.measure import calibration_error, figures
from armature.arm.understand.learned.model import NEVER, Model, Taught
from armature.arm.understand.learned.reader import UNSURE, LearnedReader
from armature.crm.understand import reader

THINGS = {"parcel": ["parcel", "courier", "delivery", "shipping"], "money": ["invoice", "refund", "charge", "payment"]}
FRAMES = ["Where is my {}?", "The {} is late", "I ask about the {} again", "{}!!", "no {} came", "my {} 😡 of 12 May"]


def made(times: int = 1) -> tuple[list[str], list[str]]:
    """Texts about two matters, with their labels."""
    rows = [
        (frame.format(word) + f" {n}" * bool(n), label)
        for n in range(times) for label, words in THINGS.items() for word in words for frame in FRAMES
    ]  # fmt: skip
    return [text for text, _ in rows], [label for _, label in rows]


def taught(seed: int = 1, times: int = 2) -> Model:
    """A model of them, without the starter reader."""
    texts, labels = made(times)
    return learn(Lesson(texts, labels, ("money", "parcel"), np.zeros((len(texts), 0))), seed=seed)


def test_it_learns_what_it_is_shown_and_reads_new_words_by_their_parts() -> None:
    reads = Taught(taught())
    texts = ["The couriers", "your invoices, please", "a refunded charge"]
    best, _sure, _told = reads.named(reads.shares(texts, np.zeros((3, 0))))
    assert [reads.model.labels[n] for n in best] == ["parcel", "money", "money"]


def test_the_same_lesson_and_seed_give_the_same_model_to_the_last_bit() -> None:
    one, same, other = taught(), taught(), taught(seed=2)
    assert (one.weights == same.weights).all() and (one.thresholds == same.thresholds).all()
    assert (one.weights != other.weights).any()


def test_a_text_is_read_alike_alone_and_in_any_batch() -> None:
    reads = Taught(taught())
    texts = [f"{text} {'and so on ' * (n % 7)}" for n, text in enumerate(made()[0])] + ["", "😡", "包裹在哪里"]
    together = reads.shares(texts, np.zeros((len(texts), 0)))
    alone = np.concatenate([Taught(reads.model).shares([text], np.zeros((1, 0))) for text in texts])
    assert (together == alone).all()
    assert (reads.rows(texts).value % 1 == 0).all(), "sums of whole numbers are the same in any order"


def test_nothing_is_promised_from_few_cases_and_the_answer_is_then_i_do_not_know() -> None:
    texts, labels = made()
    model = learn(Lesson(texts[::3], labels[::3], ("money", "parcel"), np.zeros((len(texts[::3]), 0))))
    assert (model.thresholds == NEVER).all()
    reads = Taught(model)
    assert not reads.named(reads.shares(["Where is my parcel?"], np.zeros((1, 0))))[2].any()


def test_with_cases_enough_what_is_clear_is_named() -> None:
    reads = Taught(taught(times=4))
    assert reads.named(reads.shares(["Where is my parcel?"], np.zeros((1, 0))))[2].all()


@pytest.mark.parametrize(("right", "cases", "low"), [(30, 30, 0.917), (52, 52, 0.951), (95, 100, 0.901), (0, 0, 0.0)])
def test_a_lower_bound_is_that_of_wilson(right: int, cases: int, low: float) -> None:
    assert float(sure.interval(right, cases, sure.ONE_SIDED_95)[0]) == pytest.approx(low, abs=0.001)


def test_a_threshold_keeps_its_promise_by_the_lower_bound_not_by_what_was_seen() -> None:
    confidence = np.linspace(1, 0.5, 200)
    right = np.arange(200) < 150
    least = sure.lowest(confidence, right, 0.95)
    told = confidence >= least
    assert float(sure.interval(right[told].sum(), told.sum(), sure.ONE_SIDED_95)[0]) >= 0.95
    assert told.sum() < (np.cumsum(right) / np.arange(1, 201) >= 0.95).sum()
    assert sure.lowest(confidence[:29], np.ones(29, bool), 0.5) == NEVER


def test_equal_confidences_are_never_cut_apart() -> None:
    confidence, right = np.full(100, 0.9), np.arange(100) < 60
    assert sure.lowest(confidence, right, 0.95) == NEVER


def test_a_class_that_is_often_wrong_never_hides_behind_the_others() -> None:
    best = np.array([0] * 400 + [1] * 40)
    right = np.array([True] * 400 + [False] * 15 + [True] * 25)
    least = sure.thresholds(best, np.full(440, 0.9), right, 2, 0.9)
    assert least[0] <= 0.9 and least[1] == NEVER


def test_a_class_with_few_cases_shares_the_threshold_of_all_such_classes() -> None:
    best = np.repeat(np.arange(5), 20)
    least = sure.thresholds(best, np.full(100, 0.9), np.ones(100, bool), 5, 0.95)
    assert (least == 0.9).all()


def test_confidence_is_stretched_only_from_many_cases_and_only_when_it_helps() -> None:
    answers = np.arange(800) % 2
    honest = np.eye(2)[answers] * 0.5
    assert sure.sharpness(honest[:400], answers[:400]) == 1.0
    assert sure.sharpness(honest, answers) > 1.0
    boasting = np.eye(2)[np.where(np.arange(800) % 3 == 0, 1 - answers, answers)] * 8
    assert sure.sharpness(boasting, answers) < 0.5


def test_figures_are_those_of_the_books() -> None:
    found = figures(["a", "a", "b", "c"], ["a", "b", "b", "b"], [0.9, 0.6, 0.8, 0.7], [True, False, True, False])
    assert found.accuracy == 0.5 and (found.coverage, found.precision) == (0.5, 1.0)
    assert found.macro_f1 == pytest.approx((2 / 3 + 0.5 + 0) / 3)
    by = {one.label: (one.precision, one.recall) for one in found.classes}
    assert by == {"a": (1.0, 0.5), "b": (pytest.approx(1 / 3), 1.0), "c": (0.0, 0.0)}
    assert calibration_error(np.array([0.95, 0.95]), np.array([True, False])) == pytest.approx(0.45)
    assert figures([], [], [], []).precision is None


def company(times: int = 1) -> LearnedReader:
    """A reader whose company calls parcels a partner matter, which nobody else would."""
    starter, (texts, labels) = reader.starter(), made(times)
    answers = ["partner" if label == "parcel" else "thanks" for label in labels]
    known = hints.of_texts(starter, texts, [""] * len(texts))
    begin = hints.base(known[:, hints.NAMES :], starter.weights.intents, tuple(INTENTS))
    return LearnedReader("learned x", starter, learn(Lesson(texts, answers, tuple(INTENTS), known, begin)))


def test_a_companys_reader_follows_its_people_and_names_its_version_and_the_words() -> None:
    reads = company()
    read = reads.read(["Where is my parcel?"], ["en"])[0]
    assert (read.intent, read.by, read.language) == ("partner", "learned x", "en")
    assert "parcel" in ["Where is my parcel?"[one.start : one.end] for one in read.evidence]


def test_what_it_does_not_know_stays_below_what_the_rules_take_for_sure() -> None:
    few = company().read(["Where is my parcel?"], [""])[0]
    many = company(8).read(["Where is my parcel?"], [""])[0]
    assert few.confidence <= UNSURE < many.confidence


def test_of_what_nobody_corrected_it_says_about_what_the_starter_reader_says() -> None:
    text = "Thank you so much, you are wonderful"
    assert company().read([text], ["en"])[0].intent in ("thanks", "praise")
    assert company().read([text], ["en"])[0].sentiment == reader.starter().read([text], ["en"])[0].sentiment


def test_signs_without_spaces_are_taken_apart_too() -> None:
    assert {"包", "包裹"} <= set(pieces.parts_of("包裹在哪里"))
    assert set(pieces.marks_of("包裹在").tolist()) & set(pieces.marks_of("我的包裹").tolist())
