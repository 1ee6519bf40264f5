"""What the documentation tells people to type exists."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

import label_configs
from label_configs import profiles
from sync.cli import VERBS, cli
from sync.settings import Config

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_targets_and_links_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    quoted = re.findall(r"```[^\n]*\n(.*?)```|`([^`\n]+)`", text, re.S)
    code = "\n".join(block or span for block, span in quoted)
    for verb in re.findall(r"(?:^|[ /])labeltune ([a-z]+)\b", code, re.M):
        assert verb in VERBS, verb
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M)
    for target in re.findall(r"\bmake ([a-z-]+)", code):
        assert target in targets, target
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_with_an_example(verb: str) -> None:
    said = CliRunner().invoke(cli, [verb, "--help"])
    assert said.exit_code == 0
    assert re.search(rf"Examples?:\n +labeltune {verb}\b", said.output), said.output
    assert "--config" in said.output or verb in ("init", "interfaces")


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """The keys of a table and of the tables in it, as `section.key`; those of the user's aside."""
    for name, field in model.model_fields.items():
        if field.exclude:
            continue
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from keys(field.annotation, f"{prefix}{name}.")
        elif prefix:
            yield f"{prefix}{name}"


def described() -> set[str]:
    """Every key that a row of the table names; `.b` after `section.a` is `section.b`."""
    found: set[str] = set()
    for row in (ROOT / "docs" / "configuration.md").read_text().splitlines():
        section = ""
        for name in re.findall(r"`([a-zA-Z_.]+)`", row.split("|")[1] if "|" in row else ""):
            full = section + name if name.startswith(".") else name
            section = full.rpartition(".")[0]
            found.add(full)
    return found


def test_every_key_of_the_configuration_is_described() -> None:
    assert set(keys(Config)) - described() == set()


def test_every_interface_is_named() -> None:
    text = (ROOT / "README.md").read_text()
    assert all(f"`{name}`" in text for name in label_configs.INTERFACES)


def test_every_profile_is_described() -> None:
    text = (ROOT / "docs" / "prompts.md").read_text()
    for name in profiles.NAMES:
        assert f"| `{name}` | {profiles.load(name).summary} |" in text, name


def test_the_run_that_the_readme_shows_adds_up() -> None:
    run = (ROOT / "README.md").read_text().split("$ labeltune pull\n")[1].split("```")[0]

    def numbers(start: str) -> dict[str, int]:
        """Counts by word of the line that begins so."""
        line = next(line for line in run.splitlines() if line.startswith(start))
        pairs = re.findall(r"(\d+) (\w+)", re.sub(r"\(.*?\)", "", line))
        return {word: int(number) for number, word in pairs}

    tasks, drafts = numbers("Tasks:"), numbers("Drafts:")
    verdicts = {label: int(n) for label, n in re.findall(r"'(\w+)' \((\d+)\)", run)}
    named = {"accept": "accepted", "edit": "edited", "rewrite": "rewritten", "reject": "rejected"}
    assert drafts == {word: verdicts[verdict] for verdict, word in named.items()}
    finished = tasks["accepted"] + tasks["rejected"]
    assert sum(drafts.values()) == finished
    assert f"{finished} finished tasks split" in run
    new = re.search(r"(\d+) new", run)
    assert new
    assert sum(tasks.values()) == int(new[1])
    assert f"{tasks['accepted']} examples written" in run
    assert f"({tasks['rejected']} rejected, {tasks['unlabeled']} unlabeled left out)" in run
    chat = [int(n) for n in re.findall(r"openai-chat\.\w+\.jsonl +(\d+) line", run)]
    assert sum(chat) == tasks["accepted"]
