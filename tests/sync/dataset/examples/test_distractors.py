"""Distractors: of the same split only, and the same whatever the order of tasks."""

import os
import subprocess
import sys
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sync.dataset.examples.distractors import DocumentPool


def document(text: str) -> dict[str, Any]:
    return {"title": f"Title {text}", "text": text}


documents = st.text(min_size=1, max_size=3).map(document)
tasks = st.lists(
    st.tuples(st.lists(documents, max_size=3), st.sampled_from(["train", "test", None])),
    min_size=1,
    max_size=12,
)


def pool_of(filled: Any) -> DocumentPool:
    pool = DocumentPool()
    for held, split in filled:
        pool.add(held, split)
    return pool


@given(tasks, st.integers(0, 8), st.text(max_size=4))
def test_what_is_drawn(filled: Any, count: int, key: str) -> None:
    own, split = filled[0]
    found = pool_of(filled).among(own, count, key, split)
    same_split = {d["text"] for held, at in filled if at == split for d in held}
    texts = [d["text"] for d in found]
    mine = {d["text"] for d in own}
    assert mine <= set(texts) <= same_split
    others = min(count, len(same_split - mine)) if own else 0
    assert len(set(texts) - mine) == others
    if others:
        assert len(texts) == len(set(texts))


@given(tasks, st.randoms(use_true_random=False), st.integers(1, 4))
def test_the_order_of_tasks_changes_nothing(filled: Any, random: Any, count: int) -> None:
    own, split = filled[0]
    shuffled = random.sample(filled, len(filled))
    assert pool_of(filled).among(own, count, "k", split) == pool_of(shuffled).among(
        own, count, "k", split
    )


def test_a_task_without_documents_gets_none() -> None:
    assert pool_of([([document("a")], None)]).among([], 3, "k") == []


def test_the_own_document_stands_anywhere() -> None:
    pool = pool_of([([document(str(i))], None) for i in range(9)])
    own = document("0")
    places = {pool.among([own], 3, f"task-{i}").index(own) for i in range(60)}
    assert places == {0, 1, 2, 3}


def test_different_tasks_get_different_documents() -> None:
    pool = pool_of([([document(str(i))], None) for i in range(50)])
    drawn = {pool.among([document("0")], 1, f"task-{i}")[0]["text"] for i in range(200)}
    assert len(drawn) > 25


def test_another_document_changes_few_draws() -> None:
    filled = [([document(str(i))], None) for i in range(100)]
    before, after = pool_of(filled), pool_of([*filled, ([document("new")], None)])
    own = [document("0")]
    changed = [
        key for key in map(str, range(100)) if before.among(own, 2, key) != after.among(own, 2, key)
    ]
    assert len(changed) < 15


def test_a_document_is_kept_once_without_what_is_not_shown() -> None:
    pool = DocumentPool()
    for _ in range(3):
        pool.add([{**document("a"), "embedding": [0.0] * 1000}])
    found = pool.among([document("b")], 5, "k")
    assert sorted(found, key=str) == sorted([document("a"), document("b")], key=str)


def test_python_s_own_hash_plays_no_part() -> None:
    """Another process, whose texts hash otherwise, draws the same."""
    code = (
        "from sync.dataset.examples.distractors import DocumentPool; p = DocumentPool();"
        "p.add([{'title': 't', 'text': str(i)} for i in range(30)]);"
        "print([d['text'] for d in p.among([{'title': 't', 'text': '3'}], 4, 'k')])"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(said) == 1


def test_a_document_with_redacted_values_stays_with_its_task() -> None:
    pool = DocumentPool()
    own = [{"title": "Letter", "text": "From <EMAIL_1>."}]
    pool.add(own)
    pool.add([{"title": "Mail to <EMAIL_1>", "text": "Yes."}, {"title": "Fees", "text": "None."}])
    assert pool.among(own, 0, "task-1") == own
    drawn = pool.among([{"title": "Cards", "text": "Free."}], 3, "task-2")
    assert sorted(document["title"] for document in drawn) == ["Cards", "Fees"]
    assert len(pool.among(own, 3, "task-1")) == 2
