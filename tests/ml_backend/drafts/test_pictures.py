"""Drafts of tasks with pictures, by a stand-in that sees them, or by one that does not."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from flask.testing import FlaskClient

import label_configs
from connectors.llm_content import PromptMessage
from connectors.pictures import PictureError
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from ml_backend.drafts.draft_maker import DraftMaker
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.settings import BackendSettings
from ml_backend.store.replies import Replies
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.connectors.chat_server import LOGPROBS, choice, completion, refusal
from tests.ml_backend.fakes import FakeLabelStudio, backend_of, conversation, run_jobs
from tests.ml_backend.http_double import Reply, Request, http_double

pytestmark = pytest.mark.usefixtures("settled_at_once")

CHAT = label_configs.load("chat_response")
GONE = "/data/upload/1/gone.png"
PNG = "data:image/png;base64,iVBORw0KGgo="


def shown(address: str) -> dict[str, Any]:
    picture = {"type": "image_url", "image_url": {"url": address}}
    content = [{"type": "text", "text": "Which card is it?"}, picture]
    return {"messages": [{"role": "user", "content": content}]}


def urls(messages: Sequence[Mapping[str, Any]]) -> list[str]:
    parts = [p for m in messages if isinstance(m["content"], list) for p in m["content"]]
    return [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]


class Fetching:
    """What `connectors.task_pictures.TaskPictures` does, and how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def in_messages(self, messages: Sequence[PromptMessage]) -> list[PromptMessage]:
        self.asked += urls(messages)
        if GONE in self.asked[-1:]:
            raise PictureError("a picture of the task is no longer in Label Studio")
        sent = json.dumps(messages)
        for address in urls(messages):
            sent = sent.replace(address, PNG)
        return list(json.loads(sent))


def draft_all(jobs: Jobs, label_studio: FakeLabelStudio, url: str, *tasks: Any) -> Fetching:
    """Draft tasks 1 … n of a project whose model is at `url`."""
    fetching = Fetching()
    maker = DraftMaker(
        label_studio,
        ModelServers(BackendSettings(llm_timeout_s=5.0), jobs.projects),
        Replies.beside(jobs.drafts),
        jobs.figures,
        jobs.projects,
        fetching.in_messages,
    )
    llm = LLMSettings(base_url=f"{url}/v1", model="m", samples=1, examples=0)
    settings = ProjectSettings(interface="chat_response", llm=llm)
    jobs.work = JobDependencies(label_studio, maker)
    label_studio.add_project(1, backend_of(settings, title=model_version(settings)))
    for number, data in enumerate(tasks, 1):
        label_studio.add_task(number, CHAT.complete_task(data))
    jobs.sweep(1)
    run_jobs(jobs)
    return fetching


def answers(label_studio: FakeLabelStudio, task_id: int) -> list[str]:
    stored = label_studio.tasks[task_id]["predictions"]
    return [CHAT.answer(CHAT.decode(prediction["result"])) for prediction in stored]


def test_a_vision_model_sees_the_picture_and_drafts(
    jobs: Jobs, label_studio: FakeLabelStudio, client: FlaskClient
) -> None:
    def sees(request: Request) -> Reply:
        found = urls(request.body["messages"])
        return completion(choice(f"I see {len(found)}.", logprobs=LOGPROBS))

    address = "/data/upload/1/card.png"
    with http_double(sees) as double:
        fetching = draft_all(
            jobs, label_studio, double.url, shown(address), conversation("Hi?"), shown(GONE)
        )
        sent = [urls(body["messages"]) for body in double.bodies()]
    assert sorted(sent) == [[], [PNG]]
    assert answers(label_studio, 1) == ["I see 1."]
    assert answers(label_studio, 2) == ["I see 0."]
    assert answers(label_studio, 3) == []
    assert fetching.asked.count(address) == 1
    (undrafted,) = client.get("/status").json["undrafted"]
    assert undrafted["task_id"] == 3
    assert "no longer in Label Studio" in undrafted["reason"]
    # neither the queue nor the cache holds a picture
    assert PNG not in json.dumps([task["data"] for task in label_studio.tasks.values()])


def test_a_model_that_sees_no_pictures_drafts_the_others(
    jobs: Jobs, label_studio: FakeLabelStudio, client: FlaskClient
) -> None:
    def blind(request: Request) -> Reply:
        if urls(request.body["messages"]):
            return refusal(400, "This model does not support image input.")
        return completion(choice("Fine.", logprobs=LOGPROBS))

    tasks = (shown("/data/upload/1/a.png"), conversation("Hi?"), shown("/data/upload/1/b.png"))
    with http_double(blind) as double:
        draft_all(jobs, label_studio, double.url, *tasks)
        assert len([body for body in double.bodies() if urls(body["messages"])]) == 1
    assert [answers(label_studio, number) for number in (1, 2, 3)] == [[], ["Fine."], []]
    status = client.get("/status").json
    assert {entry["task_id"] for entry in status["undrafted"]} == {1, 3}
    assert all("sees no pictures" in entry["reason"] for entry in status["undrafted"])
    (server,) = status["model_servers"]
    assert server["lacks"] == ["no pictures: tasks with some get no draft"]
