"""What goes wrong gets one sentence, the exit status of the design, and loses nothing."""

import json
import shutil
from pathlib import Path

import pytest

from tests.running import Up, clean_environment, free_port, labeltune

pytestmark = pytest.mark.label_studio

PROJECT = "Failures"


@pytest.fixture
def folder(up: Up, tmp_path: Path) -> Path:
    """A user's folder, connected to the stack."""
    shutil.copy(up.folder / ".env", tmp_path / ".env")
    (tmp_path / "labeltune.toml").write_text(
        f'[label_studio]\nproject = "{PROJECT}"\n[backend]\nurl = "{up.backend_url}"\n'
        f'[llm]\nbase_url = "{up.llm_url}/v1"\nmodel = "smollm2-135m"\nmax_tokens = 40\n'
    )
    (tmp_path / "one.jsonl").write_text(json.dumps({"prompt": "Where is my card?"}) + "\n")
    return tmp_path


def set_env(folder: Path, **values: str) -> None:
    """Override lines of a folder's `.env`."""
    with (folder / ".env").open("a") as file:
        file.writelines(f"\n{name}={value}" for name, value in values.items())


def one_sentence(stderr: str) -> str:
    """The only line on stderr."""
    lines = [line for line in stderr.splitlines() if line.strip()]
    assert len(lines) == 1, stderr
    assert "Traceback" not in stderr
    return lines[0]


@pytest.mark.parametrize("verb", [("push", "one.jsonl"), ("pull",)])
def test_wrong_key(folder: Path, verb: tuple[str, ...]) -> None:
    set_env(folder, LABEL_STUDIO_API_KEY="f" * 40)
    result = labeltune(folder, *verb)
    assert result.returncode == 1
    assert "LABEL_STUDIO_API_KEY" in one_sentence(result.stderr)
    assert "f" * 40 not in result.stderr


@pytest.mark.parametrize("verb", [("push", "one.jsonl"), ("pull",)])
def test_label_studio_down(folder: Path, verb: tuple[str, ...]) -> None:
    set_env(folder, LABEL_STUDIO_URL=f"http://127.0.0.1:{free_port()}")
    result = labeltune(folder, *verb)
    assert result.returncode == 1
    assert "can't be reached" in one_sentence(result.stderr)


def test_backend_down(folder: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    set_env(folder, LABELTUNE_BACKEND_URL=url)
    result = labeltune(folder, "push", "one.jsonl")
    assert result.returncode == 1
    assert f"backend at {url}" in one_sentence(result.stderr)


def test_an_unreadable_line_sends_nothing(folder: Path, up: Up) -> None:
    lines = [json.dumps({"prompt": f"Question {i}"}) for i in range(3)]
    lines[1] = lines[1][:-3]
    (folder / "broken.jsonl").write_text("\n".join(lines))
    result = labeltune(folder, "push", "broken.jsonl")
    assert result.returncode == 1
    assert "broken.jsonl, line 2: not JSON" in one_sentence(result.stderr)


def test_an_empty_project_is_no_error(folder: Path) -> None:
    (folder / "none.jsonl").write_text("")
    pushed = labeltune(folder, "push", "none.jsonl")
    assert pushed.returncode == 0, pushed.stderr
    pulled = labeltune(folder, "pull", "--json")
    assert pulled.returncode == 0, pulled.stderr
    assert json.loads(pulled.stdout)["new"] == 0
    exported = labeltune(folder, "export", "--format", "openai-chat")
    assert exported.returncode == 1
    one_sentence(exported.stderr)


def test_a_project_that_was_never_pushed(folder: Path) -> None:
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace(PROJECT, "Never pushed"))
    result = labeltune(folder, "pull")
    assert result.returncode == 1
    assert "labeltune push" in one_sentence(result.stderr)


def test_a_label_config_without_a_response_control(folder: Path, up: Up) -> None:
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace(PROJECT, "No response"))
    project = json.loads(labeltune(folder, "push", "one.jsonl", "--json").stdout)
    up.label_studio.update_project(
        project["project_id"],
        {
            "label_config": '<View><Text name="q" value="$messages"/>'
            '<TextArea name="reply" toName="q"/></View>'
        },
    )
    result = labeltune(folder, "push", "one.jsonl")
    assert result.returncode == 1
    said = one_sentence(result.stderr)
    assert "no TextArea named 'response' (found 'reply')" in said


def test_a_label_config_changed_in_label_studio_is_kept(folder: Path, up: Up) -> None:
    config = folder / "labeltune.toml"
    config.write_text(config.read_text().replace(PROJECT, "Own config"))
    project = json.loads(labeltune(folder, "push", "one.jsonl", "--json").stdout)
    client = up.label_studio
    (before,) = (p for p in client.projects() if p["id"] == project["project_id"])
    assert not project["own_label_config"]
    assert not json.loads(labeltune(folder, "push", "one.jsonl", "--json").stdout)[
        "own_label_config"
    ]
    mine = before["label_config"].replace('value="Question"', 'value="Topic"')
    assert mine != before["label_config"]
    client.update_project(project["project_id"], {"label_config": mine})
    again = json.loads(labeltune(folder, "push", "one.jsonl", "--json").stdout)
    assert again["own_label_config"]
    (after,) = (p for p in client.projects() if p["id"] == project["project_id"])
    assert after["label_config"] == mine


def test_wrong_usage_exits_2(folder: Path) -> None:
    assert labeltune(folder, "export", "--no-such-option").returncode == 2
    assert labeltune(folder, "no-such-verb").returncode == 2


def test_the_environment_of_the_tests_holds_no_settings_of_ours() -> None:
    assert not [name for name in clean_environment() if name.startswith("OPENAI_")]
