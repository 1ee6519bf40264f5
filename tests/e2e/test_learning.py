"""What experts did with drafts, as a real Label Studio tells both sides of it."""

from typing import Any

import pytest

import label_configs
from connectors.label_studio import LabelStudio
from label_configs.annotations import ORDER
from label_configs.chat_response import ChatResponse
from label_configs.draft_meta import with_acceptance
from ml_backend.drafts.judged_work import JudgedWork
from sync.records.draft_use import judged_of
from sync.records.record_reader import read_records
from sync.table.task_rows import INCLUDE, from_label_studio
from tests.e2e.opened import store_task
from tests.e2e.test_page_chat_response import TASK
from tests.running import Up

pytestmark = pytest.mark.label_studio

chat = label_configs.load("chat_response")


def items(reply: str, agreement: float | None = None, verdict: Any = None) -> list[dict[str, Any]]:
    result = chat.encode(ChatResponse(reply, verdict))
    return result if agreement is None else with_acceptance(result, 0.5, {"agreement": agreement})


def predict(client: LabelStudio, project_id: int, task_id: int, agreement: float) -> int:
    fields = {"task": task_id, "project": project_id, "model_version": "v1", "score": 0.5}
    return int(client.create_prediction({**fields, "result": items("Draft.", agreement)})["id"])


def annotate(client: LabelStudio, project_id: int, task_id: int, **fields: Any) -> None:
    path = f"api/tasks/{task_id}/annotations?project={project_id}"
    client._http.object("POST", path, body=fields, retry=False)


def test_both_sides_learn_the_same_from_a_real_label_studio(up: Up) -> None:
    client = up.label_studio
    project_id, _ = store_task(client, chat, TASK)
    completed = chat.complete_task(TASK, "# Guidelines")
    client.import_tasks(project_id, [{"data": completed}, {"data": completed}])
    ids = [int(task["id"]) for page in client.task_pages(project_id) for task in page.tasks]
    drafts = [predict(client, project_id, each, n / 10) for n, each in enumerate(ids, start=1)]
    accepted = {"result": items("Draft.", verdict="accept"), "parent_prediction": drafts[0]}
    annotate(client, project_id, ids[0], **accepted)
    predict(client, project_id, ids[0], 0.9)  # a newer one, which nobody had opened
    edited = {"result": items("Draft, better.", verdict="edit"), "parent_prediction": drafts[1]}
    annotate(client, project_id, ids[1], **edited)
    unnamed = [{**item, "origin": "prediction"} for item in items("Draft.")]
    annotate(client, project_id, ids[2], result=unnamed)

    work = JudgedWork(client, project_id, chat, ORDER, dict)
    assert work.finished() == 3
    judged = work.judged()
    assert [(each.signals, each.accepted) for each in judged] == [
        ({"agreement": 0.1}, True),
        ({"agreement": 0.2}, False),
        ({"agreement": 0.3}, True),
    ]
    rows = [
        from_label_studio(project_id, task)
        for page in client.task_pages(project_id, include=INCLUDE)
        for task in page.tasks
    ]
    pulled = [judged_of(record, chat) for record in read_records(rows, chat).records]
    assert pulled == judged
    client.delete_project(project_id)
