"""A draft that a second pass replaces while somebody has it open in the real page."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

import label_configs
from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from drafting.draft_version import replaced_version
from label_configs.draft_meta import DraftAcceptance, acceptance_of, with_acceptance
from ml_backend.store.draft_jobs import FinishedDraft
from ml_backend.work.refining import deliver_refined
from tests.e2e.opened import SETTLED, SIGNALS, Opened, store_task
from tests.e2e.test_page_chat_response import EDITOR, TASK
from tests.running import Up

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]

AGAIN = {"agreement": 0.5}
VERSION = "chat_response-tiny-4d01e207"
chat = label_configs.load("chat_response")


def draft(text: str) -> Any:
    return chat.read_reply(text, TASK)


def refine(client: LabelStudio, project_id: int, task_id: int, text: str, score: float) -> None:
    """What the worker does with a draft of all its samples."""
    result = with_acceptance(chat.encode(draft(text)), score, AGAIN)
    finished = FinishedDraft(project_id, task_id, result, score, VERSION, again=True, signals=AGAIN)
    assert list(deliver_refined(client, project_id, {"key": finished})) == ["key"]


def drafts(client: LabelStudio, project_id: int) -> list[dict[str, Any]]:
    found = sorted(client.predictions(project_id), key=lambda prediction: int(prediction["id"]))
    return [{name: p[name] for name in ("id", "model_version", "score")} for p in found]


def test_an_open_page_submits_what_it_shows_and_a_later_one_shows_the_new_draft(
    up: Up, page: Page
) -> None:
    client = up.label_studio
    project_id, task_id = store_task(client, chat, TASK, draft("First words."))
    [old] = drafts(client, project_id)
    client.update_prediction(old["id"], {"model_version": VERSION})
    client.update_project(project_id, {"model_version": VERSION})  # one that some draft has
    address = f"{up.label_studio_url}/projects/{project_id}/data?task={task_id}"
    page.goto(address)
    expect(page.locator(EDITOR)).to_have_value("First words.", timeout=60_000)
    page.wait_for_function(SETTLED)
    assert not any(word in page.inner_text("body") for word in (*SIGNALS, "acceptance"))

    refine(client, project_id, task_id, "First words.", 0.7)
    same = {"id": old["id"], "model_version": VERSION, "score": 0.7}
    assert drafts(client, project_id) == [same]
    [listed] = client.predictions(project_id)
    assert acceptance_of(listed["result"]) == DraftAcceptance(0.7, AGAIN)
    refine(client, project_id, task_id, "Other words.", 0.9)
    kept, new = drafts(client, project_id)
    assert kept == {**same, "model_version": replaced_version(VERSION)}
    assert (new["model_version"], new["score"]) == (VERSION, 0.9)

    following = up.http.get(f"/api/projects/{project_id}/next").json()
    assert [prediction["id"] for prediction in following["predictions"]] == [new["id"]]
    later = page.context.new_page()
    later.goto(address)
    expect(later.locator(EDITOR)).to_have_value("Other words.", timeout=60_000)
    later.close()

    opened = Opened(chat, None, page, client, project_id)
    page.keyboard.press("1")
    assert opened.submit_by_keyboard().response == "First words."
    annotation = opened.annotation()
    assert annotation["parent_prediction"] == old["id"]
    # as the page had it when it was opened
    assert acceptance_of(annotation["result"]) == DraftAcceptance(0.5, SIGNALS)
    refine(client, project_id, task_id, "Late words.", 0.9)  # it is done: nothing changes
    assert len(drafts(client, project_id)) == 2
    client.delete_project(project_id)


def test_label_studio_refuses_an_annotation_whose_draft_is_gone(up: Up) -> None:
    """Why nothing is deleted while a page may hold it."""
    client = up.label_studio
    project_id, task_id = store_task(client, chat, TASK, draft("First words."))
    [old] = drafts(client, project_id)
    client.delete_prediction(old["id"])
    path = f"api/tasks/{task_id}/annotations?project={project_id}"
    body = {"result": chat.encode(draft("Typed.")), "parent_prediction": old["id"]}
    with pytest.raises(LabelStudioError) as refused:
        client._http.object("POST", path, body=body, retry=False)
    assert refused.value.status == 400
    client.delete_project(project_id)


def test_what_a_score_is_made_of_comes_through_an_import_in_bulk(up: Up) -> None:
    """And through every listing that the backend and a pull read."""
    client = up.label_studio
    project_id, task_id = store_task(client, chat, TASK)
    result = with_acceptance(chat.encode(draft("First words.")), 0.25, SIGNALS)
    sent = {"task": task_id, "result": result, "score": 0.25, "model_version": VERSION}
    assert client.import_predictions(project_id, [sent]) == 1
    [prediction] = client.predictions(project_id)
    told = DraftAcceptance(0.25, SIGNALS)
    assert acceptance_of(prediction["result"]) == told
    [task] = (t for p in client.task_pages(project_id) for t in p.tasks)
    [listed] = task["predictions"]
    assert acceptance_of(listed["result"]) == told
    client.update_prediction(prediction["id"], {"score": 0.01})  # as an order does
    [moved] = client.predictions(project_id)
    assert (moved["score"], acceptance_of(moved["result"])) == (0.01, told)
    client.delete_project(project_id)
