"""One drafting round against a stand-in that answers as odd servers do.

Each question gets one odd reply; the task ends with the right draft and the right reasoning, or
undrafted with its reason on /status. Nothing of the reasoning or of a server's marks reaches the
answer of a prediction.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

import label_configs
from connectors.llm_replies import Sample
from drafting.choose_categories import choose
from drafting.draft_task import draft_task
from drafting.draft_version import model_version
from drafting.project_settings import DimensionSettings, LLMSettings, ProjectSettings
from drafting.rewrite_request import Instructed
from ml_backend.drafts.draft_maker import DraftMaker
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.settings import BackendSettings
from ml_backend.store.draft_jobs import FinishedDraft
from ml_backend.store.replies import Replies
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.connectors.chat_server import LOGPROBS, choice, completion, refusal
from tests.ml_backend.fakes import (
    FakeEncoder,
    FakeLabelStudio,
    FakeSampler,
    backend_of,
    conversation,
    job_for,
    run_jobs,
)
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double

WHY, SAID = "The fee table says GBP 5.", "A new card costs GBP 5.00."
STEPS = {"steps": [{"text": "It was frozen.", "kind": "observation"}], "answer": SAID}
PARTS = {
    "opening": "",
    "plan": "",
    "intents": [{"intent": "fee", "quote": "", "priority": 1, "lead": "", "segment": SAID}],
}
OTHER = {**STEPS, "answer": "It is free."}
HARMONY = (
    f"<|channel|>analysis<|message|>{WHY}<|end|><|start|>assistant<|channel|>final<|message|>"
    f"{SAID}<|return|>"
)
EVENTS = 'data: {"choices": [{"delta": {"content": "A"}}]}\n\ndata: [DONE]\n\n'
Odd = str | Reply

# question: interface, reply, reasoning of the draft
DRAFTED: dict[str, tuple[str, Odd, str]] = {
    "block": ("chat_response", f"<think>\n{WHY}\n</think>\n\n{SAID}", WHY),
    "closing alone": ("chat_response", f"{WHY}\n</think>\n\n{SAID}", WHY),
    "empty block": ("chat_response", f"<think>\n\n</think>\n\n{SAID}", ""),
    "Magistral": ("chat_response", f"[THINK]{WHY}[/THINK]{SAID}", WHY),
    "channels": ("chat_response", HARMONY, WHY),
    "turn's end": ("chat_response", f"{SAID}<|im_end|>\n<|im_start|>user\nAnd now?", ""),
    "a whole fence": ("chat_response", f"```markdown\n{SAID}\n```", ""),
    "beside": (
        "chat_response",
        completion(choice(SAID, message={"content": SAID, "reasoning_content": WHY})),
        WHY,
    ),
    "a turn of many": ("multi_turn", f"<thinking>{WHY}</thinking>{SAID}</s>", WHY),
    "fenced JSON": ("reasoning_steps", f"Here:\n```json\n{json.dumps(STEPS)}\n```\nGood luck!", ""),
    "JSON and a mark": ("reasoning_steps", f"\ufeff{json.dumps(STEPS)}<|eot_id|>", ""),
    "JSON behind thought": (
        "reasoning_steps",
        f"<think>{json.dumps(OTHER)}?</think>{json.dumps(STEPS)}",
        f"{json.dumps(OTHER)}?",
    ),
    "parts in a fence": ("multi_intent", f"<think>{WHY}</think>```\n{json.dumps(PARTS)}\n```", WHY),
}
LEFT: dict[str, tuple[str, Odd, str]] = {
    "cut in thought": ("chat_response", "<think>\nI have to look at the", "ends inside its reason"),
    "only thought": ("multi_turn", f"<think>{WHY}</think><|im_end|>", "all reasoning"),
    "thought beside": (
        "chat_response",
        completion(choice(message={"content": None, "reasoning": WHY})),
        "all reasoning",
    ),
    "two objects": ("reasoning_steps", f"{json.dumps(STEPS)} {json.dumps(OTHER)}", "2 that differ"),
    "cut JSON": ("reasoning_steps", f"```json\n{json.dumps(STEPS)[:-3]}", "not the JSON asked for"),
    "filtered": (
        "chat_response", completion(choice(None, finish_reason="content_filter")), "content filter",
    ),
    "a call": (
        "chat_response",
        completion(choice(message={"content": None, "tool_calls": [{"id": "c"}]})),
        "only calls a tool",
    ),
    "null": ("chat_response", completion(choice(None)), "reply is empty"),
}  # fmt: skip
# they may pass: the next sweep asks again
PUT_OFF: dict[str, tuple[Odd, str]] = {
    "events": (Reply(EVENTS, content_type="text/event-stream"), "a stream of server-sent events"),
    "an error": (Reply({"error": {"message": "Model is loading"}}), '200: "Model is loading"'),
    "no choice": (completion(), "a completion without a choice"),
    "a page": (Reply("<html>502</html>", content_type="text/html"), "a web page"),
}
pytestmark = pytest.mark.usefixtures("settled_at_once")

INTERFACES = ("chat_response", "multi_turn", "reasoning_steps", "multi_intent")


def answer(request: Request) -> Reply:
    asked = request.body["messages"][-1]["content"]
    reply = {**DRAFTED, **LEFT}[asked][1] if asked in DRAFTED | LEFT else PUT_OFF[asked][0]
    if isinstance(reply, Reply):
        for one in reply.body.get("choices", ()) if isinstance(reply.body, dict) else ():
            one.setdefault("logprobs", LOGPROBS)
        return reply
    return completion(choice(reply, logprobs=LOGPROBS))


@pytest.fixture(scope="module")
def server() -> Iterator[HTTPDouble]:
    with http_double(answer) as double:
        yield double


def settings_of(server: HTTPDouble, interface: str, **llm: Any) -> ProjectSettings:
    shape = {"base_url": f"{server.url}/v1", "model": "m", "samples": 1, "examples": 0, **llm}
    return ProjectSettings(interface=interface, llm=LLMSettings(**shape))


def maker_of(jobs: Jobs, label_studio: FakeLabelStudio) -> DraftMaker:
    endpoints = ModelServers(BackendSettings(llm_timeout_s=5.0), jobs.projects)
    return DraftMaker(
        label_studio, endpoints, Replies.beside(jobs.drafts), jobs.figures, jobs.projects
    )


def test_a_round_against_every_odd_reply(
    jobs: Jobs, label_studio: FakeLabelStudio, server: HTTPDouble, client: FlaskClient
) -> None:
    made: dict[str, FinishedDraft] = {}
    maker = maker_of(jobs, label_studio)

    def draft(job: Any) -> Any:
        drafted, patch = maker(job)
        made[job.data["messages"][-1]["content"]] = drafted
        return drafted, patch

    jobs.work = JobDependencies(label_studio, draft)
    for project, interface in enumerate(INTERFACES, 1):
        settings = settings_of(server, interface)
        label_studio.add_project(project, backend_of(settings, title=model_version(settings)))
    asked = {name: INTERFACES.index(case[0]) + 1 for name, case in (DRAFTED | LEFT).items()}
    numbered = dict(enumerate(asked.items(), 1))
    for task_id, (name, project) in numbered.items():
        data = label_configs.load(INTERFACES[project - 1]).complete_task(conversation(name))
        label_studio.add_task(task_id, data, project=project)
    for project in range(1, len(INTERFACES) + 1):
        jobs.sweep(project)
    run_jobs(jobs)

    undrafted = {
        entry["task_id"]: entry["reason"] for entry in client.get("/status").json["undrafted"]
    }
    for task_id, (name, _) in numbered.items():
        stored = label_studio.tasks[task_id]["predictions"]
        if name in LEFT:
            assert stored == []
            assert LEFT[name][2] in undrafted[task_id]
            assert not any(secret in undrafted[task_id] for secret in (WHY, SAID))
            continue
        interface = settings_of(server, DRAFTED[name][0]).load_interface()
        (prediction,) = stored
        assert interface.answer(interface.decode(prediction["result"])) == SAID
        shown = [item for item in prediction["result"] if item["from_name"] != "reasoning"]
        assert WHY not in json.dumps(shown)
        assert made[name].reasoning == DRAFTED[name][2]
        assert task_id not in undrafted
    # what did not fit was drawn once more, the others once
    times = [request.body["messages"][-1]["content"] for request in server.requests]
    assert {name: times.count(name) for name in asked} == {
        name: 2 if name in LEFT else 1 for name in asked
    }


@pytest.mark.parametrize("name", PUT_OFF)
def test_what_is_no_reply_is_told_and_asked_for_again_later(
    jobs: Jobs, label_studio: FakeLabelStudio, server: HTTPDouble, client: FlaskClient, name: str
) -> None:
    settings = settings_of(server, "chat_response")
    label_studio.add_project(1, backend_of(settings, title=model_version(settings)))
    label_studio.add_task(1, conversation(name))
    jobs.work = JobDependencies(label_studio, maker_of(jobs, label_studio))
    jobs.sweep(1)
    run_jobs(jobs, ahead_s=5)
    assert label_studio.tasks[1]["predictions"] == []
    (error,) = client.get("/status").json["errors"]
    assert PUT_OFF[name][1] in error["said"]
    assert jobs.ledger.failures() == []


def test_two_answers_of_a_preference_are_read_so_too() -> None:
    replies = [Sample(f"<think>{WHY}</think>{SAID}<|im_end|>"), Sample(f"{WHY}\n</think>\nNo.")]
    drafted = draft_task(
        label_configs.load("preference"),
        conversation("How much?"),
        LLMSettings(samples=2),
        FakeSampler(replies),
        lambda: FakeEncoder({SAID: (1.0, 0.0), "No.": (0.6, 0.8)}),
    )
    assert {drafted.record.left, drafted.record.right} == {SAID, "No."}
    assert drafted.reasoning == WHY


def test_an_answer_that_is_rewritten_is_read_so_too(
    jobs: Jobs, label_studio: FakeLabelStudio, server: HTTPDouble
) -> None:
    def rewritten(_: Request) -> Reply:
        return completion(choice(f"<think>{WHY}</think>\n```\n{SAID}\n```", logprobs=LOGPROBS))

    with http_double(rewritten) as double:
        settings = settings_of(double, "chat_response")
        asked = job_for(1, settings, rewrite=Instructed(("shorter",), "A long answer."))
        drafted, _ = maker_of(jobs, label_studio)(asked)
    (said,) = (item for item in drafted.result if item["from_name"] == "response")
    assert said["value"] == {"text": [SAID]}
    assert drafted.reasoning == WHY


def test_categories_are_read_so_too() -> None:
    topic = {"topic": DimensionSettings(labels=("cards", "fees"))}
    reply = Sample(f'<think>{WHY}</think>\n```json\n{{"topic": "fees"}}\n```<|im_end|>')
    assert choose(topic, conversation(), FakeSampler([reply]), "m") == {"topic": "fees"}


def test_a_model_without_a_system_role_drafts_and_is_told_of(
    jobs: Jobs, label_studio: FakeLabelStudio, client: FlaskClient
) -> None:
    def gemma(request: Request) -> Reply:
        if request.body["messages"][0]["role"] == "system":
            return refusal(400, "System role not supported")
        return completion(choice(SAID, logprobs=LOGPROBS))

    with http_double(gemma) as double:
        settings = settings_of(double, "chat_response")
        label_studio.add_project(1, backend_of(settings, title=model_version(settings)))
        for task_id in (1, 2):  # each by a worker of its own: what one learnt, the other knows
            jobs.work = JobDependencies(label_studio, maker_of(jobs, label_studio))
            label_studio.add_task(task_id, conversation(f"How much, {task_id}?"))
            jobs.sweep(1)
            run_jobs(jobs)
        assert len(double.requests) == 3
        told = double.bodies()[-1]["messages"]
        assert [message["role"] for message in told] == ["user"]
        assert told[0]["content"].endswith("\n\nHow much, 2?")
    assert all(label_studio.tasks[task_id]["predictions"] for task_id in (1, 2))
    (server,) = client.get("/status").json["model_servers"]
    assert server["lacks"] == ["no system role: its text opens the user's first turn"]
