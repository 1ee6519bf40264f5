import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

import sync.settings
from sync.common.errors import StackError
from sync.stack.project_file import SAMPLE_CATEGORIES, sample_file, template, with_values, write_new


def test_template_is_complete_and_holds_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "labeltune.toml"
    path.write_text(template("labeltune.toml"))
    config = sync.settings.load(path)
    defaults = sync.settings.Config().model_dump()
    defaults["label_studio"]["guidelines"] = "guidelines.md"
    assert config.model_dump() == defaults


def lacking(model: type[BaseModel], table: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The keys of a section, and of those in it, that a table does not name."""
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        if name not in table:
            yield f"{prefix}{name}"
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from lacking(field.annotation, table[name], f"{prefix}{name}.")


def test_the_template_names_every_key_and_its_comments_can_be_taken_away(tmp_path: Path) -> None:
    commented_out = r"^# (?=\[+[a-z]|[a-z_\".]+ = )"
    text = re.sub(commented_out, "", template("labeltune.toml"), flags=re.M)
    assert set(lacking(sync.settings.Config, tomllib.loads(text))) == set()
    path = tmp_path / "labeltune.toml"
    # one of the two is enough
    text = re.sub("^system_prompt_file .*\n", "", text, flags=re.M)
    # a budget needs the prices of all models
    path.write_text(f"{text}\n[llm.prices.another-model]\ninput = 0.1\noutput = 0.2\n")
    sync.settings.load(path)


def test_values_are_replaced_and_comments_stay() -> None:
    text = '# top\n[a]\n# why\nurl = "x"  # here\nmany = []\nkept = 1\n\n[b]\nurl = "z"\n'
    changed = with_values(text, {("a", "url"): 'q"\\', ("a", "many"): ("1", "2")})
    assert changed == (
        '# top\n[a]\n# why\nurl = "q\\"\\\\"  # here\nmany = ["1", "2"]\nkept = 1\n\n'
        '[b]\nurl = "z"\n'
    )
    assert tomllib.loads(changed)["a"]["url"] == 'q"\\'


def test_absent_keys_and_sections_are_added() -> None:
    changed = with_values('[a]\nx = "1"\n[b]\n', {("a", "y"): "2", ("c", "z"): "3"})
    assert tomllib.loads(changed) == {"a": {"x": "1", "y": "2"}, "b": {}, "c": {"z": "3"}}


def test_same_values_leave_the_text_alone() -> None:
    text = template("labeltune.toml")
    assert with_values(text, {("backend", "url"): "http://127.0.0.1:9090"}) == text


def test_existing_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "labeltune.toml"
    path.write_text("mine")
    with pytest.raises(StackError, match="exists already"):
        write_new(path, "ours")
    assert path.read_text() == "mine"


def test_sample_categories_are_those_of_its_guidelines() -> None:
    listed = sample_file("guidelines.md").rpartition("## Categories")[2]
    assert [line.split("**")[1] for line in listed.splitlines() if "**" in line] == list(
        SAMPLE_CATEGORIES
    )
