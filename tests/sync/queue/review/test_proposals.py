"""What reviewers correct again and again becomes a proposal for the guidelines."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from connectors.extras import MissingExtraError
from connectors.reading import Embeddings
from label_configs.annotations.reviews import Decision, ReviewDecision, ReviewVerdict, Verdicts
from sync.commands.review import for_report, sentences
from sync.queue.asked_texts import TextEmbedding
from sync.queue.review.proposals import (
    GivenReason,
    given_reasons,
    guideline_proposals,
)
from sync.table.data_folder import data_folder
from sync.table.guideline_versions import changed_at
from tests.sync.builders import START, config_in
from tests.sync.queue.review.studio import ReviewStudio, reviewing, run

FEE = ("No fee named.", "The fee is missing.", "It lacks the fee.")
KINDS = ("fee", "tone", "date")


def by_subject(texts: Sequence[str]) -> Embeddings:
    """Texts about one subject are nearly the same; each is a bit off its own way."""
    rows = np.zeros((len(texts), len(KINDS) + len(texts)), np.float32)
    for row, text in enumerate(texts):
        subject = next((i for i, kind in enumerate(KINDS) if kind in text.lower()), None)
        if subject is not None:
            rows[row, subject] = 1.0
        rows[row, len(KINDS) + row] = 0.1 if subject is not None else 1.0
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def reason(key: str, text: str, *error_kinds: str, by: int = 9, after_h: int = 0) -> GivenReason:
    return GivenReason(key, text, error_kinds, by, START + timedelta(hours=after_h))


def verdict(decision: Decision, text: str = "No fee named.", round: str = "r") -> ReviewVerdict:
    review = ReviewDecision(decision, 9, 900, 950, START, round=round, reason=text)
    return ReviewVerdict(replace(review, error_kinds=("incomplete",)))


def of(verdicts: Iterable[ReviewVerdict], one_project: bool = True) -> Verdicts:
    return Verdicts({f"t{i}": each for i, each in enumerate(verdicts)}, one_project)


def test_a_reason_of_three_tasks_is_proposed() -> None:
    (found,) = guideline_proposals(
        [
            reason("t1", FEE[0], "incomplete"),
            reason("t2", FEE[1], "incomplete", "factual", by=8),
            reason("t3", FEE[2], "factual", "incomplete"),
            reason("t4", "The tone is rude.", "tone"),
            reason("t5", "Another tone.", "tone"),
            reason("t6", "Something else."),
        ],
        by_subject,
    )
    assert found.tasks == ("t1", "t2", "t3")
    assert {found.reason, *found.further} == set(FEE)
    assert (found.error_kind, found.reviewers) == ("incomplete", 2)
    assert str(found).startswith(
        "The guidelines could say what 2 reviewers corrected in 3 tasks (incomplete): “"
    )


def test_the_reason_told_is_the_one_most_like_the_others() -> None:
    vectors = {"near a": (1.0, 0.1), "middle": (1.0, 0.3), "near b": (1.0, 0.6)}

    def embed(texts: Sequence[str]) -> Embeddings:
        rows = np.array([vectors[text] for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    given = [reason(f"t{i}", text) for i, text in enumerate(vectors)]
    (found,) = guideline_proposals(given, embed)
    assert (found.reason, found.error_kind) == ("middle", None)


def test_equal_reasons_are_one_and_the_most_tasks_come_first() -> None:
    given = [reason(f"t{i}", "The tone is rude.") for i in range(3)]
    given += [reason(f"f{i}", FEE[i % 3]) for i in range(4)]
    found = guideline_proposals(given, by_subject)
    assert [len(each.tasks) for each in found] == [4, 3]
    assert (found[1].reason, found[1].further) == ("The tone is rude.", ())


def test_several_reasons_of_one_task_are_no_pattern() -> None:
    given = [reason("t1", FEE[0]), reason("t1", FEE[1]), reason("t2", FEE[2])]

    def never(texts: Sequence[str]) -> Embeddings:
        raise AssertionError(texts)

    assert guideline_proposals(given, never) == ()
    assert guideline_proposals([*given, reason("t3", "Other.")], by_subject) == ()


def test_only_reasons_of_corrections_are_read() -> None:
    amended, approved = verdict("amend"), verdict("approve")
    verdicts = of([amended, approved, verdict("reject", ""), replace(approved, others=(amended,))])
    assert [each.key for each in given_reasons(verdicts)] == ["t0", "t3"]
    assert given_reasons(verdicts)[0].error_kinds == ("incomplete",)


def test_what_was_said_of_another_project_is_left_out() -> None:
    verdicts = of([verdict("amend"), verdict("amend", round="")], one_project=False)
    assert [each.key for each in given_reasons(verdicts)] == ["t0"]


def test_what_was_said_before_the_guidelines_changed_is_left_out() -> None:
    verdicts = of([verdict("amend")])
    assert given_reasons(verdicts, START - timedelta(seconds=1))
    assert given_reasons(verdicts, START) == []


def test_a_change_of_guidelines_is_known_from_the_second_look_on(tmp_path: Path) -> None:
    folder = data_folder(config_in(tmp_path))
    assert changed_at(folder, "Be brief.") is None
    assert changed_at(folder, "Be brief.") is None
    at = changed_at(folder, "Name the fee.")
    assert at is not None and abs(datetime.now(UTC) - at) < timedelta(minutes=1)
    assert changed_at(folder, "Name the fee.") == at


class BySubject:
    """An embedding model that knows subjects."""

    def encode(self, texts: list[str]) -> Embeddings:
        """(n, dim) unit rows."""
        return by_subject(texts)


def corrected(studio: ReviewStudio) -> ReviewStudio:
    """Three answers, each amended or rejected for want of the fee."""
    for each in range(3):
        studio.answer(f"Answer {each}.", by=1 + each, name=f"t{each}")
    return studio


def decide_all(studio: ReviewStudio) -> None:
    for each, text in enumerate(FEE):
        studio.decide(
            f"t{each}", decision="reject", reason=text, error_kinds=("incomplete",), by=9 + each
        )


def test_review_tells_it_until_the_guidelines_change(tmp_path: Path) -> None:
    studio, config = corrected(ReviewStudio()), reviewing(tmp_path, random=1.0)
    embedding = TextEmbedding(load=lambda _: BySubject())
    assert run(config, studio, embedding).proposals == ()
    decide_all(studio)
    report = run(config, studio, embedding)
    (found,) = report.proposals
    assert (found.tasks, found.reviewers) == (("t0", "t1", "t2"), 3)
    assert str(found) in list(for_report(report))
    assert str(found) in list(sentences(report))
    (tmp_path / "guidelines.md").write_text("Name the fee.")
    section = config.label_studio.model_copy(update={"guidelines": str(tmp_path / "guidelines.md")})
    changed = config.model_copy(update={"label_studio": section})
    assert changed.guidelines_text() != config.guidelines_text()
    assert run(changed, studio, embedding).proposals == ()
    assert run(changed, studio, embedding).proposals == ()


def test_without_an_embedding_model_it_says_so(tmp_path: Path) -> None:
    def missing(_: str) -> BySubject:
        raise MissingExtraError("install it")

    studio, config = corrected(ReviewStudio()), reviewing(tmp_path, random=1.0)
    run(config, studio)
    decide_all(studio)
    report = run(config, studio, TextEmbedding(load=missing))
    assert report.proposals == ()
    assert any(note.startswith("Reasons of reviewers are not compared") for note in report.notes)


def test_reasons_that_were_embedded_before_are_grouped_only_with_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio, config = corrected(ReviewStudio()), reviewing(tmp_path, random=1.0)
    run(config, studio)
    decide_all(studio)
    monkeypatch.delitem(sys.modules, "sklearn.cluster", raising=False)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    report = run(config, studio, TextEmbedding(load=lambda _: BySubject()))
    assert report.proposals == ()
    assert any("needs the extra 'embedding'" in note for note in report.notes)


@pytest.mark.parametrize("decision", ["amend", "reject"])
def test_a_long_reason_is_cut_and_stands_on_one_line(decision: Decision) -> None:
    (found,) = given_reasons(of([verdict(decision, "fee\nmissing " * 100)]))
    assert "\n" not in found.text and len(found.text) <= 302
