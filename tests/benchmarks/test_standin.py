"""The stand-in model server: what it answers, how it fails, and what it counts."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import jsonschema
import pytest

import label_configs
from benchmarks.standin import StandIn, running

REFUSALS = {
    "n": {"n": "refuse"},
    "between 1 <= value <= 2, but got 3": {"most_n": 2},
    "logprobs": {"logprobs": "refuse"},
    "response_format": {"structured": "refuse"},
    "does not support tools": {"tools": "refuse"},
    "json_schema": {"structured": "object"},
    "maximum context length is 40 tokens": {"context_tokens": 40},
    "request (10 tokens) exceeds": {"context_tokens": 5, "wording": "llama.cpp"},
    "50 output tokens": {"context_tokens": 40, "wording": "vllm"},
}
FEE: dict[str, Any] = {
    "type": "object",
    "properties": {"card": {"enum": ["gold"]}, "years": {"type": "integer"}},
    "required": ["card", "years"],
}
TOOLS = [{"type": "function", "function": {"name": "fee", "parameters": FEE}}]
SCHEMAS = {
    name: interface.reply_schema
    for name, interface in label_configs.INTERFACES.items()
    if interface.reply_schema
}


@pytest.fixture(scope="module")
def started() -> Iterator[StandIn]:
    with running(latency_ms=0) as standin:
        yield standin


@pytest.fixture
def standin(started: StandIn) -> Iterator[StandIn]:
    started.reset()
    yield started
    started.restore()


def ask(standin: StandIn, text: str = "What is the fee?", **more: Any) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "n": 3, **more}
    # plain HTTP: no certificates need loading, which takes longer than the call
    return httpx.post(f"{standin.url}/chat/completions", json=body, verify=False)


def texts(answer: httpx.Response) -> list[str]:
    return [choice["message"]["content"] for choice in answer.json()["choices"]]


def structured(schema: Any) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}


def test_the_same_request_is_answered_alike_and_another_differently(standin: StandIn) -> None:
    first = texts(ask(standin))
    assert len(set(first)) == 3
    assert texts(ask(standin)) == first
    assert not set(texts(ask(standin, "Where is my card?"))) & set(first)


def test_logprobs_only_where_asked(standin: StandIn) -> None:
    (told, *_) = ask(standin, logprobs=True).json()["choices"]
    assert all(token["logprob"] < 0 for token in told["logprobs"]["content"])
    assert ask(standin).json()["choices"][0]["logprobs"] is None


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_reply_follows_the_schema(standin: StandIn, name: str) -> None:
    for i in range(10):
        answer = ask(standin, f"question {i}", response_format=structured(SCHEMAS[name]))
        for text in texts(answer):
            jsonschema.validate(json.loads(text), SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_schema_in_the_prompt_is_followed_too(standin: StandIn, name: str) -> None:
    standin.change(structured="refuse")
    for text in texts(ask(standin, f"Follow this: {json.dumps(SCHEMAS[name])}")):
        jsonschema.validate(json.loads(text), SCHEMAS[name])


@pytest.mark.parametrize(("said", "behaviour"), REFUSALS.items(), ids=REFUSALS)
def test_what_it_can_not_do_is_refused(
    standin: StandIn, said: str, behaviour: dict[str, Any]
) -> None:
    standin.change(**behaviour)
    options = {"logprobs": True, "response_format": structured({"type": "string"}), "tools": TOOLS}
    answer = ask(standin, "x" * 24, max_tokens=50, **options)
    assert answer.status_code == 400
    assert said in answer.json()["error"]["message"]
    assert standin.stats()["refused"] == 1


def test_a_tool_is_called_with_arguments_that_it_takes(standin: StandIn) -> None:
    standin.change(tools="call")
    assert len(texts(ask(standin))) == 3
    for choice in ask(standin, tools=TOOLS).json()["choices"]:
        (call,) = choice["message"]["tool_calls"]
        assert call["function"]["name"] == "fee"
        jsonschema.validate(json.loads(call["function"]["arguments"]), FEE)


def test_pictures_that_come_as_data_are_counted(standin: StandIn) -> None:
    urls = ("data:image/png;base64,iVBORw0KGgo=", "https://example.org/a.png")
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    ask(standin, messages=[{"role": "user", "content": parts}])
    assert standin.stats()["pictures"] == 1


def test_faults_come_in_the_shares_asked_for_and_alike_for_a_seed(standin: StandIn) -> None:
    standin.change(limited=0.1, failed=0.1, overloaded=0.1, html=0.1, cut_json=0.1)
    first = [ask(standin).status_code for _ in range(200)]
    faults = standin.stats()["faults"]
    assert set(faults) == {"limited", "failed", "overloaded", "html", "cut_json"}
    assert all(8 <= count <= 35 for count in faults.values())
    standin.change()
    assert [ask(standin).status_code for _ in range(200)] == first
    standin.change(seed=1)
    assert [ask(standin).status_code for _ in range(200)] != first


def test_garbage(standin: StandIn) -> None:
    standin.change(html=1)
    assert ask(standin).headers["content-type"].startswith("text/html")
    standin.change(html=0, cut_json=1)
    answer = ask(standin)
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError):
        answer.json()


@pytest.mark.parametrize("behaviour", [{"closed": 1}, {"gone_s": 60}])
def test_closed_connections(standin: StandIn, behaviour: dict[str, Any]) -> None:
    standin.change(**behaviour)
    with pytest.raises(httpx.TransportError):
        ask(standin)


def test_who_leaves_early_is_not_counted_as_answered(standin: StandIn) -> None:
    standin.change(hanging=1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{standin.url}/chat/completions", json={"model": "m", "messages": []}, timeout=0.1
        )
    standin.restore()
    ask(standin)
    stats = standin.stats()
    assert (stats["requests"], stats["completed"], stats["abandoned"]) == (2, 1, 1)


def test_a_prompt_answered_twice_and_a_hurried_retry_are_seen(standin: StandIn) -> None:
    standin.change(limited=1, retry_after_s=30)
    assert ask(standin).headers["retry-after"] == "30"
    standin.restore()
    ask(standin)
    ask(standin, n=1)
    ask(standin, "another")
    stats = standin.stats()
    assert stats["early_retries"] == 1
    assert sorted(stats["calls_by_prompt"].values()) == [1, 2]
    assert sorted(stats["choices_by_prompt"].values()) == [3, 4]
    assert stats["most_calls_per_prompt"] == 2


def test_an_unknown_fault_is_refused(standin: StandIn) -> None:
    with pytest.raises(ValueError, match=r"unknown: flood \(known: closed, "):
        standin.change(flood=1)
