"""Two tiers and three people: each is handed out only what they may decide, and nobody own work."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from label_configs.review import Review
from tests.e2e.annotators import Annotator
from tests.e2e.backend_processes import BackendProcesses
from tests.e2e.test_push_survives import in_label_studio, project_folder, write
from tests.running import Up, labeltune
from tests.sync.builders import REVIEW, result

pytestmark = pytest.mark.label_studio

TITLE = "Two tiers"
PEER, COMPLIANCE = f"{TITLE} review: peer", f"{TITLE} review: compliance"
SETTINGS = """
[review]
random = 1.0
[[review.tiers]]
name = "peer"
[[review.tiers]]
name = "compliance"
[experts."tier-ana@example.org"]
tiers = ["peer"]
[experts."tier-bo@example.org"]
tiers = ["peer"]
[experts."tier-cleo@example.org"]
tiers = ["compliance"]
annotates = false
"""
APPROVED = REVIEW.encode(Review("approve", best=0))
REJECTED = REVIEW.encode(Review("reject", reason="It is wrong."))


@pytest.fixture(scope="module")
def team(signed_up: Callable[[str], Annotator]) -> tuple[Annotator, Annotator, Annotator]:
    ana, bo, cleo = (signed_up(f"tier-{name}") for name in ("ana", "bo", "cleo"))
    return ana, bo, cleo


@pytest.mark.thorough
def test_each_gets_only_what_they_may_decide(
    tmp_path: Path, up: Up, backend: BackendProcesses, team: tuple[Annotator, Annotator, Annotator]
) -> None:
    ana, bo, cleo = team
    project_folder(tmp_path, up, backend, TITLE)
    with (tmp_path / "labeltune.toml").open("a") as file:
        file.write(SETTINGS)
    write(tmp_path, {f"t{i}": f"Question {i}?" for i in range(8)})
    pushed = labeltune(tmp_path, "push", "tasks.jsonl")
    assert pushed.returncode == 0, pushed.stderr
    tasks = held(up, TITLE)
    for name, who in {"t0": ana, "t1": ana, "t2": bo, "t3": bo}.items():
        who.submit(tasks[name], result(f"An answer to {name}.", verdict="edit"))

    # open tasks are shared out, and each has a tab with theirs
    first = review(tmp_path)
    assert first["shared"]["loads"] == {ana.email: 4, bo.email: 4, cleo.email: 0}
    meant = {t["id"]: t["data"].get("assigned_to") for t in in_label_studio(up, TITLE)}
    for person in (ana, bo):
        given = person.following(*place(up, TITLE), tab_of(up, TITLE, person))
        assert given is not None and meant[given] == person.email
    peer = held(up, PEER)
    assert peer.keys() == {"t0", "t1", "t2", "t3"}
    by = {t["data"]["reviewed_id"]: t["data"]["assigned_to"] for t in in_label_studio(up, PEER)}
    assert by == {"t0": bo.email, "t1": bo.email, "t2": ana.email, "t3": ana.email}

    # what somebody decides who may not has no effect, and is handed out once more
    ana.submit(peer["t1"], APPROVED)
    cleo.submit(peer["t0"], REJECTED)
    again = review(tmp_path)
    assert (again["passed"], again["rejected"]) == (0, 0)
    outside = {each["email"]: each["outside"] for each in again["shared"]["people"]}
    assert outside == {
        ana.email: {"own work": 1},
        bo.email: {},
        cleo.email: {"not of this tier": 1},
    }
    assert decided(ana, up, PEER, {"t2": APPROVED, "t3": APPROVED})
    assert decided(bo, up, PEER, {"t0": APPROVED, "t1": REJECTED})

    # the next tier: neither who wrote it, nor who decided it before
    third = review(tmp_path)
    assert [queue["new"] for queue in third["queues"]] == [0, 3]
    (compliance,) = place(up, COMPLIANCE)
    assert ana.following(compliance) is None and bo.following(compliance) is None
    bo.submit(held(up, COMPLIANCE)["t3"], REJECTED)
    review(tmp_path)
    assert decided(cleo, up, COMPLIANCE, dict.fromkeys(("t0", "t2", "t3"), APPROVED))
    last = review(tmp_path)
    assert (last["passed"], last["rejected"]) == (3, 1)
    assert all(queue["new"] == queue["waiting"] == 0 for queue in last["queues"])


def review(folder: Path) -> dict[str, Any]:
    done = labeltune(folder, "review", "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def place(up: Up, title: str) -> tuple[int]:
    """The id of a project."""
    (found,) = (int(p["id"]) for p in up.label_studio.projects() if p["title"] == title)
    return (found,)


def held(up: Up, title: str) -> dict[str, int]:
    """Task ids by the id from the source, in a queue of what is reviewed."""
    return {
        str(t["data"].get("reviewed_id", t["data"]["labeltune_id"])): int(t["id"])
        for t in in_label_studio(up, title)
    }


def tab_of(up: Up, title: str, person: Annotator) -> dict[str, Any]:
    """Somebody's tab of the table of tasks."""
    views = up.label_studio.views(*place(up, title))
    (found,) = (view for view in views if person.email in json.dumps(view["data"]))
    return found


def decided(person: Annotator, up: Up, title: str, expected: dict[str, Any]) -> bool:
    """Decide all that "Label All Tasks" hands out, in one's own tab as far as there is any.

    Returns:
        Whether it was what is expected, and then nothing more.
    """
    names = {task_id: name for name, task_id in held(up, title).items()}
    (project_id,) = place(up, title)
    assert person.following(project_id, tab_of(up, title, person)) is not None
    left = dict(expected)
    while left:
        given = person.following(project_id)
        if given is None or names[given] not in left:
            return False
        person.submit(given, left.pop(names[given]))
    return person.following(project_id) is None
