"""What the documentation tells people to type exists."""

import importlib
import importlib.util
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

import label_configs
from drafting.signals import SIGNALS
from label_configs import profiles
from sync.cli import VERBS, cli
from sync.intake.cleaning.steps import ROW_STEPS, VECTOR_STEPS
from sync.quality.checks import CHECKS, FOLLOW_UPS, WorkToCheck
from sync.quality.text_checks import TEXT_CHECKS
from sync.quality.text_checks.checked_text import CheckedText
from sync.settings import Config
from sync.training_files.formats import FORMATS
from sync.training_files.trainers import PROVIDERS, Provider
from sync.tuning.evaluation.measures import MEASURES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.glob("*.md")])


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


def anchors(page: Path) -> set[str]:
    """What GitHub makes of a page's headings."""
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    said = (heading.lower() for heading in re.findall(r"^#+ (.+)$", text, re.M))
    return {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in said}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_link_points_at_within_a_page_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for link, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", text):
        target = page.parent / link if link else page
        assert anchor in anchors(target), f"{link}#{anchor}"


def test_the_index_leads_to_every_page() -> None:
    index = DOCS / "README.md"
    linked = set(re.findall(r"\]\(([a-z-]+\.md)\)", index.read_text(encoding="utf-8")))
    assert linked == {page.name for page in DOCS.glob("*.md")} - {index.name}


PACKAGES = ("label_configs", "connectors", "drafting", "ml_backend", "sync")
# a worked example of files that somebody adds
NAMING = [page for page in PAGES if page.name != "own-interface.md"]


def quoted(page: Path) -> list[str]:
    """What stands between backticks in a line."""
    return re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))


def thing(name: str) -> object:
    """What a dotted name stands for: a module, or what is in one, fields of a class included."""
    module, _, last = name.rpartition(".")
    try:
        return importlib.import_module(name)  # first: a package may hold a function of that name
    except ModuleNotFoundError:
        found = thing(module)
    if isinstance(found, type) and last in found.__annotations__:
        return found.__annotations__[last]
    return getattr(found, last)


@pytest.mark.parametrize("page", NAMING, ids=lambda page: page.name)
def test_every_name_of_the_code_is_one(page: Path) -> None:
    dotted = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
    names = [name for name in quoted(page) if dotted.fullmatch(name)]
    for name in names:
        assert thing(name) is not None, name
    assert page.name not in ("architecture.md", "glossary.md", "CONTRIBUTING.md") or len(names) > 5


@pytest.mark.parametrize("package", PACKAGES)
def test_the_code_names_what_there_is(package: str) -> None:
    """In docstrings and comments."""
    dotted = re.compile(rf"`((?:{'|'.join(PACKAGES)})(?:\.\w+)+)`")
    for path in (ROOT / package).rglob("*.py"):
        for name in dotted.findall(path.read_text(encoding="utf-8")):
            try:
                thing(name)
            except (AttributeError, ModuleNotFoundError):
                pytest.fail(f"{path.relative_to(ROOT)}: there is no {name}")


ROOMS = sorted(
    room.parent.relative_to(ROOT).as_posix()
    for package in PACKAGES
    for room in (ROOT / package).rglob("__init__.py")
)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_holds_and_where_to_begin(room: str) -> None:
    module = importlib.import_module(room.replace("/", "."))
    assert module.__doc__, f"{room}/__init__.py says nothing of its room"
    for line in re.findall(r"^Open first: .*", module.__doc__, re.M):
        for name in re.findall(r"`([\w.]+)`", line):
            assert importlib.util.find_spec(f"{module.__name__}.{name}"), f"{room}: {name}"


def test_the_map_and_a_room_say_the_same_to_open_first() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w/]+)/` \| .* \| (`[^|]+) \|$", text, re.M)
    assert len(rows) > 15
    for room, cell in rows:
        module = importlib.import_module(room.replace("/", "."))
        (said,) = re.findall(r"^Open first: (.*)", module.__doc__ or "", re.M)
        first = re.findall(r"this module|`[\w.]+`", said)[0].strip("`").split(".")
        base = f"{room}/{'/'.join(first)}"
        same = (
            {f"{room}/__init__.py"}
            if first == ["this module"]
            else {f"{base}.py", f"{base}/__init__.py"}
        )
        assert cell.split("`")[1] in same, room


