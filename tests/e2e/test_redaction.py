"""Planted personal data through a push, drafts and a pull on real parts: it is found nowhere."""

import json
import os
import re
from pathlib import Path

import pytest

from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune

pytestmark = pytest.mark.label_studio

PLANTED = [
    "planted.person@example.com",
    "+44 20 7946 0955",
    "4111 1111 1111 1111",
    "GB82 WEST 1234 5698 7654 32",
    "078-05-1120",
    "192.0.2.213",
    "https://planted.example.com/account",
]
OWN_ID = "planted.id@example.com"
SECRET_FILES = {"planted.jsonl", "redaction-key.jsonl"}


def files_with(values: list[str], *folders: Path) -> dict[str, str]:
    """File -> the first value that its bytes hold."""
    pattern = re.compile(b"|".join(re.escape(value.encode()) for value in values))
    found = {}
    for top in folders:
        for parent, _, names in os.walk(top):
            for name in sorted(set(names) - SECRET_FILES):
                path = Path(parent) / name
                if path.is_file() and (match := pattern.search(path.read_bytes())):
                    found[str(path)] = match[0].decode()
    return found


def test_no_planted_value_reaches_label_studio_the_model_a_log_or_the_table(
    folder: Path, up: Up
) -> None:
    config = folder / "labeltune.toml"
    config.write_text(config.read_text() + "[cleaning.redaction]\non = true\n")
    task = {
        "id": OWN_ID,
        "messages": [{"role": "user", "content": f"Please change {', '.join(PLANTED)}."}],
        "context": {"customer": PLANTED[0], "card_number": 4111111111111111},
    }
    (folder / "planted.jsonl").write_text(json.dumps(task) + "\n")
    said = []
    for _ in range(2):
        pushed = labeltune(folder, "push", "planted.jsonl", "--json")
        assert pushed.returncode == 0, pushed.stderr
        said += [pushed.stdout, pushed.stderr]
    assert json.loads(said[0])["created"] == 1
    assert json.loads(said[2])["created"] == 0
    project_id = json.loads(said[0])["project_id"]
    versions = up.label_studio.model_versions
    wait_for("a draft", lambda: [v for v in versions(project_id) if v["count"]], 120)
    pulled = labeltune(folder, "pull", "--json")
    assert pulled.returncode == 0, pulled.stderr
    said += [pulled.stdout, pulled.stderr]

    (page,) = up.label_studio.task_pages(project_id)
    stored = json.dumps(page.tasks)
    assert "<EMAIL_1>" in stored
    assert "<CARD_2>" in stored
    values = [*PLANTED, OWN_ID, "4111111111111111"]
    assert [v for v in values if v in "\n".join([stored, *said])] == []
    # Label Studio's database, the job queue and every log are below the stack's folder
    assert files_with([page.tasks[0]["data"]["labeltune_id"]], up.folder)
    assert files_with(values, up.folder, folder) == {}
    assert len((folder / "redaction-key.jsonl").read_text().splitlines()) == 2
