"""What of a project's settings makes drafts anew, as the user knows it."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.intake.push.backend_params import changed, told
from tests.sync.builders import config_in

BASE: dict[str, Any] = {
    "label_studio": {"interface": "chat_response"},
    "llm": {"model": "m"},
    "categories": {"topic": {"labels": ["a", "b"], "assign": "model", "about": "its matter"}},
}


def settings(folder: Path, guidelines: str = "Be kind.", **sections: Any) -> dict[str, Any]:
    merged = {name: {**BASE.get(name, {}), **sections.get(name, {})} for name in BASE | sections}
    config = config_in(folder)
    parsed = type(config).model_validate({**merged, "folder": folder})
    return json.loads(json.dumps(told(parsed, guidelines)))  # type: ignore[no-any-return]


PRICES = {"m": {"input": 1.0, "output": 2.0}}


@pytest.mark.parametrize(
    ("after", "because"),
    [
        ({}, ()),
        ({"guidelines": "Be brief."}, ("the guidelines",)),
        ({"llm": {"model": "n", "samples": 2}}, ("llm.model", "llm.samples")),
        ({"llm": {"more_models": ["n"]}}, ("llm.more_models",)),
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
    assert changed(settings(tmp_path), settings(tmp_path, **after)) == because


def test_categories_count_where_the_model_is_asked_for_them(tmp_path: Path) -> None:
    def of(*categories: str) -> dict[str, Any]:
        section = {"interface": "multi_intent", "categories": list(categories)}
        return settings(tmp_path, label_studio=section)

    assert changed(of("refund", "other"), of("refund", "cancel")) == ("label_studio.categories",)
    assert changed(of("refund"), of("refund")) == ()


@pytest.mark.parametrize("before", [{}, {"interface": "gone"}, {"llm": {}}, {"dimensions": None}])
def test_an_older_push_is_compared_all_the_same(tmp_path: Path, before: dict[str, Any]) -> None:
    assert changed(before, settings(tmp_path))
