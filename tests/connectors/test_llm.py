"""The model endpoint: what is asked, what comes back, and how it fails."""

import json
import logging
import re
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from benchmarks.standin import running
from connectors.errors import LLMError, LLMUnavailable
from connectors.llm import LLM, Sample, Usage
from connectors.llm_failures import no_completion
from connectors.llm_reasons import server_reason
from connectors.llm_replies import NoCompletionError, read_completion
from tests.connectors.chat_server import (
    KEY,
    LOGPROBS,
    QUESTION,
    SCHEMA,
    ChatServer,
    asked_for,
    choice,
    client,
    completion,
    draw,
    refusal,
    texts,
)
from tests.ml_backend.http_double import Reply, Request, http_double, unused_url

# --- what is asked


def test_one_call_asks_for_everything() -> None:
    with http_double(ChatServer()) as double:
        reply = draw(client(double), 4)
    [request] = double.requests
    assert request.headers["authorization"] == f"Bearer {KEY}"
    assert request.body == {
        "model": "m",
        "messages": QUESTION,
        "temperature": 0.7,
        "max_tokens": 50,
        "n": 4,
        "logprobs": True,
    }
    assert texts(reply) == ["reply 1", "reply 2", "reply 3", "reply 4"]
    assert reply.calls == 1


def test_one_sample_is_asked_for_without_n() -> None:
    with http_double(ChatServer()) as double:
        draw(client(double))
    assert "n" not in double.requests[0].body


def test_more_samples_than_a_call_gives() -> None:
    with http_double(ChatServer()) as double:
        reply = draw(client(double), 20)
    assert asked_for(double.bodies(), "n") == [16, 4]
    assert len(set(texts(reply))) == 20
    assert (reply.calls, reply.usage.prompt_tokens) == (2, 20)


def test_a_schema_is_passed_on_as_strict() -> None:
    with http_double(ChatServer()) as double:
        draw(client(double), schema=SCHEMA)
    assert double.requests[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "draft", "strict": True, "schema": SCHEMA},
    }
    assert double.requests[0].body["messages"] == QUESTION


def test_a_server_without_keys_gets_a_placeholder() -> None:
    with http_double(ChatServer()) as double:
        draw(LLM(f"{double.url}/v1", None))
    assert double.requests[0].headers["authorization"] == "Bearer none"


def test_64_threads_have_a_connection_each() -> None:
    # were the client's pool smaller, fewer requests than threads would ever be under way
    with running(latency_ms=1500) as standin:
        llm = LLM(standin.url, KEY)
        with ThreadPoolExecutor(64) as threads:
            replies = list(threads.map(lambda _: draw(llm), range(64)))
        llm.close()
        assert standin.stats()["max_concurrent"] == 64
    assert all(reply.calls == 1 for reply in replies)


# --- what comes back


def test_logprobs_and_truncation() -> None:
    odd = [{"logprob": value} for value in (0.001, None, float("nan"), -2.0)]
    answer = completion(
        choice("whole", logprobs=LOGPROBS),
        choice("cut", finish_reason="length", logprobs=None),
        choice("rounded", logprobs={"content": odd}),
        choice(None, logprobs={"content": None}),
        choice([{"type": "text", "text": "in "}, {"type": "text", "text": "parts"}]),
        choice("more than was asked for"),
    )
    with http_double(lambda _: answer) as double:
        assert draw(client(double), 5).samples == (
            Sample("whole", (-0.5, -1.5), model="m"),
            Sample("cut", truncated=True, model="m"),
            Sample("rounded", (0.0, -2.0), model="m"),
            Sample("", model="m"),
            Sample("in parts", model="m"),
        )


URL = "is it the URL of an OpenAI-compatible server (most end in /v1)?"
OTHER_FORM = f"answered no chat completion but JSON of another form; {URL}"
STREAM = (
    "answered no chat completion but a stream of server-sent events, though none was asked for; "
    "have the server, or the gateway before it, answer without streaming"
)
NO_CHOICE = (
    "answered no chat completion but a completion without a choice; "
    "see the server's log for why it made none"
)
CHUNK = json.dumps({"object": "chat.completion.chunk", "choices": [{"delta": {"content": "Hi"}}]})
EVENTS = f"data: {CHUNK}\n\ndata: [DONE]\n\n"
NO_COMPLETIONS = {
    "a web page": (
        Reply("<html></html>", content_type="text/html"),
        f"answered no chat completion but a web page; {URL}",
    ),
    "broken JSON": (Reply("{"), f"answered no chat completion but text that is no JSON; {URL}"),
    "nothing": (Reply(""), f"answered no chat completion but nothing; {URL}"),
    "a list": (Reply([]), OTHER_FORM),
    "null": (Reply("null"), OTHER_FORM),
    "an object": (Reply({"id": "c"}), OTHER_FORM),
    "a choice without a message": (completion({"index": 0, "finish_reason": "stop"}), OTHER_FORM),
    "no choices": (completion(), NO_CHOICE),
    "choices are null": (Reply({"choices": None}), NO_CHOICE),
    "events": (Reply(EVENTS, content_type="text/event-stream"), STREAM),
    "events after a comment": (Reply(f": processing\n\n{EVENTS}"), STREAM),
    "named events": (Reply(f"event: message\n{EVENTS}", content_type="text/plain"), STREAM),
    "an error": (
        Reply({"error": {"message": f"Model is loading for {QUESTION[0]['content']}"}}),
        'answered an error with status 200: "Model is loading for …"',
    ),
    "an error with a code": (
        Reply({"error": {"message": "Rate limit reached", "code": 429}}),
        'answered an error with status 200, code 429: "Rate limit reached"',
    ),
    "an error as text": (
        Reply({"error": "no capacity"}), 'answered an error with status 200: "no capacity"'
    ),
    "an error without a word": (Reply({"error": {"x": 1}}), "answered an error with status 200"),
    "vLLM's old error": (
        Reply({"object": "error", "message": "The engine is dead", "code": 50001}),
        'answered an error with status 200, code 50001: "The engine is dead"',
    ),
    "an error in the choice": (
        completion({"index": 0, "error": {"code": 502, "message": "Upstream failed"}}),
        'answered an error with status 200, code 502: "Upstream failed"',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "said"), NO_COMPLETIONS.values(), ids=NO_COMPLETIONS)
