"""A server's reason is shown; no word of the prompt is, and no key."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.llm_reasons import LONGEST, server_reason

KEY = "sk-live-51HxPRIVATE"
MESSAGES = [
    {"role": "system", "content": "Be kind. Refunds are not supported for Premium cards."},
    {
        "role": "user",
        "content": "Ich heiße Jürgen Müller, my card 4929 was declined in Łódź 我的卡丢了",
    },
]
SHOWN = {
    "OpenAI": ({"error": {"message": "System role not supported"}}, "System role not supported"),
    "old vLLM": ({"object": "error", "message": "Only user turns"}, "Only user turns"),
    "FastAPI": (
        {"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "Input should be 'user'"}]},
        "body.messages.role: Input should be 'user'",
    ),
    "Ollama": ({"error": "model requires more system memory"}, "model requires more system memory"),
    "Gemini": ([{"error": {"code": 400, "message": "Unknown name"}}], "Unknown name"),
    "OpenRouter": (
        {"error": {"message": "Provider returned error", "metadata": {"raw": {"detail": "full"}}}},
        "full",
    ),
    "text": ("The model is overloaded.", "The model is overloaded"),
    "lines": ("Not\nallowed:\t here", "Not allowed: here"),
}
HIDDEN = {
    "a quote": ("Invalid content: 'my card 4929 was declined'", "Invalid content: '…'"),
    "a name": ("User Jürgen Müller is not allowed", "User … is not allowed"),
    "another case": ("flagged: JÜRGEN MÜLLER", "flagged: …"),
    "a cut word": ("near 'decli'", "near '…'"),
    "a word in an address": (
        "see /q?name=x%20M%C3%BCller%20Jürgen",
        "see /q?name=x%20M%C3%BCller%…",
    ),
    "a word behind a digit": ("cannot parse 7declined", "cannot parse …"),
    "another script": ("含有 我的卡丢了 的请求", "含有 … 的请求"),
    "the whole prompt": (f"rejected: {MESSAGES[1]['content']}", "rejected: …"),
    "JSON": (f"bad: {json.dumps(MESSAGES)}", "bad"),
    "as Python prints it": (f"bad: {MESSAGES}", "bad"),
    "the key": (f"Incorrect API key provided: {KEY}.", "Incorrect API key provided: …"),
    "another key": ("no access for hf_abcdEFGH123", "no access for …"),
    "an id": ("see req_011CSHoEeqs5C35K2UUqR7Fy for more", "see … for more"),
    "a web page": ("<html><body>502 Bad Gateway</body></html>", ""),
    "nothing": ("", ""),
    "nothing but the prompt": ("Jürgen Müller", ""),
    "an object without words": ('{"x": 1}', ""),
}


def body_of(said: Any) -> str:
    return said if isinstance(said, str) else json.dumps(said)


@pytest.mark.parametrize(("body", "reason"), SHOWN.values(), ids=SHOWN)
def test_the_reason(body: Any, reason: str) -> None:
    assert server_reason(body_of(body), MESSAGES, KEY) == reason


@pytest.mark.parametrize(("said", "reason"), HIDDEN.values(), ids=HIDDEN)
@pytest.mark.parametrize("wrapped", [False, True])
def test_nothing_of_the_prompt(said: str, reason: str, wrapped: bool) -> None:
    body = json.dumps({"error": {"message": said}}) if wrapped and said[:1] not in "<{" else said
    assert server_reason(body, MESSAGES, KEY) == reason


def test_it_is_short() -> None:
    told = server_reason("The engine failed to start. " * 500, MESSAGES)
    assert len(told) <= LONGEST + 2
    assert told.endswith(" …")


WORDS = st.text(st.characters(categories=("L", "N")), min_size=4, max_size=12).map(
    lambda word: f"q{word}"
)


@given(st.lists(WORDS, min_size=1, max_size=8), st.text(max_size=20))
def test_no_word_of_any_prompt(words: list[str], between: str) -> None:
    messages = [{"role": "user", "content": " ".join(words)}]
    for body in (f"{between} {' '.join(words)}", json.dumps({"detail": f"no '{words[0]}'"})):
        told = server_reason(body, messages).split()
        assert not any(word in told for word in words)
