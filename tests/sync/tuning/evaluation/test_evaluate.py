"""An evaluation from a release to its page, against an endpoint that answers as told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync.common.errors import ConfigError, SyncError
from sync.settings.evaluate import EvaluateSection, OtherArmSection
from sync.tuning.evaluation.page import page
from tests.connectors.chat_server import refusal
from tests.ml_backend.http_double import Reply
from tests.sync.tuning.evaluation.desk import (
    BASE,
    DISCLOSURE,
    TASKS,
    EvaluationDesk,
    asked,
    evaluation_desk,
    pulled,
    says,
    split_and_exported,
)

HELD_OUT = round(0.4 * TASKS)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EvaluationDesk]:
    with evaluation_desk(tmp_path) as desk:
        yield desk


def test_a_model_that_does_better_is_shown_to(desk: EvaluationDesk) -> None:
    desk.tuned()
    found = desk.evaluated()
    assert (found.main, found.against, found.items) == ("tuned:bank-1", "base+prompt", HELD_OUT)
    assert [arm.name for arm in found.arms] == ["base", "base+prompt", "tuned:bank-1"]
    passing = found.row("checks").means
    assert passing["tuned:bank-1"].value == 1.0
    assert passing["base"].value == 0.0
    assert 0.2 < passing["base+prompt"].value < 0.8
    decided = found.decided_by
    assert decided is not None
    assert (decided.name, decided.verdict) == ("checks", "better")
    low = decided.found.difference.low
    assert low is not None
    assert low > 0
    assert decided.found.test == "McNemar"
    assert not found.fails("not-better")
    assert any("No test item is among what bank-1 learned" in note for note in found.notes)


def test_an_equal_model_is_not_shown_to_differ(desk: EvaluationDesk) -> None:
    others = {"again": OtherArmSection(model=BASE)}
    config = desk.config.model_copy(
        update={"evaluate": EvaluateSection(general=False, others=others)}
    )
    found = desk.evaluated(config=config)
    decided = found.decided_by
    assert decided is not None
    assert (found.main, decided.verdict) == ("again", "not shown")
    assert decided.found.difference.value == 0
    assert not found.fails("worse")
    assert found.fails("not-better")


def test_a_worse_model_fails_a_ci(desk: EvaluationDesk) -> None:
    desk.tuned()
    found = desk.evaluated(against="tuned:bank-1", arms=["base", "tuned:bank-1"])
    assert (found.main, found.against) == ("base", "tuned:bank-1")
    assert found.fails("worse")
    assert found.main_pair is not None
    assert "passes all checks" in found.main_pair.worse_in


def test_the_full_prompt_is_the_backends_and_shows_train_alone(desk: EvaluationDesk) -> None:
    desk.evaluated(arms=["base+prompt"])
    held = {asked_of(body) for body in desk.chats()}
    assert len(desk.chats()) == HELD_OUT
    for body in desk.chats():
        system = body["messages"][0]["content"]
        assert system.startswith("Guidelines: say what it costs.")
        assert system.count("<example>") == 3
        assert body["temperature"] == 0.0
        assert not any(question in system for question in held), "no test item is shown"


def asked_of(body: Any) -> str:
    found: str = body["messages"][-1]["content"]
    return found


def test_a_second_run_asks_nothing_and_finds_the_same(desk: EvaluationDesk) -> None:
    desk.tuned()
    first = desk.evaluated()
    number = len(desk.chats())
    assert number == 3 * HELD_OUT
    second = desk.evaluated()
    assert len(desk.chats()) == number
    assert {**second.to_json(), "proof": ""} == {**first.to_json(), "proof": ""}
    assert "verified now" in first.proof
    assert "verified before" in second.proof


def test_a_model_of_the_same_name_that_learned_anew_is_asked_anew(desk: EvaluationDesk) -> None:
    desk.tuned()
    desk.evaluated(arms=["tuned:bank-1", "base"], against="base")
    number = len(desk.chats())
    pulled(desk.config, [asked(TASKS + 1)])
    later = split_and_exported(desk.config)
    desk.tuned(release=later)
    desk.evaluated(arms=["tuned:bank-1", "base"], against="base", release=desk.where)
    assert len(desk.chats()) == number + HELD_OUT


def test_what_was_said_before_a_failure_is_kept(tmp_path: Path) -> None:
    heard: list[str] = []
    spent: list[Reply] = []

    def answer(model: str, messages: Any) -> str | Reply:
        if len(heard) == 10 and not spent:
            spent.append(refusal(402, "no money is left"))
            return spent[0]
        heard.append(messages[-1]["content"])
        return says(model, messages)

    with evaluation_desk(tmp_path, answer) as desk:
        settings = EvaluateSection(general=False, concurrency=1)
        config = desk.config.model_copy(update={"evaluate": settings})
        with pytest.raises(SyncError, match="what it said so far is kept"):
            desk.evaluated(config=config, arms=["base"], against="base")
        found = desk.evaluated(config=config, arms=["base"], against="base")
    assert sorted(heard) == sorted(set(heard))
    assert (found.items, len(heard)) == (HELD_OUT, HELD_OUT)


def test_a_model_that_learned_a_test_item_is_refused(desk: EvaluationDesk) -> None:
    other = desk.config.split.model_copy(update={"seed": 5})
    config = desk.config.model_copy(update={"split": other})
    entry = desk.tuned("leaky", split_and_exported(config, anew=True))
    assert entry.release.release != desk.release.id
    with pytest.raises(SyncError, match=r"'leaky' learned \d+ items of the test split \(q\d+"):
        desk.evaluated("leaky", release=desk.where)
    assert desk.chats() == []
    # of its base nothing is refused
    found = desk.evaluated("leaky", release=desk.where, arms=["base", "base+prompt"])
    assert found.main == "base"
    assert not any("is among what" in note for note in found.notes)


def test_what_nobody_can_look_up_is_refused(desk: EvaluationDesk) -> None:
    entry = desk.tuned()
    (desk.release.folder / "lineage.jsonl").write_text("")
    with pytest.raises(SyncError, match=r"lineage\.jsonl changed since the export"):
        desk.evaluated(entry.name)


def test_a_release_without_a_test_split_is_refused(tmp_path: Path) -> None:
    with evaluation_desk(tmp_path) as desk:
        whole = desk.config.split.model_copy(update={"train": 1.0, "validation": 0.0, "test": 0.0})
        config = desk.config.model_copy(update={"split": whole})
        release = split_and_exported(config, anew=True)
        with pytest.raises(SyncError, match="no test split, so nothing is held out"):
            desk.evaluated(release=str(release.folder))


def test_arms_that_are_not_there_are_named(desk: EvaluationDesk) -> None:
    with pytest.raises(ConfigError, match=r"unknown arm 'bas'; did you mean 'base'"):
        desk.evaluated(arms=["bas"])
    with pytest.raises(ConfigError, match="held against, is not among them"):
        desk.evaluated(arms=["base"])


def test_categories_are_told_apart(desk: EvaluationDesk) -> None:
    desk.tuned()
    found = desk.evaluated()
    labels = {part.label: part for part in found.parts if part.kind == "category"}
    assert set(labels) <= {"loans", "cards"}
    assert all(part.values["tuned:bank-1"] == 1.0 for part in labels.values())


def test_the_page_needs_nothing_else_and_says_what_is_shown(desk: EvaluationDesk) -> None:
    desk.tuned("<b>bank</b>"[3:7])
    found = desk.evaluated()
    html = page(found)
    assert "tuned:bank is better than base+prompt: passes all checks" in html
    assert "src=" not in html
    assert "<script" not in html
    assert "<svg" in html
    assert f"{HELD_OUT} held-out items" in html
    assert DISCLOSURE not in html, "answers stay in the data folder"
    told = "\n".join(found.sentences())
    assert "tuned:bank beside base+prompt:" in told
    assert json.loads(json.dumps(found.to_json()))["compared"][0]["measures"][0]["verdict"] == (
        "better"
    )


def test_replies_without_an_answer_count_as_failures(tmp_path: Path) -> None:
    with evaluation_desk(tmp_path, lambda model, messages: "<think>so</think>") as desk:
        found = desk.evaluated(arms=["base"], against="base")
    assert found.row("checks").means["base"].value == 0.0
    assert found.row("edit_distance").means["base"].value == 1.0
    assert any(f"base: {HELD_OUT} replies hold no answer" in note for note in found.notes)
