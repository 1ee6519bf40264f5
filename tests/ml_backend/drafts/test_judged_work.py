"""What experts did with drafts, as Label Studio lists it."""

from typing import Any

import pytest

from connectors.errors import LabelStudioError
from drafting.acceptance.judged_draft import JudgedDraft
from drafting.project_settings import ProjectSettings
from label_configs import load
from label_configs.annotations import ORDER
from label_configs.chat_response import ChatResponse
from label_configs.draft_meta import with_acceptance
from label_configs.review import Review
from ml_backend.drafts.judged_work import JudgedWork
from tests.ml_backend.drafts.finished_fakes import CHAT, FinishedFake, ProjectsFake

DRAFT = "Freeze it."


@pytest.fixture
def label_studio() -> FinishedFake:
    return FinishedFake()


@pytest.fixture
def work(label_studio: FinishedFake) -> JudgedWork:
    return JudgedWork(label_studio, 1, CHAT, ORDER, dict)


def items(reply: str, agreement: float | None = None) -> list[dict[str, Any]]:
    result = CHAT.encode(ChatResponse(reply))
    return result if agreement is None else with_acceptance(result, 0.5, {"agreement": agreement})


def finish(
    label_studio: FinishedFake,
    number: int,
    reply: str = DRAFT,
    verdict: str = "accept",
    agreement: float | None = 0.5,
    **fields: Any,
) -> None:
    """A task whose draft was opened and submitted as `reply`."""
    label_studio.add(number, f"question {number}")
    now = label_studio.tasks[number]["updated_at"]
    prediction = {"id": number, "result": items(DRAFT, agreement), "created_at": now}
    label_studio.tasks[number]["predictions"] = [prediction]
    submitted = {"parent_prediction": number, "created_at": now, **fields}
    label_studio.annotate(number, reply, verdict, **submitted)


def test_drafts_are_judged_by_what_was_submitted(
    label_studio: FinishedFake, work: JudgedWork
) -> None:
    finish(label_studio, 1, agreement=0.9)
    finish(label_studio, 2, "Freeze them all.", "edit", agreement=0.4)
    finish(label_studio, 3, agreement=None)  # of an older LabelTune
    finish(label_studio, 4, was_cancelled=True)
    finish(label_studio, 5, "Freeze it!", "accept", agreement=0.3)
    label_studio.tasks[6] = {**label_studio.tasks[1], "id": 6, "data": "changed by hand"}
    judged = work.judged()
    assert [(each.signals["agreement"], each.accepted) for each in judged] == [
        (0.9, True),
        (0.4, False),
        (0.3, False),
    ]
    assert judged[0].edit_distance == 0.0
    assert 0 < (judged[1].edit_distance or 0) < 1
    assert judged[0].text == "question 1"


def test_only_what_has_changed_is_read_again(label_studio: FinishedFake, work: JudgedWork) -> None:
    for number in (1, 2, 3):
        finish(label_studio, number)
    assert len(work.judged()) == 3
    label_studio.listed.clear()
    finish(label_studio, 4)
    assert len(work.judged()) == 4
    assert label_studio.listed == [[4, 3]]  # ten seconds may be seen late
    requests = label_studio.requests
    assert (work.finished(), label_studio.requests) == (4, requests + 1)


def test_a_draft_that_no_annotation_names_is_the_newest_of_then(
    label_studio: FinishedFake, work: JudgedWork
) -> None:
    finish(label_studio, 1, agreement=0.2, parent_prediction=None)
    marked = [{**item, "origin": "prediction"} for item in items(DRAFT)]
    label_studio.tasks[1]["annotations"][0]["result"] = marked
    later = {"id": 9, "result": items(DRAFT, 0.7), "created_at": "2027-01-01T00:00:00Z"}
    label_studio.tasks[1]["predictions"].append(later)
    (judged,) = work.judged()
    assert judged == JudgedDraft({"agreement": 0.2}, True, None, "question 1")


def test_what_a_reviewer_rejects_was_not_accepted(label_studio: FinishedFake) -> None:
    reviews = FinishedFake(2)
    work = JudgedWork(
        ProjectsFake(label_studio, reviews),
        1,
        CHAT,
        ORDER,
        lambda: {1: ProjectSettings(), 2: ProjectSettings(interface="review")},
    )
    finish(label_studio, 1)
    label_studio.tasks[1]["data"]["labeltune_id"] = "one"
    assert [each.accepted for each in work.judged()] == [True]
    answers = [{"text": DRAFT, "annotator": "nobody"}]
    reviews.add(50, "question 1", reviewed_id="one", answers=answers, sent_because="a sample")
    reviews.annotate(50, "", result=load("review").encode(Review("reject")))
    assert [each.accepted for each in work.judged()] == [False]


def test_while_label_studio_is_down_nothing_is_lost(
    label_studio: FinishedFake, work: JudgedWork
) -> None:
    finish(label_studio, 1)
    assert len(work.judged()) == 1
    label_studio.failures = [LabelStudioError("down")]
    with pytest.raises(LabelStudioError):
        work.judged()
    assert len(work.judged()) == 1
