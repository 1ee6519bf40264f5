"""What a reviewer amended keeps its history, and what a reviewer has passed is settled."""

from pathlib import Path
from typing import Any

import label_configs
from label_configs.annotations.reviews import Verdicts
from label_configs.answer_turns import answer_text
from label_configs.review_place import AMENDED_FROM, PLACE, ReviewPlace
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.quality.checks import CheckResult, Finding
from sync.quality.run_checks import settled_kinds, without_settled
from sync.records import Choosing, LabelledRecord, read_records
from sync.records.review_verdicts import newest_verdicts
from sync.table.task_rows import TaskRow
from sync.training_files.example import Completion, Conversation, PreferenceExample
from sync.training_files.manifest.lineage import LineageWriter, Traced, read_lineage
from tests.sync.builders import INTERFACE, REVIEW, annotation, drafted, result, reviewed, task_row

DRAFT, WRITTEN, AMENDED = "It is free of charge.", "It is free.", "It is free on Plus."


def review(text: str, tier: int = 0, findings: Any = (), **controls: Any) -> TaskRow:
    row = reviewed("one", task_id=900 + tier, minutes=60 + tier, reviewer=9 + tier, **controls)
    place = ReviewPlace("round", tier, ("peer", "attorney")[tier], frozenset({1}))
    answer = {"text": text, "annotator": "1"}
    if text != WRITTEN:
        answer[AMENDED_FROM] = WRITTEN
    data = {**row.data_fields(), "answers": [answer], "findings": findings}
    return task_row(row.task_id, row.annotations, project_id=8, **{**data, PLACE: place.to_data()})


def record_after(*reviews: TaskRow) -> LabelledRecord:
    """The task after these reviews: drafted, then edited by annotator 1."""
    own = annotation(1, result(WRITTEN, verdict="edit"), parent_prediction=4)
    row = task_row(1, [own], [drafted(4, DRAFT)], labeltune_id="one")
    choosing = Choosing(verdicts=Verdicts(newest_verdicts(reviews, REVIEW)))
    (found,) = read_records([row], INTERFACE, choosing=choosing).records
    return found


AMEND = {"decision": "amend", "amended": AMENDED, "reason": "Say for whom."}
APPROVE = {"decision": "approve", "best": 0}


def test_what_the_annotator_wrote_is_kept() -> None:
    assert record_after().before_review is None
    assert record_after(review(WRITTEN, **APPROVE)).before_review is None
    found = record_after(review(WRITTEN, **AMEND))
    assert (found.record.response, found.before_review.response) == (AMENDED, WRITTEN)
    second = record_after(review(WRITTEN, **AMEND), review(AMENDED, 1, **APPROVE))
    assert second.before_review.response == WRITTEN
    assert [each.decision for each in second.earlier_reviews] == ["amend"]


def pairs(record: LabelledRecord) -> list[tuple[Any, Any]]:
    made = examples(PreferenceExample, record, label_configs.load("chat_response"), PromptLayout())
    return [
        (answer_text(each.chosen), answer_text(each.rejected))
        for each in made
        if isinstance(each, PreferenceExample)
    ]


def test_the_amended_text_is_preferred_to_draft_and_annotator() -> None:
    assert pairs(record_after()) == [(WRITTEN, DRAFT)]
    assert pairs(record_after(review(WRITTEN, **APPROVE))) == [(WRITTEN, DRAFT)]
    assert pairs(record_after(review(WRITTEN, **AMEND))) == [(AMENDED, DRAFT), (AMENDED, WRITTEN)]


def test_rejected_work_is_in_no_example() -> None:
    found = record_after(review(WRITTEN, decision="reject", reason="Wrong."))
    for kind in (Conversation, Completion, PreferenceExample):
        made = examples(kind, found, label_configs.load("chat_response"), PromptLayout())
        assert list(made) == []


def lineage(folder: Path, record: LabelledRecord) -> Traced:
    with LineageWriter(folder) as writer:
        writer.record(record, {"a.jsonl": [1]})
    (found,) = read_lineage(folder)
    assert isinstance(found, Traced)
    return found


def test_lineage_tells_who_made_what_was_amended(tmp_path: Path) -> None:
    assert lineage(tmp_path, record_after(review(WRITTEN, **APPROVE))).history == ()
    found = lineage(tmp_path, record_after(review(WRITTEN, **AMEND), review(AMENDED, 1, **APPROVE)))
    assert found.history == [
        {"by": "model", "draft_version": "v1"},
        {"by": "annotator", "annotator": 1, "annotation_id": 1},
        {"by": "reviewer", "tier": "peer", "decision": "amend", "reviewer": 9, "task_id": 900,
         "annotation_id": 950},
        {"by": "reviewer", "tier": "attorney", "decision": "approve", "reviewer": 10,
         "task_id": 901, "annotation_id": 951},
    ]  # fmt: skip


# --- settled findings

SEEN = [{"check": "contradiction", "message": "It costs 5 elsewhere."}]


def found_in(annotation_id: int | None, kind: str) -> Finding:
    return Finding(kind, "warning", 1, annotation_id, 0.2, "Look.", "http://x")


def test_a_finding_that_a_reviewer_passed_is_settled() -> None:
    passed = record_after(review(WRITTEN, findings=SEEN, **APPROVE))
    settled = settled_kinds([passed])
    assert settled == {1: frozenset({"contradiction"})}
    result = CheckResult(
        (found_in(1, "contradiction"), found_in(1, "cut_off"), found_in(2, "contradiction"),
         found_in(None, "contradiction")), notes=("a note",))  # fmt: skip
    kept, number = without_settled(result, settled)
    assert [(each.annotation_id, each.kind) for each in kept.findings] == [
        (1, "cut_off"),
        (2, "contradiction"),
        (None, "contradiction"),
    ]
    assert (number, kept.notes) == (1, ("a note",))


def test_of_several_tiers_each_settles_what_it_saw() -> None:
    first = review(WRITTEN, findings=SEEN, **APPROVE)
    assert settled_kinds([record_after(first, review(WRITTEN, 1, **APPROVE))]).keys() == {1}


def test_what_was_rejected_or_changed_settles_nothing() -> None:
    rejected = record_after(review(WRITTEN, findings=SEEN, decision="reject", reason="Wrong."))
    assert settled_kinds([rejected, record_after()]) == {}
    other = review("Something else.", findings=SEEN, **APPROVE)
    data = {**other.data_fields(), "answers": [{"text": "Something else.", "annotator": "1"}]}
    changed = record_after(task_row(other.task_id, other.annotations, project_id=8, **data))
    assert settled_kinds([changed]) == {}
