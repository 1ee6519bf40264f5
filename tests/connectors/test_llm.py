"""The model endpoint, against a local server that speaks the chat completions API."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

import pytest

from connectors.errors import LLMError
from connectors.llm import LLM, Sample
from tests.ml_backend.http_double import HTTPDouble, Reply, Request, http_double, unused_url

KEY = "sk-PRIVATE"
QUESTION = [{"role": "user", "content": "PRIVATE question"}]
LOGPROBS = {"content": [{"token": "a", "logprob": -0.5}, {"token": "b", "logprob": -1.5}]}


def choice(text: Any = "reply", **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    return {"index": 0, "message": message, "finish_reason": "stop", **more}


def completion(*choices: dict[str, Any]) -> Reply:
    body = {"id": "c", "object": "chat.completion", "created": 1, "model": "m"}
    return Reply({**body, "choices": list(choices)})


def refusal(status: int, message: str) -> Reply:
    # the client waits before it tries again, unless it is told how long
    return Reply({"error": {"message": message}}, status, headers={"retry-after-ms": "1"})


@dataclass
class ChatServer:
    """A server as able as told.

    Attributes:
        most: choices that it gives in one call, whatever `n` says.
        refuses: parameters that it answers 400 (or `status`) to.
    """

    most: int = 16
    logprobs: bool = True
    refuses: tuple[str, ...] = ()
    status: int = 400
    replies: int = field(default=0, init=False)

    def __call__(self, request: Request) -> Reply:
        if request.path != "/v1/chat/completions":
            return refusal(404, "no such path")
        for name in self.refuses:
            if name in request.body:
                return refusal(self.status, f"the parameter {name} is not supported")
        choices = []
        for _ in range(min(self.most, request.body.get("n", 1))):
            self.replies += 1
            given = {"logprobs": LOGPROBS} if self.logprobs else {}
            choices.append(choice(f"reply {self.replies}", **given))
        return completion(*choices)


def sample(double: HTTPDouble, n: int = 1, llm: LLM | None = None, **more: Any) -> list[Sample]:
    llm = llm or client(double)
    asked = {"model": "m", "n": n, "temperature": 0.7, "max_tokens": 50, **more}
    return llm.sample(QUESTION, **asked)


def client(double: HTTPDouble, **options: Any) -> LLM:
    return LLM(f"{double.url}/v1", KEY, **{"timeout_s": 5.0, "max_retries": 1, **options})


def texts(samples: list[Sample]) -> list[str]:
    return [drawn.text for drawn in samples]


# --- what is asked


def test_one_call_asks_for_everything() -> None:
    with http_double(ChatServer()) as double:
        sample(double, n=4)
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


def test_one_sample_is_asked_for_without_n() -> None:
    with http_double(ChatServer()) as double:
        sample(double, n=1)
    assert "n" not in double.requests[0].body


def test_a_schema_is_passed_on_as_strict() -> None:
    schema = {"type": "object", "properties": {"answer": {"type": "string"}}}
    with http_double(ChatServer()) as double:
        sample(double, schema=schema)
    assert double.requests[0].body["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "draft", "strict": True, "schema": schema},
    }


def test_a_server_without_keys_gets_a_placeholder() -> None:
    with http_double(ChatServer()) as double:
        sample(double, llm=LLM(f"{double.url}/v1", None))
    assert double.requests[0].headers["authorization"] == "Bearer none"


# --- what the server can do


@pytest.mark.parametrize(
    ("most", "calls", "again"),
    [
        (16, [4], [4]),  # honours n
        (1, [4, 1, 1, 1], [1, 1, 1, 1]),  # ignores n
        (3, [4, 1], [3, 1]),  # limits n
        (2, [4, 2], [2, 2]),
    ],
)
def test_n_samples_whatever_the_server_gives_at_once(
    most: int, calls: list[int], again: list[int]
) -> None:
    """What it can't do is found out once."""
    with http_double(ChatServer(most)) as double:
        llm = client(double)
        assert texts(sample(double, 4, llm)) == [f"reply {i}" for i in range(1, 5)]
        assert [body.get("n", 1) for body in double.bodies()] == calls
        double.requests.clear()
        assert texts(sample(double, 4, llm)) == [f"reply {i}" for i in range(5, 9)]
        assert [body.get("n", 1) for body in double.bodies()] == again


@pytest.mark.parametrize("status", [400, 422])
def test_n_refused(status: int, caplog: pytest.LogCaptureFixture) -> None:
    with http_double(ChatServer(refuses=("n",), status=status)) as double:
        llm = client(double)
        assert len(sample(double, 3, llm)) == 3
        assert len(sample(double, 3, llm)) == 3
    assert [body.get("n", 1) for body in double.bodies()] == [3, 1, 1, 1, 1, 1, 1]
    assert caplog.text.count("draws one sample a call") == 1


