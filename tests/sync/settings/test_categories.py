"""`[categories.NAME]`: the standard ones need no labels, mistakes get one sentence."""

from pathlib import Path

import pytest

from sync import settings as configuration
from sync.common.errors import ConfigError
from sync.settings import Config
from sync.settings.categories import STANDARD

LABELS = 'labels = ["a", "b"]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "labeltune.toml"


def load(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    return configuration.load(file)


def test_none_by_default(file: Path) -> None:
    loaded = load(file, "")
    assert loaded.categories == {}
    assert loaded.load_interface().dimensions == {}


@pytest.mark.parametrize("name", [n for n, section in STANDARD.items() if "labels" in section])
def test_a_standard_one_needs_only_its_name(file: Path, name: str) -> None:
    section = load(file, f"[categories.{name}]").categories[name]
    assert len(section.labels) >= 3
    assert section.about
    assert section.assigned_by == "none"


def test_own_labels_and_words_replace_the_standard_ones(file: Path) -> None:
    text = f"[categories.complexity]\n{LABELS}about = 'the price of a mistake'"
    section = load(file, text).categories["complexity"]
    assert (section.labels, section.about) == (("a", "b"), "the price of a mistake")


def test_everything(file: Path) -> None:
    loaded = load(
        file,
        """
        [categories.query_type]
        assign = "model"
        [categories.topic]
        labels = ["cards", "fees"]
        rules = { fees = ["fee", "re:GBP [0-9]+"], cards = ["card"] }
        [categories.role]
        labels = ["owner", "guest"]
        otherwise = "guest"
        """,
    )
    assert {n: s.assigned_by for n, s in loaded.categories.items()} == {
        "query_type": "model",
        "topic": "rules",
        "role": "rules",
    }
    assert list(loaded.categories["topic"].rules) == ["fees", "cards"]
    interface = loaded.load_interface()
    assert interface.dimensions["role"] == ("owner", "guest")
    assert interface.config.control("topic") is not None


WRONG = {
    "[categories.topic]": "categories: 'topic' needs labels; list at least two",
    "[categories.query_typ]\nassign = 'model'": "categories: 'query_typ' needs labels; list at "
    "least two, or did you mean 'query_type'?",
    "[categories.t]\nlabels = ['a']": "categories.t: labels must be at least two that differ, "
    "found ['a']; list them",
    "[categories.t]\nlabels = ['a', 'a']": "categories.t: labels must be at least two that "
    "differ, found ['a', 'a']; list them",
    "[categories.t]\nlabels = ['a', ' b']": "categories.t: the label ' b' can't be shown; write "
    "it without blanks around it, line breaks and control characters",
    f"[categories.t]\n{LABELS}otherwise = 'c'": "categories.t: no label 'c' for its rules; there "
    "are a, b",
    "[categories.t]\nlabels = ['cards', 'fees']\nrules = { card = ['x'] }": "categories.t: no "
    "label 'card' for its rules; did you mean 'cards'?",
    f"[categories.t]\n{LABELS}rules = {{ a = ['re:('] }}": "categories.t: rules.a: 're:(' can't "
    "be used (no regular expression: missing ), unterminated subpattern at position 0); correct it",
    f"[categories.t]\n{LABELS}rules = {{ a = [' '] }}": "categories.t: rules.a: ' ' can't be used "
    "(nothing to look for); correct it",
    f"[categories.t]\n{LABELS}assign = 'model'\notherwise = 'a'": "categories.t: it has rules, "
    'but assign = "model" ignores them; remove one of the two',
    f"[categories.t]\n{LABELS}assign = 'rules'": 'categories.t: assign = "rules" needs rules; '
    "add a table of them, or `otherwise`",
    f"[categories.t]\n{LABELS}assign = 'modle'": "categories.t.assign: input should be 'rules', "
    "'model' or 'none' (found 'modle')",
    f"[categories.t]\n{LABELS}rule = 1": "unknown key 'categories.t.rule'; did you mean 'rules'?",
    f"[categories.'user role']\n{LABELS}": "categories: 'user role' can't be a category's name; "
    "use letters, digits, _ and -, such as 'user_role'",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items(), ids=WRONG)
def test_a_mistake_gets_one_sentence(file: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load(file, text)
    assert str(refused.value) == f"{file}: {said}"


def test_what_the_template_proposes_loads(file: Path) -> None:
    template = Path(configuration.__file__).parents[1] / "templates" / "labeltune.toml"
    lines = template.read_text(encoding="utf-8").splitlines()
    start = lines.index("# [categories.query_type]")
    block = lines[start : lines.index("", start)]
    loaded = load(file, "\n".join(line.removeprefix("# ") for line in block))
    assert loaded.categories["query_type"].assigned_by == "model"
    assert loaded.categories["topic"].assigned_by == "rules"
