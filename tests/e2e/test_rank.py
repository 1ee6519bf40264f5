"""`labeltune rank` beside a real Label Studio and backend: the order arrives, whatever happens."""

import json
import os
import random
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from drafting.acceptance.acceptance import PRIOR
from label_configs.draft_meta import acceptance_of
from label_configs.queue_fields import ACCEPTANCE, QUEUE_AUDIT, QUEUE_NOTE
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.running import Up, labeltune, start_labeltune

pytestmark = pytest.mark.label_studio

QUESTIONS = {
    "freeze": "How do I freeze my card?",
    "frozen": "How do I freeze my card, please?",
    "fee": "What is the fee for a transfer abroad?",
}
KILLS = 12


class Ranking:
    """A project with a draft a task, as its annotators and `labeltune` see it."""

    def __init__(self, up: Up, folder: Path, title: str) -> None:
        self._up = up
        self._folder = folder
        self._config = folder / "labeltune.toml"
        text = self._config.read_text().replace('"Failures"', f'"{title}"')
        # one sample, so that no second pass changes a draft meanwhile
        self._config.write_text(text.replace("[llm]\n", "[llm]\nsamples = 1\n"))
        lines = [json.dumps({"id": name, "prompt": said}) for name, said in QUESTIONS.items()]
        (folder / "questions.jsonl").write_text("\n".join(lines) + "\n")
        self.set_queue(audit=0.0)
        self.project_id = self.run("push", "questions.jsonl")["project_id"]
        wait_for("a draft of every task", self.drafted, 120)

    def set_queue(self, **settings: float) -> None:
        """Replace `[queue]`."""
        text = self._config.read_text().split("[queue]")[0]
        told = "".join(f"{name} = {value}\n" for name, value in settings.items())
        self._config.write_text(f"{text}[queue]\n{told}")

    def run(self, *arguments: str) -> dict[str, Any]:
        done = labeltune(self._folder, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def tasks(self) -> dict[str, dict[str, Any]]:
        """By the name of their question."""
        pages = self._up.label_studio.task_pages(self.project_id)
        return {task["data"]["labeltune_id"]: task for page in pages for task in page.tasks}

    def drafted(self) -> bool:
        found = self.tasks()
        return len(found) == len(QUESTIONS) and all(
            len(task["predictions"]) == 1 for task in found.values()
        )

    def scores(self) -> dict[str, float]:
        return {name: task["predictions"][0]["score"] for name, task in self.tasks().items()}

    def order(self) -> list[str]:
        """Of tasks that nobody has annotated."""
        scores = self.scores()
        waiting = [name for name, task in self.tasks().items() if not task["annotations"]]
        return sorted(waiting, key=lambda name: scores[name])

    def following(self) -> str:
        """The task that an annotator gets next."""
        task = self._up.http.get(f"/api/projects/{self.project_id}/next/").json()
        name: str = task["data"]["labeltune_id"]
        return name

    def start(self) -> subprocess.Popen[str]:
        """A ranking that is to be killed."""
        return start_labeltune(self._folder, "rank")


def test_the_order_reaches_annotators_and_no_draft_is_made_anew(folder: Path, up: Up) -> None:
    ranking = Ranking(up, folder, "Ranked")
    before = ranking.tasks()
    done = ranking.run("rank")
    assert (done["waiting"], done["undrafted"], done["without_signals"]) == (3, 0, 0)
    assert (done["reasons"]["repeat"], done["noted"]) == (1, 3)
    (*_, last) = ranking.order()
    assert last in ("freeze", "frozen")
    assert ranking.following() == ranking.order()[0]
    tasks = ranking.tasks()
    assert tasks[last]["data"][QUEUE_NOTE].startswith("Much like")
    for name, task in tasks.items():
        (draft,), (was,) = task["predictions"], before[name]["predictions"]
        assert (draft["id"], draft["result"]) == (was["id"], was["result"])
        told = acceptance_of(was["result"])
        assert told is not None
        likely = PRIOR.probability(told.signals)
        assert task["data"][ACCEPTANCE] == pytest.approx(likely, abs=0.05)
        shown = {QUEUE_NOTE, ACCEPTANCE}
        assert {k: v for k, v in task["data"].items() if k not in shown} == before[name]["data"]
    again = ranking.run("rank")
    assert (again["written"], again["noted"], again["requests"]) == (0, 0, 0)


@pytest.mark.thorough
def test_a_killed_ranking_is_made_up_for(folder: Path, up: Up) -> None:
    """Killed at random moments, each time with other things to do; nothing is lost."""
    ranking, chance = Ranking(up, folder, "Killed ranks"), random.Random(7)
    ranking.set_queue(audit=0.0, near_duplicates=1.0)
    ranking.run("rank")
    own, drafts = ranking.scores(), {n: t["predictions"] for n, t in ranking.tasks().items()}
    for number in range(KILLS):
        ranking.set_queue(audit=0.5 * (number % 2), near_duplicates=0.2 + 0.2 * (number % 3))
        process = ranking.start()
        try:
            process.communicate(timeout=chance.uniform(2.0, 6.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    ranking.set_queue(audit=0.0)
    ranking.run("rank")
    assert ranking.order()[-1] in ("freeze", "frozen")
    ranking.set_queue(audit=0.0, near_duplicates=1.0)
    ranking.run("rank")
    assert ranking.scores() == pytest.approx(own, abs=0.03)
    assert ranking.run("rank")["written"] == 0
    tasks = ranking.tasks()
    assert not any(QUEUE_AUDIT in task["data"] for task in tasks.values())
    for name, task in tasks.items():
        assert [p["id"] for p in task["predictions"]] == [p["id"] for p in drafts[name]]
