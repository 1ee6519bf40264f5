"""Missing kinds come first in a real Label Studio, with drafts and scores of the real backend."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync import settings as configuration
from sync.table.snapshot import open_snapshot
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune

pytestmark = pytest.mark.label_studio

CATEGORIES = """
[categories.topic]
labels = ["cards", "fees", "lending"]
rules = { cards = ["card"], fees = ["fee"], lending = ["loan"] }
"""
QUESTIONS = {
    "cards": "How do I freeze my card?",
    "fees": "What is the fee for a transfer abroad?",
    "lending": "How long does a loan for a kitchen take?",
}


class Queue:
    """A project with a draft a task, as its annotators and `labeltune` see it."""

    def __init__(self, up: Up, folder: Path) -> None:
        self._up = up
        self._folder = folder
        self._config = folder / "labeltune.toml"
        text = self._config.read_text().replace('"Failures"', '"Gaps"') + CATEGORIES
        # one sample, so that no second pass changes a score meanwhile
        self._config.write_text(text.replace("[llm]\n", "[llm]\nsamples = 1\n"))
        lines = [json.dumps({"id": name, "prompt": said}) for name, said in QUESTIONS.items()]
        (folder / "three.jsonl").write_text("\n".join(lines) + "\n")
        self.project_id = self.run("push", "three.jsonl")["project_id"]

    def run(self, *arguments: str) -> dict[str, Any]:
        done = labeltune(self._folder, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def want(self, topic: str) -> None:
        """One example of this topic, and nothing else."""
        with self._config.open("a") as file:
            file.write(f'[[targets.cells]]\ntopic = "{topic}"\ncount = 1\n')

    def drafts(self) -> dict[str, dict[str, Any]] | None:
        """The one draft of each topic's task; None while one is missing."""
        pages = self._up.label_studio.task_pages(self.project_id)
        found = {
            task["data"]["labeltune_id"]: task["predictions"] for p in pages for task in p.tasks
        }
        if sorted(map(len, found.values())) != [1] * len(QUESTIONS):
            return None
        return {topic: predictions[0] for topic, predictions in found.items()}

    def scores(self) -> dict[str, float]:
        drafts = self.drafts()
        assert drafts
        return {topic: draft["score"] for topic, draft in drafts.items()}

    def following(self) -> str:
        """The topic of the task that an annotator gets next."""
        task = self._up.http.get(f"/api/projects/{self.project_id}/next/").json()
        topic: str = task["data"]["labeltune_id"]
        return topic

    def accept(self, topic: str) -> None:
        draft = (self.drafts() or {})[topic]
        verdict = {"type": "choices", "from_name": "verdict", "to_name": "conversation"}
        result = [*draft["result"], {**verdict, "value": {"choices": ["accept"]}}]
        self._up.http.post(f"/api/tasks/{draft['task']}/annotations/", json={"result": result})

    def stored_scores(self) -> list[float | None]:
        """Of the table's drafts, as the last pull found them."""
        rows = list(open_snapshot(configuration.load(self._config)).rows())
        return sorted((p.score for row in rows for p in row.predictions), key=lambda s: s or 0.0)


@pytest.mark.thorough
def test_the_missing_kind_comes_first_until_it_is_there(folder: Path, up: Up) -> None:
    queue = Queue(up, folder)
    wait_for("a draft of every task", queue.drafts, 90)
    own = queue.scores()
    least, *_, most = sorted(own, key=lambda topic: own[topic])
    queue.want(most)

    rehearsed = queue.run("gaps", "--queue", "--dry-run")["queue"]
    assert (rehearsed["first"], rehearsed["written"]) == (1, 1)
    assert queue.scores() == own

    done = queue.run("gaps", "--queue")
    assert (done["missing"], done["queue"]["first"], done["queue"]["written"]) == (1, 1, 1)
    lowered = {**own, most: pytest.approx(own[most] * 0.01)}
    assert queue.scores() == lowered
    assert queue.following() == most
    # the table follows, and a second time finds nothing to do
    assert queue.run("gaps", "--queue")["queue"]["written"] == 0
    assert queue.stored_scores() == sorted(queue.scores().values())

    queue.accept(most)
    done = queue.run("gaps", "--queue")
    assert (done["missing"], done["queue"]["first"], done["queue"]["restored"]) == (0, 0, 1)
    assert queue.scores() == own
    assert queue.following() == least
