"""What a server can't do: found out once, believed only when proven, worked around, reported."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.standin import running
from connectors.errors import ContextTooLong, LLMError, LLMUnavailable
from connectors.llm import LLM, Capabilities
from connectors.llm_capabilities import FORMS
from label_configs import INTERFACES
from tests.connectors.chat_server import (
    KEY,
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
from tests.ml_backend.http_double import Reply, http_double

Refuse = Callable[[dict[str, Any]], Reply | None]


def refusing(*names: str, status: int = 400, **more: Any) -> Refuse:
    """Refuses parameters, the first one named."""

    def refuse(body: dict[str, Any]) -> Reply | None:
        found = next((name for name in names if name in body), None)
        return found and refusal(status, f"the parameter '{found}' is not supported", **more)

    return refuse


def refused_as(reason: str) -> str:
    return r"refused the request \(400\)" + (f': "{reason}"$' if reason else "$")


def forms(bodies: list[dict[str, Any]]) -> list[str | None]:
    return [(body.get("response_format") or {}).get("type") for body in bodies]


# --- n


@pytest.mark.parametrize(
    ("most", "calls", "again"),
    [
        (16, [4], [4]),  # honours n
        (1, [4, None, None, None], [None] * 4),  # ignores n
        (3, [4, None], [3, None]),  # limits n
        (2, [4, 2], [2, 2]),
    ],
)
def test_n_samples_whatever_the_server_gives_at_once(
    most: int, calls: list[int | None], again: list[int | None]
) -> None:
    with http_double(ChatServer(most)) as double:
        llm = client(double)
        assert texts(draw(llm, 4)) == [f"reply {i}" for i in range(1, 5)]
        assert asked_for(double.bodies(), "n") == calls
        double.requests.clear()
        reply = draw(llm, 4)
        assert texts(reply) == [f"reply {i}" for i in range(5, 9)]
        assert asked_for(double.bodies(), "n") == again
        assert reply.calls == len(again)
        assert llm.capabilities("m").n == most


@pytest.mark.parametrize("status", [400, 422])
def test_n_refused(status: int, caplog: pytest.LogCaptureFixture) -> None:
    with http_double(ChatServer(refuse=refusing("n", status=status))) as double:
        llm = client(double)
        assert len(draw(llm, 3).samples) == len(draw(llm, 3).samples) == 3
    assert asked_for(double.bodies(), "n") == [3] + 6 * [None]
    assert llm.capabilities("m") == Capabilities(n=1)
    assert caplog.messages == [f"model m at {double.url}/v1/: one sample a call"]


@pytest.mark.parametrize(
    "said",
    [
        "Field 'n': Value must be between 1 <= value <= 4, but got {n}",  # llama.cpp
        "n must be at most 4",
        "n_parallel is 4",
    ],
)
def test_n_limited_by_a_number_that_is_told(said: str) -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        n = body.get("n", 1)
        return refusal(400, said.format(n=n), code=400) if n > 4 else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        assert len(draw(llm, 10).samples) == 10
        assert asked_for(double.bodies(), "n") == [10, 4, 4, 2]
        assert llm.capabilities("m").n == 4
        assert llm.capabilities("m").lacking() == ["4 samples a call at most"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("the prompt says n, which is not allowed", "the prompt says n, which is not allowed"),
        ("n: flagged", ""),
        ("'logprobs' of n flagged", "'logprobs' of n …"),
    ],
)
def test_a_refusal_that_merely_mentions_an_option_proves_nothing(said: str, shown: str) -> None:
    flagged = {"role": "user", "content": "flagged"}
    server = ChatServer(
        refuse=lambda body: refusal(400, said) if flagged in body["messages"] else None
    )
    with http_double(server) as double:
        llm = client(double)
        with pytest.raises(LLMError, match=refused_as(shown)):
            llm.sample([flagged], model="m", n=4, temperature=0.7, max_tokens=50)
        assert llm.capabilities("m") == Capabilities()
        double.requests.clear()
        assert draw(llm, 4).calls == 1
    assert [(body["n"], body["logprobs"]) for body in double.bodies()] == [(4, True)]


# --- logprobs


@pytest.mark.parametrize("status", [400, 422])
def test_logprobs_refused(status: int, caplog: pytest.LogCaptureFixture) -> None:
    server = ChatServer(logprobs=False, refuse=refusing("logprobs", status=status))
    with http_double(server) as double:
        llm = client(double)
        samples = draw(llm, 2).samples + draw(llm, 2).samples
    assert [sample.token_logprobs for sample in samples] == [()] * 4
    assert asked_for(double.bodies(), "logprobs") == [True, None, None]
    assert llm.capabilities("m") == Capabilities(logprobs=False)
    (said,) = caplog.messages
    assert said.endswith("no logprobs: scored by agreement alone")


def test_logprobs_left_out_in_silence() -> None:
    with http_double(ChatServer(logprobs=False)) as double:
        llm = client(double)
        draw(llm, 2)
        assert llm.capabilities("m") == Capabilities(logprobs=False)


def test_each_is_learnt_of_one_model() -> None:
    with http_double(ChatServer(refuse=refusing("logprobs"), logprobs=False)) as double:
        llm = client(double)
        draw(llm, 2)
    assert llm.capabilities("another") == Capabilities()


def test_several_are_refused_one_after_the_other() -> None:
    with http_double(ChatServer(logprobs=False, refuse=refusing("logprobs", "n"))) as double:
        llm = client(double)
        assert texts(draw(llm, 2)) == ["reply 1", "reply 2"]
        assert llm.capabilities("m") == Capabilities(n=1, logprobs=False)


@pytest.mark.parametrize("refused", ["logprobs", "n", "response_format"])
def test_a_refusal_that_names_nothing(refused: str) -> None:
    server = ChatServer(
        refuse=lambda body: refusal(400, "Bad Request") if refused in body else None
    )
    with http_double(server) as double:
        llm = client(double)
        draw(llm, 3, schema=SCHEMA)
        expected = {
            "logprobs": Capabilities(logprobs=False),
            "n": Capabilities(n=1),
            "response_format": Capabilities(structured="prompt"),
        }
        known = llm.capabilities("m")
    # this server gives logprobs unasked, which is no proof that they can be asked for
    assert known == expected[refused]


def test_what_has_worked_is_not_suspected_of_a_refusal_that_names_nothing() -> None:
    worked = ChatServer()
    with http_double(lambda r: refusal(400, "no") if "hot" in str(r.body) else worked(r)) as double:
        llm = client(double)
        draw(llm, 2)
        double.requests.clear()
        with pytest.raises(LLMError):
            draw(llm, 2, temperature="hot")
        assert len(double.requests) == 1


# --- structured output


def test_no_json_schema() -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        schema = (body.get("response_format") or {}).get("type") == "json_schema"
        return refusal(400, "unknown response_format.type") if schema else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        draw(llm, 2, schema=SCHEMA)
        draw(llm, 2, schema=SCHEMA)
        draw(llm, 2)
    bodies = double.bodies()
    assert forms(bodies) == ["json_schema", "json_object", "json_object", None]
    assert llm.capabilities("m") == Capabilities(structured="json_object")
    for body in bodies[1:3]:
        (message,) = body["messages"]
        before, schema = message["content"].rsplit("\n", 1)
        assert before.startswith(QUESTION[0]["content"])
        assert json.loads(schema) == SCHEMA
    assert bodies[3]["messages"] == QUESTION


def test_no_response_format(caplog: pytest.LogCaptureFixture) -> None:
    with http_double(ChatServer(refuse=refusing("response_format"))) as double:
        llm = client(double)
        draw(llm, 2, schema=SCHEMA)
        draw(llm, 2, schema=SCHEMA)
    assert forms(double.bodies()) == ["json_schema", "json_object", None, None]
    assert json.dumps(SCHEMA) in double.bodies()[3]["messages"][0]["content"]
    assert len(caplog.messages) == 1


@pytest.mark.parametrize("structured", ["object", "refuse"])
@pytest.mark.parametrize("name", ["multi_intent", "reasoning_steps"])
def test_a_schema_in_the_prompt_gets_replies_that_the_interface_reads(
    structured: str, name: str
) -> None:
    interface = INTERFACES[name]
    with running(latency_ms=0, structured=structured, logprobs="refuse", n="refuse") as standin:
        llm = LLM(standin.url, KEY)
        reply = draw(llm, 3, schema=interface.reply_schema)
        llm.close()
    assert reply.calls == 3
    for sample in reply.samples:
        assert json.loads(sample.text).keys() == interface.reply_schema["properties"].keys()


# --- newer parameters


def test_a_model_that_wants_max_completion_tokens_and_no_temperature() -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        if "max_tokens" in body:
            return refusal(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this model. "
                "Use 'max_completion_tokens' instead.",
            )
        if "temperature" in body:
            return refusal(
                400, "Unsupported value: 'temperature' does not support 0.7 with this model."
            )
        return None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        draw(llm)
        draw(llm)
    assert len(double.requests) == 4
    assert double.bodies()[-1]["max_completion_tokens"] == 50
    assert llm.capabilities("m") == Capabilities(temperature=False, max_completion_tokens=True)
    assert llm.capabilities("m").lacking() == ["no temperature: it samples at its own"]


# --- roles


TALK = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": "My card is lost."},
    {"role": "assistant", "content": "Freeze it."},
    {"role": "user", "content": "How?"},
]
FOLDED = [{"role": "user", "content": "Be kind.\n\nMy card is lost."}, *TALK[2:]]
ALTERNATE = "Conversation roles must alternate user/assistant/user/assistant/..."
NO_SYSTEM = {
    "vLLM": (400, "System role not supported"),
    "TGI": (422, "Template error: template error: System role not supported (in <string>:1)"),
    "llama.cpp": (500, "Jinja Exception: System role not supported at row 1, column 2"),
    "Gemini": (400, "Developer instruction is not enabled for models/gemma-3-27b-it"),
    "a list of roles": (400, "Invalid role: expected one of user, assistant, found system"),
    "as an enumeration": (
        422,
        "messages.0.role: Input should be 'user' or 'assistant'; system role",
    ),
    "Mistral's first": (400, ALTERNATE),
    "o1": (400, "Unsupported value: 'messages[0].role' does not support 'system' with this model."),
    "vague": (400, "Bad Request"),
}


def roles(bodies: list[dict[str, Any]]) -> list[str]:
    return ["".join(message["role"][0] for message in body["messages"]) for body in bodies]


def talk(llm: LLM, messages: list[dict[str, str]], **more: Any) -> None:
    llm.sample(messages, model="m", n=1, temperature=0.7, max_tokens=50, **more)


@pytest.mark.parametrize(("status", "said"), NO_SYSTEM.values(), ids=NO_SYSTEM)
def test_no_system_role(status: int, said: str, caplog: pytest.LogCaptureFixture) -> None:
    server = ChatServer(
        refuse=lambda body: refusal(status, said) if "s" in roles([body])[0] else None
    )
    with http_double(server) as double:
        llm = client(double, max_retries=4)
        talk(llm, TALK)
        first = len(double.requests)
        talk(llm, TALK)
    assert first == (3 if said == "Bad Request" else 2)
    assert len(double.requests) == first + 1
    assert double.bodies()[-1]["messages"] == double.bodies()[first - 1]["messages"] == FOLDED
    assert llm.capabilities("m") == Capabilities(system=False)
    (told,) = caplog.messages
    assert told.endswith("no system role: its text opens the user's first turn")


def test_a_server_that_fails_without_a_word_over_a_system_role() -> None:
    """SGLang and mistral.rs answer 500, which the client repeats like any other."""
    server = ChatServer(
        refuse=lambda body: (
            refusal(500, "Internal Server Error") if roles([body])[0][0] == "s" else None
        )
    )
    with http_double(server) as double:
        llm = client(double, max_retries=2)
        talk(llm, TALK)
        talk(llm, TALK)
    assert roles(double.bodies()) == ["suau"] * 3 + ["uau"] * 2
    assert llm.capabilities("m") == Capabilities(system=False)


def test_a_server_that_is_down_proves_nothing() -> None:
    answers = [completion(choice())] + [refusal(500, "Internal Server Error")] * 4
    with http_double(lambda _: answers.pop()) as double:
        llm = client(double, max_retries=1)
        with pytest.raises(LLMUnavailable, match=r"is not available \(500\)"):
            talk(llm, TALK)
        assert llm.capabilities("m") == Capabilities()
        talk(llm, TALK)
    assert roles(double.bodies()) == ["suau"] * 2 + ["uau"] * 2 + ["suau"]


def test_a_system_role_that_has_worked_stays() -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        return refusal(400, "the system prompt says 'hot'") if body["temperature"] > 1 else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        talk(llm, TALK)
        with pytest.raises(LLMError):
            llm.sample(TALK, model="m", n=1, temperature=2.0, max_tokens=50)
        assert llm.capabilities("m") == Capabilities()


def test_a_schema_in_the_prompt_goes_into_the_user_s_turn_too() -> None:
    def refuse(body: dict[str, Any]) -> Reply | None:
        if "s" in roles([body])[0]:
            return refusal(400, "System role not supported")
        return refusal(400, "no response_format") if "response_format" in body else None

    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        talk(llm, TALK, schema=SCHEMA)
    said = double.bodies()[-1]["messages"][0]["content"]
    assert said.startswith("Be kind.\n\n")
    assert json.dumps(SCHEMA) in said
    assert said.endswith("\n\nMy card is lost.")


@pytest.mark.parametrize("system", [True, False])
def test_turns_that_must_alternate(system: bool) -> None:
    """With and without a system role; nothing that was said gets lost."""

    def refuse(body: dict[str, Any]) -> Reply | None:
        asked = roles([body])[0]
        turns = asked[1:] if system and asked[0] == "s" else asked
        fits = all(role == "ua"[at % 2] for at, role in enumerate(turns))
        return None if fits else refusal(400, ALTERNATE)

    doubled = [*TALK[:2], {"role": "user", "content": "Help!"}, *TALK[2:]]
    greeted = [TALK[0], {"role": "assistant", "content": "Hello."}, *TALK[1:]]
    with http_double(ChatServer(refuse=refuse)) as double:
        llm = client(double)
        for messages, asked in ((doubled, "uau"), (greeted, "uauau")):
            talk(llm, messages)
            body = double.bodies()[-1]
            assert roles([body]) == ["s" * system + asked]
            told = " ".join(message["content"] for message in body["messages"])
            assert all(message["content"] in told for message in messages)
    assert llm.capabilities("m") == Capabilities(system=system, any_turns=False)


# --- context


@pytest.mark.parametrize("wording", ["openai", "vllm", "llama.cpp"])
def test_a_prompt_longer_than_the_context(wording: str) -> None:
    long = [{"role": "user", "content": "PRIVATE " * 100}]
    with running(latency_ms=0, context_tokens=128, wording=wording) as standin:
        llm = LLM(standin.url, KEY)
        said = r"^the prompt is too long for the context of 128 tokens of the model at http"
        with pytest.raises(ContextTooLong, match=said) as caught:
            llm.sample(long, model="m", n=2, temperature=0.7, max_tokens=50)
        llm.close()
    assert caught.value.context_tokens == llm.capabilities("m").context_tokens == 128
    assert llm.capabilities("m").lacking() == ["a context of 128 tokens"]


@pytest.mark.parametrize("wording", ["openai", "vllm"])
def test_a_reply_that_the_context_has_no_room_for_is_asked_for_shorter(wording: str) -> None:
    with running(latency_ms=0, context_tokens=128, wording=wording) as standin:
        llm = LLM(standin.url, KEY)
        assert draw(llm, max_tokens=1000).calls == 1
        assert standin.stats()["refused"] == 1
        llm.close()


def test_room_for_less_than_a_reply() -> None:
    with running(latency_ms=0, context_tokens=64) as standin:
        llm = LLM(standin.url, KEY)
        with pytest.raises(ContextTooLong):
            draw(llm, max_tokens=1000)
        assert standin.stats()["refused"] == 1
        llm.close()


def test_the_size_of_the_context_is_not_told() -> None:
    answer = refusal(400, "Please reduce the length.", code="context_length_exceeded")
    with http_double(lambda _: answer) as double:
        llm = client(double)
        with pytest.raises(ContextTooLong, match="the context of the model at") as caught:
            draw(llm)
    assert caught.value.context_tokens is None
    assert llm.capabilities("m") == Capabilities()


# --- between threads and processes


def test_threads_that_find_out_together_say_it_once(caplog: pytest.LogCaptureFixture) -> None:
    with running(latency_ms=100, logprobs="refuse", n="refuse", structured="refuse") as standin:
        llm = LLM(standin.url, KEY)
        with ThreadPoolExecutor(16) as threads:
            drawn = list(threads.map(lambda _: draw(llm, 2, schema=SCHEMA), range(32)))
        llm.close()
    assert all(reply.calls == 2 for reply in drawn)
    assert llm.capabilities("m") == Capabilities(1, False, "prompt")
    assert len(caplog.messages) == 3


def test_what_another_process_has_learnt_is_not_found_out_again() -> None:
    with http_double(ChatServer(logprobs=False, refuse=refusing("logprobs", "n"))) as double:
        first, second = client(double), client(double)
        draw(first, 2)
        double.requests.clear()
        second.restore("m", first.capabilities("m"))
        draw(second, 2)
    assert len(double.requests) == 2


CAPABILITIES = st.builds(
    Capabilities,
    n=st.integers(1, 16),
    logprobs=st.booleans(),
    structured=st.sampled_from(FORMS),
    context_tokens=st.none(),
    temperature=st.booleans(),
    max_completion_tokens=st.booleans(),
    system=st.booleans(),
    any_turns=st.booleans(),
)


@given(CAPABILITIES, CAPABILITIES)
def test_knowledge_only_adds_up(one: Capabilities, other: Capabilities) -> None:
    both = one.but(other)
    assert both == other.but(one)
    assert both.but(one) == both
    assert Capabilities().but(one) == one
