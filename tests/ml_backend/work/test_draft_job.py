"""A job on its way through the queue, and the key that tells drafts apart."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drafting.draft_version import model_version
from drafting.project_settings import LLMSettings, ProjectSettings
from drafting.rewrite_request import Instructed
from label_configs import load
from ml_backend.store.draft_jobs import DraftJob
from tests.ml_backend.fakes import conversation

texts = st.text(max_size=8)
contexts = st.dictionaries(texts, texts, max_size=2)
settings = st.builds(
    ProjectSettings,
    interface=st.sampled_from(["chat_response", "reasoning_steps"]),
    guidelines=texts,
    llm=st.builds(LLMSettings, samples=st.integers(1, 16)),
)


def job(data: dict[str, Any], interface: str = "reasoning_steps", **fields: Any) -> DraftJob:
    project = ProjectSettings(interface=interface)
    made = {"task_id": 7, "model_version": model_version(project), "settings": project}
    return DraftJob(project_id=1, data=data, **{**made, **fields})


rewrites = st.none() | st.builds(Instructed, st.lists(texts, max_size=2).map(tuple), texts)


@given(settings, texts, contexts, st.lists(st.integers(), max_size=3).map(tuple), rewrites)
def test_round_trip(
    project: ProjectSettings,
    text: str,
    context: dict[str, str],
    stale: tuple[int, ...],
    rewrite: Instructed | None,
) -> None:
    data = conversation(text, context=context)
    sent = DraftJob(1, 7, data, project, "v1", stale, rewrite=rewrite)
    received = DraftJob.from_json(json.loads(json.dumps(sent.to_json())), project)
    assert received == sent
    assert received.key == sent.key


def test_the_queue_holds_no_settings() -> None:
    """They are the project's, and would be there once for each of its tasks."""
    project = ProjectSettings(guidelines="Be brief, and never promise a refund.")
    sent = DraftJob(1, 7, conversation(), project, model_version(project))
    assert "refund" not in json.dumps(sent.to_json())


def test_it_keeps_the_key_that_it_was_queued_by() -> None:
    """Claims are of that key; inputs could count otherwise in a newer release."""
    raw = {**job(conversation()).to_json(), "key": "v1:7:feedfeedfeedfeed"}
    assert DraftJob.from_json(raw, ProjectSettings()).key == "v1:7:feedfeedfeedfeed"


def test_a_rewrite_is_another_draft_than_the_task_s() -> None:
    data = conversation()
    plain = DraftJob(1, 7, data, ProjectSettings(), "v1")
    asked = [
        Instructed(("shorter",), "a"),
        Instructed(("longer",), "a"),
        Instructed(("longer",), "b"),
    ]
    keys = {DraftJob(1, 7, data, ProjectSettings(), "v1", rewrite=one).key for one in asked}
    assert len({plain.key} | keys) == 4


@given(texts, texts, contexts, contexts)
def test_keys_are_equal_when_and_only_when_the_inputs_are(
    text: str, other_text: str, context: dict[str, str], other_context: dict[str, str]
) -> None:
    one = conversation(text, context=context)
    other = conversation(other_text, context=other_context)
    assert (job(one).key == job(other).key) == (one == other)


def test_what_the_drafter_writes_does_not_change_the_key() -> None:
    """Else a task would be drafted again as soon as its steps are in place."""
    data = conversation("Why?")
    completed = load("reasoning_steps").complete_task(data)
    assert job({**completed, "steps": [{"text": "Declined."}]}).key == job(data).key


def test_keys_of_other_tasks_and_versions_differ() -> None:
    data = conversation()
    assert job(data, seen_at=1.0).key == job(data, seen_at=2.0).key
    keys = {job(data).key, job(data, task_id=8).key, job(data, model_version="v2").key}
    assert len(keys) == 3