@pytest.mark.parametrize("status", [400, 422])
def test_logprobs_refused(status: int, caplog: pytest.LogCaptureFixture) -> None:
    server = ChatServer(logprobs=False, refuses=("logprobs",), status=status)
    with http_double(server) as double:
        llm = client(double)
        samples = sample(double, 2, llm) + sample(double, 2, llm)
    assert [drawn.token_logprobs for drawn in samples] == [()] * 4
    assert ["logprobs" in body for body in double.bodies()] == [True, False, False]
    assert caplog.text.count("gives no logprobs; scoring by agreement alone") == 1


def test_n_and_logprobs_refused() -> None:
    with http_double(ChatServer(logprobs=False, refuses=("logprobs", "n"))) as double:
        assert texts(sample(double, 2)) == ["reply 1", "reply 2"]


# --- what comes back


def test_logprobs_and_truncation() -> None:
    above = {"content": [{"token": "a", "logprob": 0.001}, {"token": "b", "logprob": None}]}
    answer = completion(
        choice("whole", logprobs=LOGPROBS),
        choice("cut", finish_reason="length", logprobs=None),
        choice("rounded", logprobs=above),
        choice(None, logprobs={"content": None}),
    )
    with http_double(lambda _: answer) as double:
        assert sample(double, 4) == [
            Sample("whole", (-0.5, -1.5)),
            Sample("cut", truncated=True),
            Sample("rounded", (0.0,)),
            Sample(""),
        ]


NO_COMPLETIONS = {
    "a web page": Reply("<html></html>", content_type="text/html"),
    "broken JSON": Reply("{"),
    "a list": Reply([]),
    "a choice without a message": completion({"index": 0, "finish_reason": "stop"}),
}


@pytest.mark.parametrize("answer", NO_COMPLETIONS.values(), ids=NO_COMPLETIONS)
def test_an_answer_of_another_kind(answer: Reply) -> None:
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LLMError, match=r"/v1/ answered no chat completion; .*\(most end in /v1\)"),
    ):
        sample(double)


@pytest.mark.parametrize("answer", [completion(), Reply({"error": {"message": "busy"}})])
def test_no_choices(answer: Reply) -> None:
    with (
        http_double(lambda _: answer) as double,
        pytest.raises(LLMError, match="model 'm' answered without a reply"),
    ):
        sample(double)


# --- failures


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, r"refused the request \(400\)"),
        (401, "refused OPENAI_API_KEY"),
        (403, "refused OPENAI_API_KEY"),
        (404, r"refused the request \(404\)"),
    ],
)
def test_a_refusal_is_one_sentence_and_not_repeated(status: int, said: str) -> None:
    with http_double(lambda _: refusal(status, f"bad: {QUESTION} {KEY}")) as double:
        with pytest.raises(LLMError, match=f"^the model at {double.url}/v1/ {said}$") as caught:
            sample(double)
        assert len(double.requests) == 1
    assert "PRIVATE" not in str(caught.value)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    answers = [refusal(status, "busy"), refusal(status, "busy"), completion(choice("at last"))]
    with http_double(lambda _: answers.pop(0)) as double:
        assert texts(sample(double, llm=client(double, max_retries=2))) == ["at last"]


def test_a_lasting_failure_is_one_sentence() -> None:
    with http_double(lambda _: refusal(500, "PRIVATE")) as double:
        with pytest.raises(LLMError, match=r"refused the request \(500\)$"):
            sample(double, llm=client(double, max_retries=2))
        assert len(double.requests) == 3


def test_nobody_listens() -> None:
    url = unused_url()
    llm = LLM(url, KEY, max_retries=0)
    with pytest.raises(LLMError, match=rf"^the model at {url} can't be reached; is it running\?$"):
        llm.sample(QUESTION, model="m", n=1, temperature=0.7, max_tokens=50)


def test_no_answer_in_time() -> None:
    def slow(_: Request) -> Reply:
        time.sleep(0.5)
        return completion(choice())

    with (
        http_double(slow) as double,
        pytest.raises(LLMError, match="did not answer in time"),
    ):
        sample(double, llm=client(double, timeout_s=0.1, max_retries=0))


def test_logs_hold_neither_key_nor_prompt(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="connectors")
    server = ChatServer(logprobs=False, refuses=("logprobs", "n"))
    with http_double(server) as double:
        sample(double, 2)
    assert caplog.text
    assert "PRIVATE" not in caplog.text
