"""Which checks run: the defaults, a profile's word, and the file's."""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest

from label_configs import profiles
from sync import settings
from sync.common.errors import ConfigError
from sync.quality import chosen_checks as subject
from sync.quality.checks import CHECKS, OPTIONS, CheckResult, WorkToCheck
from sync.quality.chosen_checks import ChosenChecks, chosen_checks
from sync.quality.text_checks import TEXT_CHECKS
from sync.quality.text_checks.too_fast import TooFast
from sync.settings import Config

PROFILE = "title: Trams\nsummary: trams\nrules: Be kind.\n"


@dataclass(frozen=True)
class DriftedOptions:
    """Of a check of the whole set."""

    months: int = 3
    fields: tuple[str, ...] = ()
    names: dict[str, tuple[str, ...]] | None = None


def drifted(work: WorkToCheck) -> CheckResult:
    return CheckResult()


@pytest.fixture
def _drifted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of the whole set that has options, and is off by default."""
    monkeypatch.setitem(CHECKS, "drifted", drifted)
    monkeypatch.setitem(OPTIONS, "drifted", DriftedOptions)
    off = subject.checks.OFF_UNLESS_ASKED | {"drifted"}
    monkeypatch.setattr(subject.checks, "OFF_UNLESS_ASKED", off)


def of_file(folder: Path, text: str = "", profile: str = "") -> ChosenChecks:
    """What a `labeltune.toml` chooses, with a profile beside it."""
    if profile:
        (folder / "own.yaml").write_text(PROFILE + profile, encoding="utf-8")
        text = f'[label_studio]\nprofile = "own.yaml"\n{text}'
    (folder / "labeltune.toml").write_text(text, encoding="utf-8")
    return chosen_checks(settings.load(folder / "labeltune.toml"))


@pytest.mark.usefixtures("_drifted")
def test_what_runs_by_default() -> None:
    chosen = chosen_checks(Config())
    assert {"contradiction", "too_fast"} <= set(chosen.names)
    assert "drifted" not in chosen.names
    assert chosen.of_texts["too_fast"] == TooFast()
    assert chosen.options.of("drifted", DriftedOptions) == DriftedOptions()


@pytest.mark.usefixtures("_drifted")
def test_a_file_switches_and_tunes(tmp_path: Path) -> None:
    table = '[checks.drifted]\nmonths = 6\nfields = ["tier"]\nnames = {a = ["b"]}\n'
    chosen = of_file(tmp_path, f"[checks]\ntoo_fast = false\n{table}")
    assert "drifted" in chosen.of_work
    assert "too_fast" not in chosen.names
    options = chosen.options.of("drifted", DriftedOptions)
    assert options == DriftedOptions(6, ("tier",), {"a": ("b",)})
    quiet = of_file(tmp_path, "[checks.drifted]\non = false\nmonths = 6")
    assert "drifted" not in quiet.names


@pytest.mark.usefixtures("_drifted")
def test_the_file_counts_more_than_the_profile(tmp_path: Path) -> None:
    wanted = "checks:\n  drifted: {months: 9, fields: [tier]}\n  too_fast: false\n"
    chosen = of_file(tmp_path, profile=wanted)
    assert chosen.options.of("drifted", DriftedOptions) == DriftedOptions(9, ("tier",))
    assert "too_fast" not in chosen.names
    both = of_file(tmp_path, "[checks]\ntoo_fast = true\ndrifted = {months = 1}", profile=wanted)
    assert both.options.of("drifted", DriftedOptions) == DriftedOptions(1, ("tier",))
    assert both.of_texts["too_fast"] == TooFast()
    off = of_file(tmp_path, "[checks]\ndrifted = false", profile=wanted)
    assert "drifted" not in off.names


def test_some_of_them_alone() -> None:
    assert chosen_checks(Config(), only=["too_fast"]).names == ["too_fast"]
    off = Config(checks={"too_fast": False, "contradiction": {"same_prompt": 0.5}})
    assert chosen_checks(off, only=["too_fast", "contradiction"]).names == [
        "contradiction",
        "too_fast",
    ]
    rest = chosen_checks(Config(), skip=["too_fast"]).names
    assert [n for n in chosen_checks(Config()).names if n not in rest] == ["too_fast"]
    assert chosen_checks(Config(), only=["too_fast"], skip=["too_fast"]).names == []
    with pytest.raises(ConfigError, match=r"^--skip: unknown check 'to_fast'; did you mean 'too_"):
        chosen_checks(Config(), skip=["to_fast"])


REFUSED = {
    "[checks]\ntoo_fats = true": "unknown check 'checks.too_fats'; did you mean 'too_fast'?",
    "[checks.too_fast]\ntime = 3.0": "unknown key 'checks.too_fast.time'; did you mean 'times'?",
    "[checks.too_fast]\ntimes = '3'": "checks.too_fast.times: input should be a valid number "
    "(found '3')",
    "[checks.too_fast]\ntimes = 0": "checks.too_fast: times must be more than 0, found 0.0",
    "[checks.too_fast]\non = 1": "checks.too_fast.on: expected true or false, found 1",
    "[checks.unreadable]\nleast = 1": "unknown key 'checks.unreadable.least'; this check has no "
    "options",
    "[checks.contradiction]\nsame_prompt = 1.5": "checks.contradiction.same_prompt: input should "
    "be less than or equal to 1 (found 1.5)",
    "[checks.drifted]\nfields = [1]": "checks.drifted.fields.0: input should be a valid string "
    "(found 1)",
}


@pytest.mark.usefixtures("_drifted")
@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=REFUSED)
def test_what_can_t_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        of_file(tmp_path, text)
    assert str(caught.value) == f"labeltune.toml: {said}"


def test_what_is_no_switch_is_refused_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "labeltune.toml"
    with pytest.raises(ConfigError) as caught:
        of_file(tmp_path, "[checks]\ntoo_fast = 'off'")
    said = "true, false, or a table of its options; found 'off'"
    assert str(caught.value) == f"{path}: checks.too_fast: {said}"


def test_a_profile_is_named_in_its_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^profile 'own.yaml': unknown check 'checks.trams'; "):
        of_file(tmp_path, profile="checks: {trams: true}")


@pytest.mark.parametrize("name", profiles.NAMES)
def test_a_shipped_profile_chooses_what_there_is(name: str) -> None:
    config = Config()
    shop = config.label_studio.model_copy(update={"profile": name})
    assert chosen_checks(config.model_copy(update={"label_studio": shop})).names


def test_the_template_tells_only_what_there_is(tmp_path: Path) -> None:
    template = Path(settings.__file__).parents[1] / "templates" / "labeltune.toml"
    _, _, rest = template.read_text(encoding="utf-8").partition("# [checks]\n")
    lines = re.findall(r"^# ((?:\[|[\w.]+ =).*)$", rest.partition("\n\n")[0], re.MULTILINE)
    text = "\n".join(["[checks]", *lines])
    assert len(tomllib.loads(text)["checks"]) >= 3
    of_file(tmp_path, text)


KINDS: dict[str, Any] = {**OPTIONS, **TEXT_CHECKS}


@pytest.mark.parametrize("name", KINDS)
def test_every_option_is_described(name: str) -> None:
    pages = Path(settings.__file__).parents[2] / "docs"
    text = "".join((pages / page).read_text("utf-8") for page in ("check.md", "judge.md"))
    said = set(re.findall(r"`([a-z_]+)", text))
    assert {each.name for each in fields(KINDS[name])} - said == set()
