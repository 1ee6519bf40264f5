"""Profiles: the shipped ones hold what their fields insist on; a team's own is read or refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from label_configs import LabelConfigError, profiles
from label_configs.profiles import NAMES, ProfileError, load, read

OWN = "title: Trams\nsummary: answers about trams\nrules: |\n  - Mind the gap.\n"

INSISTS_ON = {
    "healthcare": ["SOAP", "level of evidence", "protected health information", "history"],
    "pharma": ["Cite", "established", "speculative", "version", "FDA", "EMA"],
    "finance": ["exactly", "disclosure", "suits", "risks", "sign-off"],
    "legal": ["jurisdiction", "practice area", "IRAC", "Cite", "precedents", "how sure"],
    "customer_support": ["version", "region", "tier", "Hand over", "sensitive"],
    "manufacturing": ["causal steps", "order of priority", "machine's data"],
}


def test_every_file_is_listed_and_every_listed_one_is_there() -> None:
    folder = Path(profiles.__file__).parent
    assert {path.stem for path in folder.glob("*.yaml")} == set(NAMES) == INSISTS_ON.keys()


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_profile(name: str) -> None:
    profile = load(name)
    assert all(words in profile.rules for words in INSISTS_ON[name])
    assert len(profile.summary) <= 100
    # every draft pays for it
    assert len(profile.rules) < 1600
    html = MarkdownIt("js-default").render(profile.rules)
    assert html.count("<li>") == html.count("</li>") == len(profile.rules.split("\n- "))


def test_guidelines_follow_the_profile() -> None:
    profile = read(OWN, "trams.yaml")
    assert profile.with_guidelines("") == "# Trams\n\n- Mind the gap."
    both = profile.with_guidelines("Be brief.")
    assert both == "# Trams\n\n- Mind the gap.\n\n---\n\nBe brief."
    html = MarkdownIt("js-default").render(both)
    assert html.index("</ul>") < html.index("<hr") < html.index("<p>Be brief.</p>")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("health", r"did you mean 'healthcare'\?"),
        ("customer-support", r"did you mean 'customer_support'\?"),
        ("zzz", "there are healthcare, pharma, .*, or the path of a .yaml file of your own"),
        ("", "there are healthcare, "),
        ("../legal", "did you mean 'legal'"),
    ],
)
def test_an_unknown_name(name: str, hint: str) -> None:
    with pytest.raises(ProfileError, match=f"^no profile named {name!r}; {hint}"):
        load(name)


@pytest.mark.parametrize("file", ["trams.yaml", "own/trams.yml", "own/../trams.YAML"])
def test_a_profile_of_one_s_own(tmp_path: Path, file: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / file).write_text(OWN, encoding="utf-8")
    assert load(file, tmp_path).title == "Trams"
    assert load(str(tmp_path / file)).title == "Trams"


def test_a_profile_says_how_work_is_checked() -> None:
    told = read(OWN + "checks:\n  one: false\n  two: {least: 3}\n", "own.yaml")
    assert told.checks == {"one": False, "two": {"least": 3}}
    assert read(OWN, "own.yaml").checks == {}


BAD_FILES = {
    "": "a profile holds title, summary, rules, .* nothing else, found NoneType; correct it",
    "- a": "a profile holds title, summary, rules, may hold checks and review, and nothing else, "
    "found list",
    OWN + "checks: too_fast": "'checks' must be names of checks, found str",
    OWN + "checks: {too_fast: 3}": "checks.too_fast must be true, false or its options, found 3",
    "title: a": "a profile holds .*, found title; correct it",
    OWN + "rule: a": "a profile holds .*, found title, summary, rules, rule; correct it",
    OWN.replace("Trams", "2026"): "'title' must be text, found int; write it or quote it",
    OWN.replace("Trams", "''"): "'title' must be text, found nothing",
    OWN.replace("|\n  - ", "\n  - "): "'rules' must be text, found list",
    OWN.replace("Trams", "|\n  a\n  b"): "'title' must be one line, found more; shorten it",
    "title: a: b": "not valid YAML",
    "title: !!python/object:os.system a": "not valid YAML",
    "[" * 5000: "not valid YAML",
}


@pytest.mark.parametrize(("text", "said"), BAD_FILES.items(), ids=range(len(BAD_FILES)))
def test_a_file_that_can_t_be_used(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError, match=f"^{path}(, line 1)?: {said}") as caught:
        load("own.yaml", tmp_path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_a_file_that_can_t_be_read(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "own.yaml").write_bytes(content)
    with pytest.raises(LabelConfigError, match=r"the profile can't be read .*label_studio.profile"):
        load("own.yaml", tmp_path)


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text, "own.yaml")
    except ProfileError as error:
        assert str(error).startswith("own.yaml")
