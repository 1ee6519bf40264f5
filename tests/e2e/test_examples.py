"""The finished examples of a project, read from a real Label Studio with the real encoder."""

from collections.abc import Iterator
from typing import Any

import pytest

from connectors.embedding import load_encoder
from label_configs import load
from label_configs.chat_response import ChatResponse
from ml_backend.drafts.similar_examples import REFRESH_S, Examples
from tests.running import Up

pytestmark = pytest.mark.label_studio

CHAT = load("chat_response")


@pytest.fixture
def project_id(up: Up) -> Iterator[int]:
    client = up.label_studio
    project = client.create_project({"title": "Examples", "label_config": CHAT.label_config()})
    yield int(project["id"])
    client.delete_project(project["id"])


def task(question: str, **more: Any) -> dict[str, Any]:
    """Task data."""
    return CHAT.complete_task({"messages": [{"role": "user", "content": question}], **more})


def ids(up: Up, project_id: int) -> list[int]:
    """Of the project's tasks, in order."""
    pages = up.label_studio.task_pages(project_id, include=("id",))
    return [task["id"] for page in pages for task in page.tasks]


def annotate(up: Up, task_id: int, reply: str, **more: Any) -> int:
    """Submit an annotation; its id."""
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
    examples = Examples(client, load_encoder(), lambda: now[0])

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
