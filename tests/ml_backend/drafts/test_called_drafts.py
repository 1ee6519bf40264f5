"""Drafts that call tools, by a stand-in server over HTTP: from its reply to rows of the page."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

import label_configs
from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from drafting.rewrite_request import Instructed
from label_configs.call_rows import NO_CALL
from label_configs.content import ToolCall
from ml_backend.drafts.draft_maker import DraftMaker
from ml_backend.drafts.model_servers import ModelServers
from ml_backend.settings import BackendSettings
from ml_backend.store.replies import Replies
from ml_backend.work.job_dependencies import JobDependencies
from ml_backend.work.jobs import Jobs
from tests.connectors.chat_server import LOGPROBS, choice, completion, refusal
from tests.drafting.calling import FEE, WEATHER, call
from tests.ml_backend.fakes import FakeLabelStudio, backend_of, job_for, run_jobs
from tests.ml_backend.http_double import Reply, Request, http_double

pytestmark = pytest.mark.usefixtures("settled_at_once")

CHAT = label_configs.load("chat_response")
WHY = "A fee? Look it up."
GOLD = ToolCall("get_fee", '{"card": "gold"}')
WRITTEN = '<tool_call>\n{"name": "get_fee", "arguments": {"card": "gold"}}\n</tool_call>'

# question: the server's message, then words, calls and reasoning of the draft
DRAFTED: dict[str, tuple[dict[str, Any], str, tuple[ToolCall, ...], str]] = {
    "a call": ({"content": None, "tool_calls": [call(card="gold")]}, "", (GOLD,), ""),
    "an old call": (
        {"content": "", "function_call": {"name": "get_fee", "arguments": '{"card": "gold"}'}},
        "",
        (GOLD,),
        "",
    ),
    "two calls and words": (
        {"content": "One moment.", "tool_calls": [call(card="gold"), call("weather")]},
        "One moment.",
        (GOLD, ToolCall("weather")),
        "",
    ),
    "a call after thought": (
        {"content": "", "reasoning_content": WHY, "tool_calls": [call(card="gold")]},
        "",
        (GOLD,),
        WHY,
    ),
    "a call in the text": ({"content": f"<think>{WHY}</think>{WRITTEN}"}, "", (GOLD,), WHY),
    "words": ({"content": "GBP 5.", "reasoning": WHY}, "GBP 5.", (), WHY),
}
LEFT = {
    "another tool": ({"content": "", "tool_calls": [call("delete_all")]}, "delete_all"),
    "broken arguments": (
        {"content": "", "tool_calls": [{"function": {"name": "get_fee", "arguments": '{"card"'}}]},
        "no JSON object",
    ),
}


def task(question: str) -> dict[str, Any]:
    return CHAT.complete_task(
        {"messages": [{"role": "user", "content": question}], "tools": [FEE, WEATHER]}
    )


def settings_of(url: str, **llm: Any) -> ProjectSettings:
    shape = {"base_url": f"{url}/v1", "model": "m", "samples": 1, "examples": 0, **llm}
    return ProjectSettings(interface="chat_response", llm=LLMSettings(**shape))


def maker_of(jobs: Jobs, label_studio: FakeLabelStudio) -> DraftMaker:
    servers = ModelServers(BackendSettings(llm_timeout_s=5.0), jobs.projects)
    replies = Replies.beside(jobs.drafts)
    return DraftMaker(label_studio, servers, replies, jobs.figures, jobs.projects)


def answer(request: Request) -> Reply:
    asked = request.body["messages"][-1]["content"]
    message = DRAFTED[asked][0] if asked in DRAFTED else LEFT[asked][0]
    return completion(choice(message=message, logprobs=LOGPROBS))


def test_a_round_of_tasks_with_tools(
    jobs: Jobs, label_studio: FakeLabelStudio, client: FlaskClient
) -> None:
    with http_double(answer) as double:
        settings = settings_of(double.url)
        jobs.work = JobDependencies(label_studio, maker_of(jobs, label_studio))
        label_studio.add_project(1, backend_of(settings, title=model_version(settings)))
        numbered = dict(enumerate([*DRAFTED, *LEFT], 1))
        for task_id, name in numbered.items():
            label_studio.add_task(task_id, task(name))
        jobs.sweep(1)
        run_jobs(jobs)
        assert all(body["tools"] == [FEE, WEATHER] for body in double.bodies())
    reasons = {e["task_id"]: e["reason"] for e in client.get("/status").json["undrafted"]}
    for task_id, name in numbered.items():
        stored = label_studio.tasks[task_id]["predictions"]
        if name in LEFT:
            assert stored == []
            assert LEFT[name][1] in reasons[task_id]
            continue
        (prediction,) = stored
        record = CHAT.decode(prediction["result"])
        assert (record.response, record.calls, record.reasoning) == DRAFTED[name][1:]
        rows = [i for i in prediction["result"] if i["from_name"].startswith("tool_")]
        assert len(rows) == len(record.calls)
        assert 0.0 < prediction["score"] < 1.0


def test_a_server_without_tools_drafts_calls_all_the_same(
    jobs: Jobs, label_studio: FakeLabelStudio, client: FlaskClient
) -> None:
    def gemma(request: Request) -> Reply:
        if "tools" in request.body:
            return refusal(400, "gemma does not support tools")
        told = json.dumps(FEE) in request.body["messages"][0]["content"]
        return completion(choice(WRITTEN if told else "?", logprobs=LOGPROBS))

    with http_double(gemma) as double:
        drafted, _ = maker_of(jobs, label_studio)(job_for(1, settings_of(double.url), task("?")))
    assert CHAT.decode(drafted.result).calls == (GOLD,)
    (server,) = client.get("/status").json["model_servers"]
    assert server["lacks"] == ["no tools: they are described in the prompt"]


def test_what_a_project_wants_of_tools_is_asked_and_checked(
    jobs: Jobs, label_studio: FakeLabelStudio
) -> None:
    with http_double(answer) as double:
        settings = settings_of(double.url, tool_choice="required", parallel_tool_calls=False)
        maker = maker_of(jobs, label_studio)
        drafted, _ = maker(job_for(1, settings, task("a call")))
        assert CHAT.decode(drafted.result).calls == (GOLD,)
        for question, said in (("words", "calls no tool"), ("two calls and words", "calls 2")):
            with pytest.raises(label_configs.ReplyError, match=said):
                maker(job_for(1, settings, task(question)))
        (body, *_) = double.bodies()
    assert (body["tool_choice"], body["parallel_tool_calls"]) == ("required", False)


def test_a_tuned_model_is_shown_the_call_that_was_made_for_it(
    jobs: Jobs, label_studio: FakeLabelStudio
) -> None:
    def said(request: Request) -> Reply:
        own = request.body["messages"][-1]["role"] == "tool"
        message = {"content": "It costs GBP 5."} if own else DRAFTED["a call"][0]
        return completion(choice(message=message, logprobs=LOGPROBS))

    learnt = {"context": "tool"}
    with http_double(said) as double:
        settings = settings_of(double.url, learnt=learnt)
        maker = maker_of(jobs, label_studio)
        data = {**task("What is it?"), "context": {"fee": "GBP 5"}}
        drafted, _ = maker(job_for(1, settings, data))
        again, _ = maker(job_for(1, settings, data))
        (body,) = double.bodies()  # what was paid for is kept
        without, _ = maker(job_for(2, settings, task("a call")))
    assert CHAT.decode(drafted.result).response == "It costs GBP 5."
    assert drafted == again
    names = [tool["function"]["name"] for tool in body["tools"]]
    assert names == ["get_fee", "weather", "look_up_context"]
    assert "tool_choice" not in body
    assert CHAT.decode(without.result).calls == (GOLD,), "its own may be called"


def test_a_row_whose_call_is_left_out_is_none(jobs: Jobs, label_studio: FakeLabelStudio) -> None:
    before = Instructed(("one call",), "", (ToolCall("weather"), GOLD, GOLD))
    replied = completion(choice(message=DRAFTED["a call"][0], logprobs=LOGPROBS))
    with http_double(lambda _: replied) as double:
        asked = job_for(1, settings_of(double.url), task("a call"), rewrite=before)
        drafted, _ = maker_of(jobs, label_studio)(asked)
    rows = {item["from_name"]: item["value"] for item in drafted.result}
    assert rows["tool_0"] == {"choices": ["get_fee"]}
    assert rows["tool_1"] == rows["tool_2"] == {"choices": [NO_CALL]}
    assert CHAT.decode(drafted.result).calls == (GOLD,)


@pytest.mark.parametrize("name", ["words", "a call", "two calls and words"])
def test_a_change_keeps_what_the_model_does_not_make_again(
    jobs: Jobs, label_studio: FakeLabelStudio, name: str
) -> None:
    before = Instructed(("be brief",), "Wait.", (ToolCall("weather"),))
    replied, words, calls, _ = DRAFTED[name]
    with http_double(lambda _: completion(choice(message=replied, logprobs=LOGPROBS))) as double:
        asked = job_for(1, settings_of(double.url), task("?"), rewrite=before)
        drafted, _ = maker_of(jobs, label_studio)(asked)
        (body,) = double.bodies()
    assert "weather({})" in body["messages"][-1]["content"]
    record = CHAT.decode(drafted.result)
    assert record.response == (words or "Wait.")
    assert record.calls == (calls or before.calls)
