"""The nearest finished examples: the right ones, from what Label Studio holds, without waiting."""

import logging
import threading
from datetime import timedelta
from typing import Any

import pytest

import ml_backend.drafts.finished_tasks
import ml_backend.drafts.finished_work
import ml_backend.drafts.similar_examples
from connectors.errors import LabelStudioError
from drafting.project_settings import ProjectSettings
from drafting.prompts import FewShotExample
from label_configs import load
from label_configs.review import Review
from ml_backend.drafts.similar_examples import REFRESH_S, Examples
from tests.ml_backend.drafts.finished_fakes import (
    CHAT,
    Clock,
    FinishedFake,
    ProjectsFake,
    SlowEncoder,
    WordEncoder,
)
from tests.ml_backend.fakes import wait_until


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def label_studio() -> FinishedFake:
    fake = FinishedFake()
    fake.add(1, "my card is lost", "Freeze it.")
    fake.add(2, "my card is lost again", "Call us.")
    fake.add(3, "what does a transfer cost", "GBP 1.")
    fake.add(4, "my card is broken")
    return fake


@pytest.fixture
def examples(label_studio: FinishedFake, encoder: WordEncoder, clock: Clock) -> Examples:
    return Examples(label_studio, encoder, dict, clock)


def replies(examples: Examples, question: str, k: int = 3, **more: Any) -> list[str]:
    """Replies of the nearest examples."""
    task_id = more.pop("task_id", None)
    data = {"messages": [{"role": "user", "content": question}], **more}
    return [example.reply for example in examples.nearest(1, CHAT, data, k, task_id)]


# --- which ones


def test_the_most_similar_come_first(examples: Examples) -> None:
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    assert replies(examples, "is my card lost", k=1) == ["Freeze it."]
    data = {"messages": [{"role": "user", "content": "what does it cost"}]}
    assert examples.nearest(1, CHAT, data, 1) == [
        FewShotExample("what does a transfer cost", "GBP 1.")
    ]


def test_nothing_that_is_unlike(examples: Examples) -> None:
    assert replies(examples, "when do you open") == []


def test_none_asked_for_none_read(examples: Examples, label_studio: FinishedFake) -> None:
    assert replies(examples, "is my card lost", k=0) == []
    assert label_studio.requests == 0


def test_never_the_task_itself_nor_its_conversation(
    examples: Examples, label_studio: FinishedFake
) -> None:
    assert replies(examples, "My card is LOST") == ["Call us."]
    assert replies(examples, "is my card lost", task_id=1) == ["Call us."]
    label_studio.add(5, "card lost", "Where?", id="a", conversation_id="c")
    fresh = Examples(label_studio, WordEncoder(), dict)
    assert "Where?" in replies(fresh, "is my card lost", id="b")
    assert "Where?" not in replies(fresh, "is my card lost", id="a")
    assert "Where?" not in replies(fresh, "is my card lost", id="b", conversation_id="c")


def test_the_same_reply_is_shown_once(examples: Examples, label_studio: FinishedFake) -> None:
    label_studio.add(5, "card lost my", "Freeze it.")
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]


def test_an_empty_project(encoder: WordEncoder) -> None:
    empty = FinishedFake()
    assert replies(Examples(empty, encoder, dict), "is my card lost") == []
    assert (encoder.history, empty.listed) == ([], [])


# --- splits


@pytest.mark.parametrize("split", [{"split": "test"}, {"meta": {"split": "validation"}}])
def test_never_from_validation_or_test(
    examples: Examples, label_studio: FinishedFake, split: dict[str, Any]
) -> None:
    label_studio.add(1, "my card is lost", "Freeze it.", **split)
    label_studio.add(2, "my card is lost again", "Call us.", split="train")
    assert replies(examples, "is my card lost") == ["Call us."]


@pytest.mark.parametrize("split", [{"split": "train"}, {"meta": {"split": "test"}}])
def test_once_there_are_splits_tasks_without_one_are_left_out(
    examples: Examples, label_studio: FinishedFake, clock: Clock, split: dict[str, Any]
) -> None:
    """Even where only a task that nobody has finished belongs to one."""
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    label_studio.add(4, "my card is broken", **split)
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == []
    label_studio.add(1, "my card is lost", "Freeze it.", split="train")
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Freeze it."]


def test_splits_count_even_if_the_listing_after_them_fails(
    examples: Examples, label_studio: FinishedFake, clock: Clock
) -> None:
    assert replies(examples, "is my card lost") != []
    label_studio.add(4, "my card is broken", "Yes.", split="test")
    clock.now += REFRESH_S
    # the first look is for what has changed, the second for splits, the third is the listing
    label_studio.failures = FailAfter(2)
    assert replies(examples, "is my card lost") == []


class FailAfter(list[Exception]):
    """Failures that begin after so many requests."""

    def __init__(self, requests: int) -> None:
        super().__init__([LabelStudioError("gone")])
        self.left = requests

    def __bool__(self) -> bool:
        self.left -= 1
        return self.left < 0 and len(self) > 0


# --- reading anew


def test_asked_again_only_when_due(
    examples: Examples, label_studio: FinishedFake, clock: Clock
) -> None:
    replies(examples, "is my card lost")
    before = label_studio.requests
    clock.now += REFRESH_S - 1
    replies(examples, "is my card lost")
    assert label_studio.requests == before


def test_nothing_is_listed_when_nothing_has_changed(
    examples: Examples, label_studio: FinishedFake, clock: Clock
) -> None:
    replies(examples, "is my card lost")
    clock.now += REFRESH_S
    before = label_studio.requests
    replies(examples, "is my card lost")
    assert label_studio.requests - before == 3  # looks: changes, two places of splits
    assert label_studio.listed == [[3, 2, 1]]