@pytest.mark.parametrize("page", NAMING, ids=lambda page: page.name)
def test_every_path_is_one(page: Path) -> None:
    inside = re.compile(r"(?:\w+/)+(?:[\w.]+)?")
    paths = [path for path in quoted(page) if inside.fullmatch(path)]
    for path in paths:
        if path.split("/")[0] not in (*PACKAGES, "docs", "tests", "benchmarks"):
            continue  # a room within the one that the sentence is about
        found = ROOT / (path.rpartition("/")[0] if "NAME" in path else path)
        assert found.exists(), path


def test_every_room_is_on_the_map() -> None:
    named = set(quoted(DOCS / "architecture.md"))
    rooms = {
        f"{room.relative_to(ROOT).as_posix()}/"
        for package in ("sync", "ml_backend")
        for room in (ROOT / package).iterdir()
        if (room / "__init__.py").exists()
    }
    assert rooms - named == set()
    drawn = (DOCS / "images" / "architecture.svg").read_text(encoding="utf-8")
    # which serves the official package alone
    for room in rooms - {"ml_backend/official/"}:
        assert f"{room.split('/')[1]}/" in drawn, room


def test_the_map_has_the_floors_of_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    floors = next(c["layers"] for c in contracts["contracts"] if "sync.cli" in c.get("layers", ()))
    drawing = (DOCS / "architecture.md").read_text(encoding="utf-8").split("```")[1].splitlines()
    lines = []
    for floor in floors:
        rooms = [f" {room.rpartition('.')[2]}/" for room in floor.split(" | ")]
        if rooms[0] not in (" cli/", " __main__/"):
            at = [n for n, line in enumerate(drawing) if all(room in line for room in rooms)]
            assert at, f"{floor} is not one line of the drawing"
            lines.append(at[0])
    assert lines == sorted(lines)


def test_the_glossary_has_each_word_once_in_order() -> None:
    text = (DOCS / "glossary.md").read_text(encoding="utf-8")
    words = [word.casefold() for word in re.findall(r"^\| \*\*(.+?)\*\* \|", text, re.M)]
    assert len(words) > 50
    assert words == sorted(set(words))


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


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("check.md", (*CHECKS, *TEXT_CHECKS, *FOLLOW_UPS)),
        ("cleaning.md", (*ROW_STEPS, *VECTOR_STEPS)),
        ("formats.md", FORMATS),
        ("ranking.md", SIGNALS),
        ("validate.md", PROVIDERS),
        ("evaluate.md", MEASURES),
        ("interfaces.md", label_configs.INTERFACES),
    ],
)
def test_every_member_of_a_registry_is_described(page: str, names: Iterable[str]) -> None:
    said = quoted(DOCS / page)
    assert [name for name in names if name not in said] == []


def example(page: str) -> dict[str, Any]:
    """What the examples in Python of a page define."""
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    defined: dict[str, Any] = {}
    for block in blocks:
        exec(block, defined)
    assert blocks
    return defined


def test_the_check_of_the_guide_finds_something() -> None:
    records = [SimpleNamespace(task_id=n, annotation_id=n, record="No" * n) for n in (1, 9)]
    work: Any = SimpleNamespace(
        labelled=SimpleNamespace(records=records),
        interface=SimpleNamespace(answer=str),
        url_of="task {}".format,
    )
    work.finding = partial(WorkToCheck.finding, work)
    result = example("check.md")["check"](work)
    (found,) = result.findings
    assert (found.task_id, found.url, result.skips) == (1, "task 1", ())


def test_the_text_check_of_the_guide_finds_something() -> None:
    curt = example("check.md")["Curt"](least=4)
    texts = [CheckedText("Why?", "Why?", answer) for answer in ("No.", "Because.")]
    assert [[fault.severity for fault in curt(text)] for text in texts] == [["info"], []]


def test_the_provider_of_the_guide_is_one() -> None:
    acme = next(one for one in example("validate.md").values() if isinstance(one, Provider))
    assert set(acme.formats) <= set(FORMATS)
    assert acme.token_limit("acme-2") == 8192


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