def test_what_is_no_completion_is_told(answer: Reply, said: str) -> None:
    content = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    with pytest.raises(NoCompletionError) as caught:
        read_completion(content.encode(), "m", QUESTION)
    told = no_completion(
        caught.value, "http://m/v1/", lambda body: server_reason(body, QUESTION, KEY)
    )
    assert str(told).endswith(f"http://m/v1/ {said}")
    assert "PRIVATE" not in str(told)


@pytest.mark.parametrize("name", ["a web page", "events", "an error"])
def test_garbage_is_asked_for_again_a_few_times(name: str) -> None:
    answer, said = NO_COMPLETIONS[name]
    with http_double(lambda _: answer) as double:
        with pytest.raises(LLMUnavailable, match=f"/v1/ {re.escape(said)}$"):
            draw(client(double))
        assert len(double.requests) == 3


def test_an_error_with_status_200_is_a_refusal_where_its_code_says_so() -> None:
    answer = Reply({"error": {"message": "Provider returned error", "code": 400,
                              "metadata": {"raw": '{"detail": "no such tool"}'}}})  # fmt: skip
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LLMError, match=r'refused the request \(400\): "no such tool"$') as caught,
    ):
        draw(client(double))
    assert type(caught.value) is LLMError


WITHHELD = {
    "was withheld by the server's content filter": {"finish_reason": "content_filter"},
    "only calls a tool": {"message": {"content": None, "tool_calls": [{"id": "c"}]}},
    "is a refusal to answer": {"message": {"content": None, "refusal": "PRIVATE"}},
    "": {"message": {"content": None}},
}


@pytest.mark.parametrize(("why", "more"), WITHHELD.items())
def test_why_there_is_no_text(why: str, more: dict[str, Any]) -> None:
    with http_double(lambda _: completion(choice("", **more))) as double:
        assert draw(client(double)).samples == (Sample("", model="m", withheld=why),)


THOUGHT = {
    "DeepSeek": {"content": "Five.", "reasoning_content": "The table\n"},
    "newer vLLM, OpenRouter": {"content": "Five.", "reasoning": "The table"},
    "both": {"content": "Five.", "reasoning": "The table", "reasoning_content": None},
    "Mistral": {
        "content": [
            {"type": "thinking", "thinking": [{"type": "text", "text": "The table"}]},
            {"type": "text", "text": "Five."},
        ]
    },
    "Anthropic": {
        "content": [
            {"type": "thinking", "thinking": "The table"},
            {"type": "text", "text": "Five."},
        ]
    },
}


@pytest.mark.parametrize("message", THOUGHT.values(), ids=THOUGHT)
def test_reasoning_beside_the_text(message: dict[str, Any]) -> None:
    with http_double(lambda _: completion(choice(message=message))) as double:
        assert draw(client(double)).samples == (Sample("Five.", model="m", reasoning="The table"),)


def test_reasoning_without_a_text() -> None:
    message = {"content": None, "reasoning_content": "The table"}
    with http_double(lambda _: completion(choice(message=message))) as double:
        assert draw(client(double)).samples == (Sample("", model="m", reasoning="The table"),)


def test_garbage_in_between() -> None:
    odd = [NO_COMPLETIONS[name][0] for name in ("a web page", "broken JSON")]
    answers = [*odd, completion(choice())]
    with http_double(lambda _: answers.pop(0)) as double:
        reply = draw(client(double))
    assert (texts(reply), reply.calls) == (["reply"], 1)


