"""Whether two answers say the same."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from label_configs.chat_response import ChatResponse
from sync.queue.review.people.compared_answers import (
    Comparison,
    TextPair,
    compare,
    compared_answer,
    decide,
)
from tests.sync.builders import INTERFACE

DATA = {"messages": [{"role": "user", "content": "What does it cost?"}]}


def compared(one: ChatResponse, other: ChatResponse) -> Comparison:
    return compare(compared_answer(one, DATA, INTERFACE), compared_answer(other, DATA, INTERFACE))


def test_labels_decide_before_words() -> None:
    sure = ChatResponse("It costs 5.", verdict="edit", certainty="established")
    doubtful = ChatResponse("It costs 5.", verdict="edit", certainty="speculative")
    assert compared(sure, sure) is True
    assert compared(sure, doubtful) is False


def test_what_was_said_of_the_draft_follows_from_the_answer() -> None:
    assert (
        compared(
            ChatResponse("It costs 5.", verdict="accept"),
            ChatResponse(" It costs\n5.", verdict="edit"),
        )
        is True
    )


def test_who_rejects_has_no_answer() -> None:
    rejected = ChatResponse("The draft.", verdict="reject")
    assert compared(rejected, ChatResponse("The draft.", verdict="accept")) is False
    assert compared(rejected, ChatResponse("Another draft.", verdict="reject")) is True


def test_only_texts_that_differ_in_words_alone_are_embedded() -> None:
    seen: list[str] = []

    def embed(texts: Sequence[str]) -> Any:
        seen.extend(texts)
        vectors = {"near": [1.0, 0.0], "nearly": [0.8, 0.6], "far": [0.0, 1.0]}
        return np.array([vectors[text] for text in texts], np.float32)

    known: list[Comparison] = [True, False, TextPair("near", "nearly"), TextPair("near", "far")]
    assert decide(known, embed) == [True, False, True, False]
    assert seen == ["far", "near", "nearly"]
    assert decide([True, False], lambda _: 1 / 0) == [True, False]  # type: ignore[arg-type]
