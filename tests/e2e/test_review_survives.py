"""`labeltune review` that is killed: each review stands once in its queue, kept from its author."""

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from label_configs.review_place import place_of
from tests.e2e.annotators import Annotator
from tests.e2e.backend_processes import BackendProcesses
from tests.e2e.test_push_survives import in_label_studio, kill_after, project_folder, write
from tests.running import Up, labeltune, start_labeltune
from tests.sync.builders import result

pytestmark = pytest.mark.label_studio

TITLE, KILLS, TASKS = "Killed reviews", 10, 40


def answer(up: Up, people: list[Annotator]) -> None:
    """Everybody in turn answers what nobody has answered."""
    waiting = [task for task in in_label_studio(up, TITLE) if not task["annotations"]]
    for number, task in enumerate(waiting):
        text = f"An answer to {task['data']['labeltune_id']}."
        people[number % len(people)].submit(task["id"], result(text, verdict="edit"))


def report(folder: Path, *options: str) -> dict[str, Any]:
    done = labeltune(folder, "review", "--json", *options)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.thorough
def test_killed_at_ten_moments_nothing_is_doubled_or_lost(
    tmp_path: Path,
    up: Up,
    backend: BackendProcesses,
    signed_up: Callable[[str], Annotator],
    often: Callable[[int], int],
) -> None:
    chance = random.Random(19)
    people = [signed_up("first-author"), signed_up("second-author")]
    project_folder(tmp_path, up, backend, TITLE)
    with (tmp_path / "labeltune.toml").open("a") as file:
        file.write("[review]\nrandom = 1.0\n")
    kills, killed, takes_s = often(KILLS), 0, 5.0
    for number in range(kills):
        write(tmp_path, {f"t{i}": f"Question {i}?" for i in range((number + 1) * TASKS // kills)})
        pushed = labeltune(tmp_path, "push", "tasks.jsonl")
        assert pushed.returncode == 0, pushed.stderr
        answer(up, people)
        began = time.monotonic()
        # the first part is Python's own
        after_s = chance.uniform(takes_s / 3, takes_s)
        if kill_after(start_labeltune(tmp_path, "review"), after_s):
            killed += 1
        else:
            takes_s = time.monotonic() - began
    assert killed > kills / 2, "the kills came too late"
    report(tmp_path)
    time.sleep(3)  # whatever a killed run has left under way
    again = [report(tmp_path) for _ in range(10)]
    assert all(
        (q["new"], q["changed"], q["removed"], q["barred"]) == (0, 0, 0, 0)
        for each in again
        for q in each["queues"]
    )
    tasks = in_label_studio(up, f"{TITLE} review: peer")
    assert sorted(task["data"]["reviewed_id"] for task in tasks) == sorted(
        f"t{i}" for i in range(TASKS)
    )
    for task in tasks:
        bars = [(a["completed_by"], a["was_cancelled"]) for a in task["annotations"]]
        (author,) = place_of(task["data"]).authors
        assert bars == [(author, True)]
    _is_kept_from_its_authors(up, people, tasks)
    pulled = labeltune(tmp_path, "pull", "--json")
    assert json.loads(pulled.stdout)["reviews"]["peer"]["tasks"] == TASKS


def _is_kept_from_its_authors(up: Up, people: list[Annotator], tasks: list[dict[str, Any]]) -> None:
    """By the stream, which gives everybody else the rest: also what its author was kept from."""
    project_id = int(tasks[0]["project"])
    authors = {task["id"]: place_of(task["data"]).authors for task in tasks}
    for person in people:
        own = person.http.get("/api/current-user/whoami").json()["id"]
        for _ in range(3):
            given = person.following(project_id)
            assert given is not None
            assert own not in authors[given]
            person.skip(given)
