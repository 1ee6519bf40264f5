"""What a reviewer rejected is shown to no model, and what was amended as it was amended."""

from typing import Any

import pytest

from connectors.errors import LabelStudioError
from drafting.project_settings import ProjectSettings
from label_configs import Interface, load
from label_configs.annotations import ORDER, Rule
from label_configs.annotations.reviews import ReviewDecision
from label_configs.chat_response import ChatResponse
from label_configs.preference import PreferenceRecord
from label_configs.review import Review
from ml_backend.drafts.finished_work import FinishedWork
from tests.ml_backend.drafts.finished_fakes import FinishedFake, ProjectsFake

ANSWERS, REVIEWS, OTHER_REVIEWS = 1, 8, 9
CHAT, PREFERENCE, REVIEW = (load(name) for name in ("chat_response", "preference", "review"))
OF_ANSWERS = ProjectSettings(interface="review", reviews=("Project 1",))


class Desk:
    """A project with one finished answer, and a project that reviews it.

    Attributes:
        known: what the backend knows of its projects.
    """

    def __init__(self, interface: Interface[Any] = CHAT, order: tuple[Rule, ...] = ORDER) -> None:
        self.interface = interface
        self.answers, self.reviews = FinishedFake(ANSWERS), FinishedFake(REVIEWS)
        self.label_studio = ProjectsFake(self.answers, self.reviews)
        self.known = {
            ANSWERS: ProjectSettings(interface=interface.name),
            REVIEWS: OF_ANSWERS,
        }
        self.work = FinishedWork(
            self.label_studio, ANSWERS, interface, order, lambda: dict(self.known)
        )
        asked = [{"role": "user", "content": "What does it cost?"}]
        answers = [{"text": text, "source": "m"} for text in ("A draft.", "Another draft.")]
        given = {"messages": asked, "labeltune_id": "one", "answers": answers}
        self.data = interface.complete_task(given)
        self.answers.add(1, "What does it cost?", **self.data)

    def answer(self, text: str, by: int = 1, **fields: Any) -> None:
        """Somebody finishes the task, the draft of which they accept."""
        record: Any = ChatResponse(text, "accept")
        if self.interface is PREFERENCE:
            record = PreferenceRecord(
                left=text, right="It costs 5.", preference="left slightly better"
            )
        self.later()
        fields = {"result": self.interface.encode(record), "completed_by": by, **fields}
        self.answers.annotate(1, text, **fields)

    def review(self, *answers: str, task_id: int = 50, by: int = 99, **decided: Any) -> None:
        """A reviewer decides on these answers; once more: another one does."""
        shown = [{"text": text, "annotator": "1"} for text in answers]
        data = {"reviewed_id": "one", "answers": shown, "sent_because": "a random sample"}
        if task_id not in self.reviews.tasks:
            self.reviews.add(task_id, "What does it cost?", **data)
        self.later()
        self.reviews.annotate(task_id, "", completed_by=by, result=REVIEW.encode(Review(**decided)))

    def later(self) -> None:
        """What comes next happens after all that has happened, in whichever project."""
        latest = max(self.answers._now, self.reviews._now)
        self.answers._now = self.reviews._now = latest

    def shown(self) -> list[str]:
        """The replies that a model may be shown now."""
        self.work.refresh()
        return [one.example.reply for one in self.work.examples()]


@pytest.fixture(params=[CHAT, PREFERENCE], ids=["chat_response", "preference"])
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(request.param)


def test_a_rejected_answer_is_shown_no_more(desk: Desk) -> None:
    desk.answer("It is free.")
    assert desk.shown() == ["It is free."]
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []


