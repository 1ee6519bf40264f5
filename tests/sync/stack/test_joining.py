"""`labeltune init` beside a stack that runs: its addresses, its model, its keys."""

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from dotenv import dotenv_values

import sync.settings
from sync.cli import cli
from sync.stack.running import RunningStack, announced
from tests.running import clean_environment

KEY, LLM_KEY = "c" * 40, "labeltune-local"
KEPT = (
    f"LABEL_STUDIO_API_KEY={KEY}\nLABELTUNE_LABEL_STUDIO_SECRET=s3cret\n"
    f"LABEL_STUDIO_PASSWORD=pass\nLABEL_STUDIO_URL=http://127.0.0.1:8111\n"
)


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RunningStack]:
    """A stack that runs in `tmp_path/stack`."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "stack"
    folder.mkdir()
    (folder / ".env").write_text(f"{KEPT}OPENAI_API_KEY={LLM_KEY}\n")
    urls = (f"http://127.0.0.1:{port}" for port in (8111, 9111))
    running = RunningStack(str(folder), *urls, "http://127.0.0.1:9112/v1", "smollm2-135m")
    with announced(running):
        yield running


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment names a Label Studio."""
    for name in os.environ.keys() - clean_environment().keys():
        monkeypatch.delenv(name)


def init(folder: Path, *options: str, **env: str) -> Result:
    """`labeltune init` for a folder of the same user."""
    return CliRunner().invoke(cli, ["init", str(folder), *options], env=env)


def test_a_new_folder_works_with_the_stack(stack: RunningStack, tmp_path: Path) -> None:
    done = init(tmp_path / "mine")
    assert (done.exit_code, done.stderr) == (0, "")
    assert f"works with the stack that runs in {stack.folder}" in done.stdout
    config = sync.settings.load(tmp_path / "mine" / "labeltune.toml")
    assert config.label_studio.url == stack.label_studio_url
    assert config.backend.url == stack.backend_url
    assert (config.llm.base_url, config.llm.model) == (stack.llm_url, stack.llm_model)
    assert config.api_key == KEY
    env = tmp_path / "mine" / ".env"
    assert dotenv_values(env) == {"LABEL_STUDIO_API_KEY": KEY, "OPENAI_API_KEY": LLM_KEY}
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    text = (tmp_path / "mine" / "labeltune.toml").read_text()
    assert not any(secret in done.stdout + text for secret in (KEY, LLM_KEY, "s3cret"))
    assert "# The ML backend that drafts" in text, "comments stay"


def test_json_names_the_stack(stack: RunningStack, tmp_path: Path) -> None:
    said = json.loads(init(tmp_path / "mine", "--json").stdout)
    assert said["stack"]["llm_model"] == "smollm2-135m"


def test_in_the_stack_s_own_folder_its_dotenv_stays(stack: RunningStack) -> None:
    folder = Path(stack.folder)
    before = (folder / ".env").read_text()
    assert init(folder).exit_code == 0
    assert (folder / ".env").read_text() == before
    assert sync.settings.load(folder / "labeltune.toml").llm.model == stack.llm_model


def test_the_user_s_own_key_is_not_copied(stack: RunningStack, tmp_path: Path) -> None:
    (Path(stack.folder) / ".env").write_text(f"{KEPT}OPENAI_API_KEY=sk-users\n")
    assert init(tmp_path / "mine").exit_code == 0
    assert dotenv_values(tmp_path / "mine" / ".env") == {"LABEL_STUDIO_API_KEY": KEY}


@pytest.mark.parametrize(
    ("dotenv", "env"),
    [
        ("", {"LABEL_STUDIO_URL": "https://labels.example.com"}),
        ("LABEL_STUDIO_URL=https://labels.example.com\n", {}),
        (f"LABEL_STUDIO_API_KEY={'d' * 40}\n", {}),
    ],
)
def test_another_label_studio_that_is_named_is_meant(
    stack: RunningStack, tmp_path: Path, dotenv: str, env: dict[str, str]
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    if dotenv:
        (folder / ".env").write_text(dotenv)
    done = init(folder, **env)
    assert "put LABEL_STUDIO_API_KEY into the environment" in done.stdout
    assert "8111" not in (folder / "labeltune.toml").read_text()
    assert ((folder / ".env").read_text() if dotenv else "") == dotenv


def test_of_several_none_is_guessed(stack: RunningStack, tmp_path: Path) -> None:
    other = RunningStack(str(tmp_path / "other"), "http://127.0.0.1:1", "", "", "")
    with announced(other):
        done = init(tmp_path / "mine")
        below = init(Path(stack.folder) / "below")
    assert "2 stacks of `labeltune up` run on this machine" in done.stderr
    assert "8111" not in (tmp_path / "mine" / "labeltune.toml").read_text()
    assert f"runs in {stack.folder}" in below.stdout


def test_a_key_of_the_environment_is_noted(stack: RunningStack, tmp_path: Path) -> None:
    done = init(tmp_path / "mine", LABEL_STUDIO_API_KEY="e" * 40)
    assert "LABEL_STUDIO_API_KEY is set in your environment" in done.stderr


@pytest.mark.parametrize("dotenv", [None, "", "LABEL_STUDIO_URL=https://x.example\n", "\0=\xff"])
def test_a_stack_whose_keys_can_not_be_read_is_left(
    stack: RunningStack, tmp_path: Path, dotenv: str | None
) -> None:
    kept = Path(stack.folder) / ".env"
    kept.unlink() if dotenv is None else kept.write_bytes(dotenv.encode("latin-1"))
    done = init(tmp_path / "mine")
    assert done.exit_code == 0
    assert "8111" not in (tmp_path / "mine" / "labeltune.toml").read_text()
    assert not (tmp_path / "mine" / ".env").exists()