def test_only_what_has_changed_is_listed_and_embedded(
    examples: Examples, label_studio: FinishedFake, encoder: WordEncoder, clock: Clock
) -> None:
    replies(examples, "is my card lost")
    label_studio.annotate(4, "Tape it.")
    clock.now += REFRESH_S
    encoder.history.clear()
    assert "Tape it." in replies(examples, "is my card broken")
    assert label_studio.listed == [[3, 2, 1], [4, 3]]  # 3 within the overlap of time
    assert encoder.history == [["my card is broken"], ["is my card broken"]]


def test_an_edited_answer_is_read_anew(
    examples: Examples, label_studio: FinishedFake, clock: Clock
) -> None:
    replies(examples, "is my card lost")
    label_studio.tasks[1]["annotations"].clear()
    label_studio.annotate(1, "Freeze it now.")
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost")[0] == "Freeze it now."


@pytest.mark.parametrize("gone", ["task", "annotation", "accepted"])
def test_what_is_gone_is_shown_no_more(
    examples: Examples, label_studio: FinishedFake, clock: Clock, gone: str
) -> None:
    replies(examples, "is my card lost")
    if gone == "task":
        del label_studio.tasks[1]
    elif gone == "annotation":
        label_studio.tasks[1]["annotations"].clear()
    else:
        label_studio.annotate(1, "", "reject")
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Call us."]


def test_what_a_reviewer_rejects_is_shown_no_more(
    label_studio: FinishedFake, encoder: WordEncoder, clock: Clock
) -> None:
    """Without anybody pulling or pushing anything."""
    label_studio.add(1, "my card is lost", "Freeze it.", id="one")
    reviews = FinishedFake(8)
    known = {8: ProjectSettings(interface="review", reviews=("Project 1",))}
    both = ProjectsFake(label_studio, reviews)
    examples = Examples(both, encoder, lambda: known, clock)
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    answers = [{"text": "Freeze it.", "annotator": "1"}]
    reviews.add(50, "my card is lost", reviewed_id="one", answers=answers, sent_because="a sample")
    reviews._now += timedelta(days=1)
    reviews.annotate(50, "", result=load("review").encode(Review("reject")))
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Call us."]


def test_one_gone_and_one_new(examples: Examples, label_studio: FinishedFake, clock: Clock) -> None:
    replies(examples, "is my card lost")
    del label_studio.tasks[1]
    label_studio.annotate(4, "Tape it.")
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Call us.", "Tape it."]


def test_no_more_than_the_newest(
    label_studio: FinishedFake, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ml_backend.drafts.finished_work, "NEWEST", 2)
    monkeypatch.setattr(ml_backend.drafts.finished_tasks, "PAGE", 2)
    encoder = WordEncoder()
    examples = Examples(label_studio, encoder, dict, clock)
    assert replies(examples, "is my card lost") == ["Call us."]
    label_studio.annotate(4, "Tape it.")
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Tape it."]


def test_many_are_embedded_by_and_by(
    label_studio: FinishedFake, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no draft waits for thousands; the newest come first."""
    monkeypatch.setattr(ml_backend.drafts.similar_examples, "ENCODED_AT_ONCE", 2)
    encoder = SlowEncoder(clock)
    examples = Examples(label_studio, encoder, dict, clock)
    assert replies(examples, "is my card lost") == ["Call us."]
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    clock.now += REFRESH_S
    replies(examples, "is my card lost")
    embedded = [text for texts in encoder.history for text in texts if text != "is my card lost"]
    known = ["what does a transfer cost", "my card is lost again", "my card is lost"]
    assert embedded == known


def test_each_project_and_interface_has_its_own(
    examples: Examples, label_studio: FinishedFake
) -> None:
    replies(examples, "is my card lost")
    data = {"messages": [{"role": "user", "content": "is my card lost"}]}
    assert examples.nearest(1, load("reasoning_steps"), data, 3) == []
    assert len(label_studio.listed) == 2


# --- faults and threads


def test_label_studio_down(
    examples: Examples,
    label_studio: FinishedFake,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    label_studio.failures = [LabelStudioError("can't be reached")]
    with caplog.at_level(logging.WARNING):
        assert replies(examples, "is my card lost") == []
    assert "can't be reached" in caplog.text
    assert "is my card" not in caplog.text
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    label_studio.failures = [LabelStudioError("can't be reached")]
    clock.now += REFRESH_S
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]


def test_while_one_thread_reads_the_others_go_on_with_what_there_is(
    examples: Examples, label_studio: FinishedFake, clock: Clock
) -> None:
    replies(examples, "is my card lost")
    label_studio.annotate(4, "Tape it.")
    clock.now += REFRESH_S
    label_studio.gate.clear()
    reading = threading.Thread(target=replies, args=(examples, "is my card lost"))
    reading.start()
    wait_until(lambda: len(label_studio.listed) == 2)
    assert replies(examples, "is my card lost") == ["Freeze it.", "Call us."]
    label_studio.gate.set()
    reading.join(20)
    assert "Tape it." in replies(examples, "is my card broken")


def test_many_threads_read_once_and_none_goes_without(
    examples: Examples, label_studio: FinishedFake
) -> None:
    label_studio.gate.clear()
    found: list[list[str]] = []
    threads = [
        threading.Thread(target=lambda: found.append(replies(examples, "is my card lost")))
        for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    wait_until(lambda: bool(label_studio.listed))
    label_studio.gate.set()
    for thread in threads:
        thread.join(20)
    assert found == [["Freeze it.", "Call us."]] * 16
    assert label_studio.listed == [[3, 2, 1]]
