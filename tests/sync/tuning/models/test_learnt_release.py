"""Which files of a release a model learns."""

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from drafting.plain_prompt import PlainPrompt
from sync.common.errors import SyncError
from sync.settings.export import ExportSection
from sync.training_files.example import PreferenceExample
from sync.training_files.manifest.lineage import read_lineage
from sync.training_files.manifest.manifest import release_id
from sync.training_files.manifest.stored_release import StoredRelease, read_release
from sync.tuning.models.learnt_release import LearntRelease, learnt_release, prompt_of
from tests.sync.dataset.release.written import Row, write_release

SPLIT = [Row(1), Row(2), Row(3, split="validation"), Row(4, split="test")]


def learnt(folder: Path, form: str = "openai-chat") -> LearntRelease:
    return learnt_release(read_release(folder), str(folder), form)


def test_the_test_split_is_never_handed_on(tmp_path: Path) -> None:
    write_release(tmp_path, SPLIT)
    found = learnt(tmp_path)
    assert [(file.role, file.file, file.lines) for file in found.files] == [
        ("training", "openai-chat.train.jsonl", 2),
        ("validation", "openai-chat.validation.jsonl", 1),
    ]
    assert found.held_out
    assert (found.training, found.validation) == found.files


def test_each_line_that_is_learned_leads_to_its_task(tmp_path: Path) -> None:
    write_release(tmp_path, SPLIT)
    training = learnt(tmp_path).training
    content = (tmp_path / training.file).read_bytes()
    assert hashlib.sha256(content).hexdigest() == training.sha256
    tasks = {
        number: traced.task_id
        for traced in read_lineage(tmp_path)
        for number in traced.lines.get(training.file, ())
    }
    assert tasks == {1: 1, 2: 2}
    assert len(tasks) == training.lines


def test_what_was_never_split_is_all_training(tmp_path: Path) -> None:
    write_release(tmp_path, [Row(1, split=None), Row(2, split=None)])
    found = learnt(tmp_path)
    assert [file.role for file in found.files] == ["training"]
    assert (found.validation, found.held_out) == (None, False)


@pytest.mark.parametrize("name", ["openai-chat.train.jsonl", "lineage.jsonl", "manifest.json"])
def test_a_release_that_was_changed_is_refused(tmp_path: Path, name: str) -> None:
    write_release(tmp_path, SPLIT)
    content = (tmp_path / name).read_text()
    (tmp_path / name).write_text(content.replace('"answer"', '"answers"').replace("k_id", "k_i"))
    if name == "manifest.json":
        (tmp_path / name).write_text(content.replace("Support answers", "Other answers"))
    with pytest.raises(SyncError, match=rf"{name} changed since the export"):
        learnt(tmp_path)


def test_a_release_without_the_format_says_what_it_has(tmp_path: Path) -> None:
    write_release(tmp_path, SPLIT)
    with pytest.raises(SyncError) as refused:
        learnt(tmp_path, "openai-preference")
    assert str(refused.value) == (
        f"{tmp_path}: no training examples in openai-preference, which this way to tune reads (it "
        "has openai-chat); run `labeltune export --format openai-preference`"
    )


def changed(folder: Path, **manifest: Any) -> StoredRelease:
    """A release whose manifest says this."""
    write_release(folder, SPLIT)
    release = read_release(folder)
    whole = {**release.manifest, **manifest}
    return replace(release, manifest={**whole, "release": release_id(whole)})


def exported(**export: Any) -> dict[str, Any]:
    """The settings in a manifest."""
    return {"export": ExportSection(**export).model_dump(mode="json")}


def told(folder: Path, system_prompt: str | None = None, **export: Any) -> PlainPrompt | None:
    """The prompt that a release of these settings teaches."""
    more = {} if system_prompt is None else {"system_prompt": system_prompt}
    release = changed(folder, settings=exported(**export), **more)
    return learnt_release(release, str(folder), "openai-chat").prompt


def test_the_prompt_is_the_one_of_the_release(tmp_path: Path) -> None:
    assert told(tmp_path) == PlainPrompt()
    told_all = told(
        tmp_path,
        system_prompt=None,
        context="user",
        reasoning="think",
        earlier_turns="learn",
    )
    assert told_all == PlainPrompt("", "user", "think", learns_earlier_turns=True)


def test_a_system_prompt_is_told_by_the_release_wherever_it_stood(tmp_path: Path) -> None:
    release = changed(tmp_path, settings=exported(system_prompt=" You work for a bank. "))
    assert learnt_release(release, "here", "openai-chat").prompt == PlainPrompt(
        "You work for a bank."
    )
    of_file = told(tmp_path, "Of a file.", system_prompt_file="prompt.txt")
    assert of_file == PlainPrompt("Of a file.")
    assert told(tmp_path, system_prompt_file="prompt.txt") is None, "written by an older LabelTune"


def test_what_teaches_categories_alone_has_no_prompt_for_answers(tmp_path: Path) -> None:
    assert told(tmp_path, teach="categories") is None
    assert told(tmp_path, teach="both") == PlainPrompt()


def test_answers_that_are_compared_or_graded_teach_no_earlier_turn(tmp_path: Path) -> None:
    """And no call can stand at the end of what a grader is asked."""
    files = [
        {**file, "format": form}
        for form in ("openai-chat", "openai-preference", "openai-reinforcement")
        for file in changed(tmp_path).manifest["files"]
    ]
    settings = exported(context="tool", earlier_turns="learn", reasoning="think")
    release = changed(tmp_path, settings=settings, files=files)
    chat, preference, graded = (
        learnt_release(release, "here", form).prompt
        for form in ("openai-chat", "openai-preference", "openai-reinforcement")
    )
    assert chat == PlainPrompt("", "tool", "think", learns_earlier_turns=True)
    assert preference == PlainPrompt(context="tool")
    assert graded == PlainPrompt(context="system")


def test_of_conversations_whose_turns_are_judged_the_first_are_learned_too(tmp_path: Path) -> None:
    write_release(tmp_path, SPLIT)
    manifest = read_release(tmp_path).manifest
    for interface, learns in (("multi_turn", True), ("chat_response", False), ("own.py", False)):
        assert prompt_of({**manifest, "interface": interface}) == PlainPrompt(
            learns_earlier_turns=learns
        )
    judged = prompt_of({**manifest, "interface": "multi_turn"}, PreferenceExample)
    assert judged == PlainPrompt(), "of two answers only the last turn is one's own"


def test_settings_of_another_version_tell_nothing(tmp_path: Path) -> None:
    for settings in ({}, {"export": {"context": "elsewhere"}}, {"export": {"new_key": 1}}):
        other = changed(tmp_path, settings=settings)
        assert learnt_release(other, "here", "openai-chat").prompt is None


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_release(tmp_path, SPLIT)
    found = learnt(tmp_path)
    assert found.prompt is not None
    as_json = json.loads(json.dumps(asdict(found)))
    assert LearntRelease.from_json(as_json) == found
    del as_json["prompt"]  # of an older LabelTune
    assert LearntRelease.from_json(as_json) == replace(found, prompt=None)


def test_a_release_of_test_items_alone_trains_nothing(tmp_path: Path) -> None:
    write_release(tmp_path, [Row(1, split="test")])
    with pytest.raises(SyncError, match="no training examples"):
        learnt(tmp_path)
