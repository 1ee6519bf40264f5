"""What of a project's settings makes drafts anew, as the user knows it."""

import json
from pathlib import Path
from typing import Any

import pytest

from drafting.draft_version import model_version
from drafting.plain_prompt import PlainPrompt
from drafting.project_settings import OURS, LLMSettings, Price, ProjectSettings
from sync.intake.push import backend_params
from sync.intake.push.backend_params import backend_settings
from sync.settings.services import LabelStudioSection, LLMSection, PriceSection
from tests.sync.builders import config_in

BASE: dict[str, Any] = {
    "label_studio": {"interface": "chat_response"},
    "llm": {"model": "m"},
    "categories": {"topic": {"labels": ["a", "b"], "assign": "model", "about": "its matter"}},
}


LEARNT = PlainPrompt("You work for a bank.")


def settings(
    folder: Path,
    guidelines: str = "Be kind.",
    learnt: PlainPrompt | None = None,
    **sections: Any,
) -> ProjectSettings:
    merged = {name: {**BASE.get(name, {}), **sections.get(name, {})} for name in BASE | sections}
    config = config_in(folder)
    parsed = type(config).model_validate({**merged, "folder": folder})
    return backend_settings(parsed, guidelines, learnt=learnt)


def changed_settings(before: ProjectSettings, after: ProjectSettings) -> tuple[str, ...]:
    """By what Label Studio holds of the first."""
    return backend_params.changed_settings(before.to_extra_params()[OURS], after)


PRICES = {"m": {"input": 1.0, "output": 2.0}}


@pytest.mark.parametrize(
    ("after", "because"),
    [
        ({}, ()),
        ({"guidelines": "Be brief."}, ("the guidelines",)),
        ({"llm": {"model": "n", "samples": 2}}, ("llm.model", "llm.samples")),
        ({"llm": {"more_models": ["n"]}}, ("llm.more_models",)),
        ({"llm": {"tool_choice": "required"}}, ("llm.tool_choice",)),
        ({"llm": {"base_url": "http://x/v1", "prices": PRICES, "budget": 1.0}}, ()),
        ({"label_studio": {"interface": "reasoning_steps"}}, ("label_studio.interface",)),
        ({"label_studio": {"categories": ["x"]}}, ()),
        ({"label_studio": {"categories": False}}, ()),
        ({"categories": {"topic": {"labels": ["a", "c"], "assign": "model"}}}, ("[categories]",)),
        ({"embedding": {"model": "e"}}, ("embedding.model",)),
        (
            {"guidelines": "", "llm": {"temperature": 0.1}},
            ("the guidelines", "llm.temperature"),
        ),
    ],
)
def test_what_has_changed(tmp_path: Path, after: dict[str, Any], because: tuple[str, ...]) -> None:
    assert changed_settings(settings(tmp_path), settings(tmp_path, **after)) == because


def test_settings_that_an_older_push_did_not_know_count_where_they_are_set(tmp_path: Path) -> None:
    before = settings(tmp_path).to_extra_params()[OURS]
    for name in ("tool_choice", "parallel_tool_calls", "more_models"):
        del before["llm"][name]
    assert backend_params.changed_settings(before, settings(tmp_path)) == ()
    after = settings(tmp_path, llm={"parallel_tool_calls": False})
    assert backend_params.changed_settings(before, after) == ("llm.parallel_tool_calls",)


def test_a_prompt_that_was_learned_has_neither_guidelines_nor_examples(tmp_path: Path) -> None:
    learned = settings(tmp_path, learnt=LEARNT)
    anew = ("the prompt that llm.model learned",)
    assert changed_settings(settings(tmp_path), learned) == anew
    assert changed_settings(learned, settings(tmp_path, learnt=PlainPrompt())) == anew
    others = settings(tmp_path, "Be brief.", LEARNT, llm={"examples": 1})
    assert changed_settings(learned, others) == ()
    assert model_version(learned) == model_version(others) != model_version(settings(tmp_path))
    with_another = settings(tmp_path, "Be brief.", LEARNT, llm={"more_models": ["n"]})
    assert changed_settings(learned, with_another) == (
        "the guidelines",
        "llm.more_models",
        *anew,
    )


def test_categories_count_where_the_model_is_asked_for_them(tmp_path: Path) -> None:
    def of(*categories: str) -> ProjectSettings:
        section = {"interface": "multi_intent", "categories": list(categories)}
        return settings(tmp_path, label_studio=section)

    assert changed_settings(of("refund", "other"), of("refund", "cancel")) == (
        "label_studio.categories",
    )
    assert changed_settings(of("refund"), of("refund")) == ()


@pytest.mark.parametrize("before", [{}, {"interface": "gone"}, {"llm": {}}, {"dimensions": None}])
def test_an_older_push_is_compared_all_the_same(tmp_path: Path, before: dict[str, Any]) -> None:
    assert backend_params.changed_settings(before, settings(tmp_path))


def test_no_setting_of_a_model_is_lost_on_the_way() -> None:
    """A key of `[llm]` that the contract lacks would be dropped without a word."""
    # what stands in a release is told, not its name
    told = LLMSection.model_fields.keys() - {"release"} | {"learnt"}
    assert told == LLMSettings.model_fields.keys()
    assert PriceSection.model_fields.keys() == Price.model_fields.keys()


def test_a_review_project_tells_what_it_reviews(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    chat, review = (
        config.label_studio.model_copy(update={"project": title, "interface": interface})
        for title, interface in (("Answers", "chat_response"), ("Reviews", "review"))
    )

    def of(own: LabelStudioSection, other: LabelStudioSection) -> ProjectSettings:
        changes = {"label_studio": own, "siblings": {"other": other}}
        return backend_settings(config.model_copy(update=changes), "")

    assert of(review, chat).reviews == ("Answers",)
    assert of(chat, review).reviews == ()
    assert of(review, review).reviews == ()


def test_what_is_told_is_read_as_it_was(tmp_path: Path) -> None:
    """Through Label Studio, which keeps JSON; the same once more is nothing to write."""
    llm = {"more_models": ["n"], "prices": PRICES}
    told_twice = [settings(tmp_path, learnt=LEARNT, llm=llm)] * 2
    kept, again = (json.loads(json.dumps(one.to_extra_params())) for one in told_twice)
    assert ProjectSettings.from_extra_params(kept) == told_twice[0]
    assert again == told_twice[0].to_extra_params()
