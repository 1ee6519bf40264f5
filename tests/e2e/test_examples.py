"""The finished examples of a project, read from a real Label Studio with the real encoder."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.embedding import load_encoder
from drafting.project_settings import ProjectSettings
from label_configs import load
from label_configs.chat_response import ChatResponse
from label_configs.review import Review
from ml_backend.drafts.finished_tasks import INCLUDE
from ml_backend.drafts.similar_examples import REFRESH_S, Examples
from tests.running import Up

pytestmark = pytest.mark.label_studio

CHAT, REVIEW = load("chat_response"), load("review")


@pytest.fixture
def project_id(up: Up) -> Iterator[int]:
    client = up.label_studio
    project = client.create_project({"title": "Examples", "label_config": CHAT.label_config()})
    yield int(project["id"])
    client.delete_project(project["id"])


@pytest.fixture
def review_id(up: Up) -> int:
    """A project that reviews the other one; the test deletes it."""
    fields = {"title": "Reviews of examples", "label_config": REVIEW.label_config()}
    return int(up.label_studio.create_project(fields)["id"])


def task(question: str, **more: Any) -> dict[str, Any]:
    """Task data."""
    return CHAT.complete_task({"messages": [{"role": "user", "content": question}], **more})


def ids(up: Up, project_id: int) -> list[int]:
    """Of the project's tasks, in order."""
    pages = up.label_studio.task_pages(project_id, include=("id",))
    return [task["id"] for page in pages for task in page.tasks]


def annotate(up: Up, task_id: int, reply: str, **more: Any) -> int:
    """Submit an annotation, of a chat response unless another `result` is given; its id."""
    answer = up.http.post(
        f"/api/tasks/{task_id}/annotations/",
        json={"result": CHAT.encode(ChatResponse(reply, "edit")), **more},
    )
    return int(answer.json()["id"])


def test_finished_work_becomes_examples_and_test_items_never_do(up: Up, project_id: int) -> None:
    client = up.label_studio
    questions = ["I lost my debit card.", "My debit card was stolen.", "What is the transfer fee?"]
    client.import_tasks(project_id, [{"data": task(question)} for question in questions])
    lost, stolen, fee = ids(up, project_id)
    annotate(up, lost, "Freeze it in the app.")
    annotate(up, lost, "", was_cancelled=True)
    annotate(up, stolen, "Call us.", was_cancelled=True)
    annotate(up, fee, "GBP 1.00.")
    now = [0.0]
    examples = Examples(client, load_encoder(), dict, lambda: now[0])

    def nearest() -> list[str]:
        now[0] += REFRESH_S
        found = examples.nearest(project_id, CHAT, task("My debit card is gone."), 3)
        return [example.reply for example in found]

    assert nearest() == ["Freeze it in the app."]
    called = annotate(up, stolen, "Call us at once.")
    assert set(nearest()) == {"Freeze it in the app.", "Call us at once."}
    up.http.delete(f"/api/annotations/{called}/")
    assert nearest() == ["Freeze it in the app."]
    # from now on, what belongs to no split may become a test item
    client.import_tasks(project_id, [{"data": task("Hello?"), "meta": {"split": "test"}}])
    assert nearest() == []
    client.update_task(lost, task("I lost my debit card.", split="train"))
    assert nearest() == ["Freeze it in the app."]
    client.update_task(lost, task("I lost my debit card.", split="validation"))
    assert nearest() == []


def test_what_a_reviewer_decides_reaches_the_examples(
    up: Up, project_id: int, review_id: int
) -> None:
    client = up.label_studio
    client.import_tasks(project_id, [{"data": task("I lost my debit card.", labeltune_id="one")}])
    (lost,) = ids(up, project_id)
    annotate(up, lost, "Freeze it in the app.")
    # by whom decides between several
    (page,) = client.task_pages(project_id, include=INCLUDE)
    assert page.tasks[0]["annotations"][0]["completed_by"]
    known = {
        project_id: ProjectSettings(),
        review_id: ProjectSettings(interface="review", reviews=("Examples",)),
    }
    now = [0.0]
    examples = Examples(client, load_encoder(), lambda: known, lambda: now[0])

    def nearest() -> list[str]:
        now[0] += REFRESH_S
        found = examples.nearest(project_id, CHAT, task("My debit card is gone."), 3)
        return [example.reply for example in found]

    assert nearest() == ["Freeze it in the app."]
    answers = [{"text": "Freeze it in the app.", "annotator": "ana@example.org"}]
    said = {"messages": task("I lost my debit card.")["messages"], "reviewed_id": "one"}
    review = REVIEW.complete_task({**said, "answers": answers, "sent_because": "a sample"})
    client.import_tasks(review_id, [{"data": review}])
    (to_review,) = ids(up, review_id)
    rejected = annotate(up, to_review, "", result=REVIEW.encode(Review("reject")))
    assert nearest() == []
    amended = Review("amend", best=0, amended="Freeze it in the app at once.")
    changes = {"result": REVIEW.encode(amended)}
    up.http.patch(f"/api/annotations/{rejected}/", json=changes)
    assert nearest() == ["Freeze it in the app at once."]
    client.delete_project(review_id)
    assert nearest() == ["Freeze it in the app."]