# --- failures


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, r'refused the request \(400, bad_thing\): "bad"'),
        (401, r"refused OPENAI_API_KEY \(401, bad_thing\)"),
        (403, r'refused OPENAI_API_KEY \(403, bad_thing\): "bad"'),
        (404, r'is not found \(404, bad_thing\): "bad"; correct llm.model or llm.base_url'),
    ],
)
def test_a_refusal_is_one_sentence(status: int, said: str) -> None:
    answer = refusal(status, f"bad: {QUESTION} {KEY}", code="bad_thing")
    with http_double(lambda _: answer) as double:
        with pytest.raises(LLMError, match=f"^the model at {double.url}/v1/ {said}$") as caught:
            draw(client(double))
        # a vague 400 may be about the logprobs; the others are about nothing that could be dropped
        assert len(double.requests) == (2 if status == 400 else 1)
    assert "PRIVATE" not in str(caught.value)
    assert type(caught.value) is LLMError
    assert caught.value.paid is None


def test_a_code_that_is_no_identifier_is_not_shown() -> None:
    answer = refusal(401, "no", code=f"no such key: {KEY}")
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LLMError, match=r"refused OPENAI_API_KEY \(401\)$"),
    ):
        draw(client(double))


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    answers = [refusal(status, "busy"), refusal(status, "busy"), completion(choice("at last"))]
    with http_double(lambda _: answers.pop(0)) as double:
        reply = draw(client(double, max_retries=2))
    assert (texts(reply), reply.calls) == (["at last"], 1)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503])
def test_a_lasting_failure_may_pass_later(status: int) -> None:
    with http_double(lambda _: refusal(status, "PRIVATE")) as double:
        with pytest.raises(LLMUnavailable, match=rf"is not available \({status}\)$") as caught:
            draw(client(double, max_retries=2))
        assert len(double.requests) == 3
    assert caught.value.retry_after_s is None


def test_retry_after_is_waited_for() -> None:
    with running(latency_ms=0, limited=0.5, retry_after_s=0.3, seed=3) as standin:
        llm = LLM(standin.url, KEY)
        with ThreadPoolExecutor(8) as threads:
            asked = [[{"role": "user", "content": f"question {i}"}] for i in range(24)]
            options = {"model": "m", "n": 1, "temperature": 0.7, "max_tokens": 50}
            replies = list(threads.map(lambda messages: llm.sample(messages, **options), asked))
        llm.close()
        stats = standin.stats()
    assert all(reply.calls == 1 for reply in replies)
    assert stats["faults"]["limited"] == len(stats["retries_after_429"]) > 5
    assert stats["early_retries"] == 0
    assert stats["most_calls_per_prompt"] == 1


def test_a_wait_too_long_for_a_call_is_handed_on() -> None:
    answer = Reply({"error": {"message": "wait"}}, 429, headers={"retry-after": "300"})
    with http_double(lambda _: answer) as double:
        with pytest.raises(LLMUnavailable) as caught:
            draw(client(double, max_retries=8))
        assert len(double.requests) == 1
    assert caught.value.retry_after_s == 300


def test_what_was_paid_for_before_a_failure_is_told() -> None:
    answers = [completion(choice("one")), refusal(500, "busy")]
    with http_double(lambda _: answers.pop(0)) as double:
        with pytest.raises(LLMUnavailable) as caught:
            draw(client(double, max_retries=0), 2)
        paid = caught.value.paid
    assert paid is not None
    assert (texts(paid), paid.usage, paid.calls) == (["one"], Usage(10, 4), 1)


def test_nobody_listens() -> None:
    url = unused_url()
    llm = LLM(url, KEY, max_retries=0)
    said = rf"^the model at {url}/? can't be reached; is it running\?$"
    with pytest.raises(LLMUnavailable, match=said):
        draw(llm)


def test_no_answer_in_time() -> None:
    def slow(_: Request) -> Reply:
        time.sleep(0.5)
        return completion(choice())

    with (
        http_double(slow) as double,
        pytest.raises(LLMUnavailable, match=r"did not answer within 0\.1 s$"),
    ):
        draw(client(double, timeout_s=0.1, max_retries=0))


@pytest.mark.parametrize("fault", ["closed", "hanging"])
def test_a_connection_that_breaks_or_hangs_is_tried_again(fault: str) -> None:
    with running(latency_ms=0, seed=1, **{fault: 0.5}) as standin:
        llm = LLM(standin.url, KEY, timeout_s=0.3)
        with ThreadPoolExecutor(8) as threads:
            assert all(reply.calls == 1 for reply in threads.map(lambda _: draw(llm), range(8)))
        llm.close()
        assert standin.stats()["faults"][fault] > 0


def test_logs_hold_neither_key_nor_prompt(caplog: pytest.LogCaptureFixture) -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        named = next((name for name in ("logprobs", "n") if name in body), None)
        return refusal(400, f"{QUESTION}: {named} is not supported") if named else None

    caplog.set_level(logging.DEBUG, logger="connectors")
    with http_double(ChatServer(logprobs=False, refuse=refuse)) as double:
        draw(client(double), 2)
    assert caplog.text
    assert "PRIVATE" not in caplog.text
