"""The reply cache: the same request finds its reply again, in a new process too; no other does."""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from huey.api import Huey
from hypothesis import given
from hypothesis import strategies as st

from connectors.llm_replies import Reply, Sample, Usage
from connectors.llm_turns import PromptMessage
from ml_backend.store import queues
from ml_backend.store.replies import KEPT_S, Replies, reply_key
from tests.ml_backend.stores import IN_EITHER_STORE

URL = "http://model/v1/"
REQUEST: dict[str, Any] = {
    "messages": [{"role": "user", "content": "Why?"}],
    "model": "m",
    "n": 2,
    "temperature": 0.7,
    "max_tokens": 400,
    "schema": None,
    "attempt": 0,
}
REPLY = Reply(
    (Sample("ja, \u00e9\u4e2d\U0001f600", (-0.1, -0.25), model="m"), Sample("", truncated=True)),
    Usage(10, 7, estimated=True),
    2,
)

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=4,
)


@IN_EITHER_STORE
def test_a_reply_is_found_again_whole(queue: Huey) -> None:
    replies = Replies.beside(queue)
    assert replies.get("key") is None
    replies.put("key", REPLY)
    assert replies.get("key") == REPLY
    assert replies.get("another key") is None


@IN_EITHER_STORE
def test_a_new_process_finds_it_too(queue: Huey, queue_path: Path | str) -> None:
    Replies.beside(queue).put("key", REPLY)
    assert Replies.beside(queues.open_queue(queue_path)).get("key") == REPLY


def test_text_of_tasks_is_deleted_after_its_time(tmp_path: Path) -> None:
    """Not only left unread: the folder holds replies and prompts."""
    queue = queues.open_queue(tmp_path / "queue.db")
    replies = Replies.beside(queue)
    replies.put("old", REPLY)
    replies.put_prompt("old", [{"role": "user", "content": "Why?"}])
    folder = tmp_path / "queue.replies"
    for path in folder.iterdir():
        os.utime(path, (0, time.time() - KEPT_S - 60))
    replies.put("new", REPLY)  # of a worker that looked a moment ago
    assert len(list(folder.iterdir())) == 3
    later = Replies.beside(queue)
    later.put("newer", REPLY)
    assert len(list(folder.iterdir())) == 2
    assert (later.get("old"), later.get("new")) == (None, REPLY)


@IN_EITHER_STORE
def test_a_later_reply_replaces_it(queue: Huey) -> None:
    replies = Replies.beside(queue)
    replies.put("key", Reply((Sample("partial"),), Usage(10, 1), 1))
    replies.put("key", REPLY)
    assert replies.get("key") == REPLY


def test_many_replies_are_kept(queue: Huey) -> None:
    """A cache that starts to forget would make a re-push pay again."""
    replies = Replies.beside(queue)
    for number in range(600):
        replies.put(str(number), REPLY)
    assert all(replies.get(str(number)) == REPLY for number in range(600))


def test_a_draft_s_prompt_is_kept_for_its_second_pass(queue: Huey) -> None:
    messages: list[PromptMessage] = [{"role": "user", "content": "Why? \u00e9"}]
    Replies.beside(queue).put_prompt("v1:7:feed", messages)
    later = Replies.beside(queue)
    assert later.prompt("v1:7:feed") == messages
    assert later.prompt("v1:8:feed") is None


@pytest.mark.parametrize(
    "other",
    [
        {"messages": [{"role": "user", "content": "Why not?"}]},
        {"messages": [*REQUEST["messages"], {"role": "user", "content": "Why?"}]},
        {"model": "other"},
        {"n": 3},
        {"temperature": 0.8},
        {"max_tokens": 401},
        {"schema": {"type": "object"}},
        {"attempt": 1},
    ],
)
def test_whatever_shapes_a_reply_is_in_its_key(other: dict[str, Any]) -> None:
    assert reply_key(URL, {**REQUEST, **other}) != reply_key(URL, REQUEST)


def test_another_server_is_another_key() -> None:
    assert reply_key("http://other/v1/", REQUEST) != reply_key(URL, REQUEST)


@given(plain, plain)
def test_keys_are_equal_when_and_only_when_the_requests_are(one: Any, other: Any) -> None:
    keys = [reply_key(URL, {"schema": schema}) for schema in (one, other)]
    # JSON tells true from 1, as Python does not
    assert (keys[0] == keys[1]) == (repr(_ordered(one)) == repr(_ordered(other)))


def test_half_a_character_can_be_asked_about() -> None:
    """Task data may hold a lone surrogate; that it can't be sent is for the client to say."""
    assert reply_key(URL, {"messages": "\ud83d"}) != reply_key(URL, {"messages": "?"})


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value)}
    return [_ordered(inner) for inner in value] if isinstance(value, list) else value