def test_a_rejected_answer_is_not_shown_by_a_backend_that_starts(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []


def test_an_amended_answer_is_shown_as_amended(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="amend", best=0, amended="It is free on Plus.")
    assert desk.shown() == ["It is free on Plus."]


def test_an_answer_that_came_after_the_rejection_is_shown(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []
    desk.answer("It is free on Plus.", by=2)
    assert desk.shown() == ["It is free on Plus."]


def test_a_review_lapses_with_the_words_that_it_judged(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="amend", best=0, amended="It is free on Plus.")
    assert desk.shown() == ["It is free on Plus."]
    desk.answers.tasks[1]["annotations"].clear()
    desk.answer("It is free for all.")
    assert desk.shown() == ["It is free for all."]


def test_a_rejection_that_is_taken_back(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []
    desk.reviews.tasks[50]["annotations"].clear()
    desk.reviews.touch(50)
    assert desk.shown() == ["It is free."]


def test_the_approved_answer_of_two_is_shown(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.answer("It costs 9.", by=2)
    assert desk.shown() == ["It costs 9."]
    desk.review("It is free.", "It costs 9.", decision="approve", best=0)
    assert desk.shown() == ["It is free."]


def test_of_two_reviews_the_newest_counts(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []
    desk.known[OTHER_REVIEWS] = OF_ANSWERS
    other = desk.label_studio.by_id[OTHER_REVIEWS] = FinishedFake(OTHER_REVIEWS)
    desk.reviews = other
    other._now = desk.answers._now
    desk.review("It is free.", decision="approve", best=0)
    desk.review("It is free.", decision="approve", best=0)
    assert desk.shown() == ["It is free."]


def test_an_outvoted_answer_is_not_shown(desk: Desk) -> None:
    desk.answer("It is free.", by=1)
    desk.answer("It is  free.", by=2)
    desk.answer("It costs 9.", by=3, **_against(desk))
    assert [" ".join(one.split()) for one in desk.shown()] == ["It is free."]


def _against(desk: Desk) -> dict[str, Any]:
    """The fields of an annotation that chose otherwise than all others."""
    if desk.interface is PREFERENCE:
        record: Any = PreferenceRecord(
            "It is free.", "It costs 9.", preference="right slightly better"
        )
    else:
        record = ChatResponse("It costs 9.", "rewrite")
    return {"result": desk.interface.encode(record)}


def test_ground_truth_counts_before_all_others(desk: Desk) -> None:
    desk.answer("It is free.", ground_truth=True)
    desk.answer("It costs 9.", by=2)
    desk.answer("It costs 9.", by=3)
    assert desk.shown() == ["It is free."]


def test_a_skipped_annotation_is_none(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.answer("It costs 9.", by=2, was_cancelled=True)
    assert desk.shown() == ["It is free."]


def test_the_order_of_the_project_is_the_backend_s(desk: Desk) -> None:
    desk = Desk(desk.interface, order=("latest",))
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == ["It is free."]


# --- which project reviews which


def test_a_review_project_of_an_older_push_counts_where_it_showed_the_answer(desk: Desk) -> None:
    desk.known[REVIEWS] = ProjectSettings(interface="review")
    desk.answer("It is free.", by=5)
    desk.review("It is free, indeed.", decision="reject")  # of another task of that id
    assert desk.shown() == ["It is free."]
    desk.review("It is free.", decision="reject", task_id=51)
    assert desk.shown() == []


def test_a_review_project_of_another_file_says_nothing(desk: Desk) -> None:
    desk.known[REVIEWS] = ProjectSettings(interface="review", reviews=("Project 3",))
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == ["It is free."]


def test_words_that_differ_count_where_no_other_project_can_be_meant(desk: Desk) -> None:
    """As where redaction has changed them in the review."""
    desk.answer("It is free.", by=5)
    desk.review("<SHORT> is free.", decision="reject")
    assert desk.shown() == []
    desk.known[REVIEWS] = ProjectSettings(interface="review", reviews=("Project 1", "Project 3"))
    assert desk.shown() == ["It is free."]


def test_a_review_project_that_is_deleted_says_nothing_any_more(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    assert desk.shown() == []
    del desk.label_studio.by_id[REVIEWS]
    assert desk.shown() == ["It is free."]


def test_a_review_that_can_t_be_read_may_be_a_rejection(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.review("It is free.", decision="approve", best=0)
    assert desk.shown() == ["It is free."]
    desk.reviews.annotate(50, "", completed_by=98, result=["text"])
    assert desk.shown() == []


# --- what it costs, and what a failure does


def test_no_request_a_task(desk: Desk) -> None:
    for number in range(2, 40):
        desk.answers.add(number, f"What does {number} cost?", **desk.data, id=str(number))
        desk.answers.annotate(number, "Nothing.")
    desk.answer("It is free.")
    desk.review("It is free.", decision="reject")
    desk.shown()
    before = desk.answers.requests, desk.reviews.requests, desk.label_studio.requests
    desk.shown()
    after = desk.answers.requests, desk.reviews.requests, desk.label_studio.requests
    assert [b - a for a, b in zip(before, after, strict=True)] == [3, 1, 1]


def test_a_new_verdict_reads_its_task_alone() -> None:
    desk = Desk()
    for number in range(2, 40):
        data = {**desk.data, "labeltune_id": str(number)}
        desk.answers.add(number, f"What does {number} cost?", "Nothing.", **data)
    desk.answer("It is free.")
    assert "It is free." in desk.shown()
    desk.answers.listed.clear()
    desk.review("It is free.", decision="reject")
    assert "It is free." not in desk.shown()
    assert desk.answers.listed == [[1]]


def test_a_rejection_holds_while_the_task_can_t_be_read_again(desk: Desk) -> None:
    desk.answer("It is free.")
    assert desk.shown() == ["It is free."]
    desk.review("It is free.", decision="reject")
    desk.answers.failures = [LabelStudioError("down")] * 2
    for _ in range(2):
        with pytest.raises(LabelStudioError):
            desk.work.refresh()
        assert desk.work.examples() == []
    assert desk.shown() == []


def test_what_one_review_project_says_is_not_lost_as_another_fails(desk: Desk) -> None:
    desk.answer("It is free.")
    desk.known[OTHER_REVIEWS] = OF_ANSWERS
    other = desk.label_studio.by_id[OTHER_REVIEWS] = FinishedFake(OTHER_REVIEWS)
    assert desk.shown() == ["It is free."]
    desk.review("It is free.", decision="reject")
    other.failures = [LabelStudioError("down")]
    with pytest.raises(LabelStudioError):
        desk.work.refresh()
    assert desk.shown() == []


def test_a_decision_knows_whether_it_rejects() -> None:
    assert [decision.rejects for decision in map(_decided, ("reject", "approve"))] == [True, False]


def _decided(decision: Any) -> ReviewDecision:
    return ReviewDecision(decision, None, 1, 1, None)  # type: ignore[arg-type]
