"""The loop closes twice, on real parts: what experts wrote tunes the model of their next drafts.

push, annotate, pull, split, export; a LoRA of the small model; `labeltune up` with base and
adapter; drafts of a new version, by the tuned model; `labeltune evaluate` on the test split, and
what fails becomes tasks. Once more, from there: is what failed smaller now?
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from tests.e2e.test_loop import wait_for
from tests.running import Up, free_port, labeltune, start_up

pytestmark = pytest.mark.label_studio

# how every answer of the experts ends, and no prompt says so
SIGNED = "Yours, the desk."
FACTS = {
    "Opening hours": "7:30 to 21:00",
    "Day ticket": "GBP 6.50",
    "Loan period": "21 days",
    "Car park": "Mill Lane",
    "Hygienist": "Tuesdays",
    "Loan bike": "GBP 5 a day",
    "Key": "number 5, Church Row",
    "Deposit": "GBP 250",
    "Kitchen": "GBP 10 extra",
    "Season": "April to October",
    "Emergency line": "020 7946 0811",
    "Interval": "20 minutes",
    "Plot size": "125 square metres",
    "Theory class": "Mondays at 18:30",
    "Wind limit": "force 5",
    "Large loaf": "GBP 4.40",
    "Water": "28 degrees",
    "Notice": "14 days",
    "Guests": "GBP 5 a visit",
    "Last collection": "17:30",
}
LATER = {"Ballroom": "from 20:00", "Bell tower": "closed in winter"}
# asked in production, in other words: the fact, its question and its value
PRODUCTION = (
    ("Ironing", "A visitor has a shirt to iron; what do you say?", "GBP 8"),
    ("Rehearsals", "What do you say to visitors who want to hear the choir?", "Tuesdays at 19:45"),
    ("Boat hire", "Visitors would like to row; what do you say to them?", "GBP 11 an hour"),
    ("Guided tour", "What do you tell a visitor who asks for the tour?", "Sundays at 15:00"),
    ("Lost property", "What do you say to visitors who have lost an umbrella?", "room 4"),
    ("Dogs", "A visitor comes with a dog; what do you say?", "on a lead"),
    ("Choice of tea", "What do you say to visitors who are thirsty?", "served until 16:30"),
    ("Photographs", "What do you say to a visitor with a camera?", "no flash, please"),
)
SETTINGS = """\
[label_studio]
url = "http://127.0.0.1:{ports[0]}"
project = "Front desk"
categories = false
[backend]
url = "http://127.0.0.1:{ports[1]}"
[llm]
base_url = "http://127.0.0.1:{ports[2]}/v1"
model = "{model}"
samples = 1
temperature = 0.0
max_tokens = 32
examples = 0
[split]
train = 0.5
validation = 0.1
test = 0.4
[finetune]
learning_rate = 1e-3
[finetune.local]
evaluations = 2
[checks.required_phrase]
phrases = ["{signed}"]
[evaluate]
general = false
written_by = ""
"""


class Desk:
    """A project in a folder, and the stack that runs in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = [free_port() for _ in range(3)]
        self._up: Up | None = None

    @property
    def up(self) -> Up:
        """The running stack."""
        assert self._up is not None
        return self._up

    def start(self, model: str) -> None:
        """`labeltune up` with this model in labeltune.toml."""
        self.stop()
        text = SETTINGS.format(ports=self.ports, model=model, signed=SIGNED)
        (self.folder / "labeltune.toml").write_text(text)
        self._up = start_up(self.folder, ports=self.ports)

    def stop(self) -> None:
        if self._up is not None:
            assert self._up.stop() == 0
            self._up = None

    def run(self, *arguments: str) -> dict[str, Any]:
        """What a command prints."""
        # a small model is trained and asked: minutes, where others work on the same processors
        done = labeltune(self.folder, *arguments, "--json", timeout_s=900)
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def push(self, name: str, facts: dict[str, str]) -> dict[str, Any]:
        """A question for each fact, which the task's context holds."""
        asked = {fact: f"{fact}: what do you say to visitors?" for fact in facts}
        self.write(name, [(fact, asked[fact], value) for fact, value in facts.items()])
        return self.run("push", name)

    def write(self, name: str, rows: Iterable[tuple[str, str, str]]) -> None:
        """A file of sources: of each fact its question and its value."""
        lines = [
            {"id": fact, "prompt": question, "context": {fact: value}}
            for fact, question, value in rows
        ]
        (self.folder / name).write_text("".join(json.dumps(line) + "\n" for line in lines))

    def tasks(self, project_id: int) -> dict[str, dict[str, Any]]:
        """By the fact that they ask for."""
        pages = self.up.label_studio.task_pages(project_id)
        return {task["data"]["labeltune_id"]: task for page in pages for task in page.tasks}

    def drafts(self, pushed: dict[str, Any], facts: dict[str, str]) -> dict[str, str] | None:
        """What the drafts of the pushed version say; None while one is missing."""
        tasks = self.tasks(pushed["project_id"])
        found = {
            fact: drafted["result"][0]["value"]["text"][0]
            for fact in facts
            for drafted in tasks[fact]["predictions"]
            if drafted["model_version"] == pushed["model_version"]
        }
        return found if found.keys() == facts.keys() else None

    def annotate(self, project_id: int) -> int:
        """As an expert who rewrites every draft that waits; returns how many."""
        interface = label_configs.load("chat_response")
        waiting = [task for task in self.tasks(project_id).values() if not task["annotations"]]
        for task in waiting:
            (value,) = task["data"]["context"].values()
            said = ChatResponse(f"{value}. {SIGNED}", verdict="rewrite")
            self.up.http.post(
                f"/api/tasks/{task['id']}/annotations/", json={"result": interface.encode(said)}
            )
        return len(waiting)

    def released(self) -> tuple[dict[str, int], dict[str, Any]]:
        """Pull, split and export what is finished: the sizes of the splits, and the release."""
        self.run("pull")
        sizes: dict[str, int] = self.run("split")["manifest"]["sizes"]
        return sizes, self.run("export", "--format", "trl-prompt-completion")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk(tmp_path)
    yield found
    found.stop()


@pytest.mark.thorough
@pytest.mark.timeout(1800)  # two trainings, and seven minutes beside other work
def test_what_experts_wrote_tunes_the_model_that_drafts_what_comes_next(desk: Desk) -> None:
    desk.start("smollm2-135m")
    pushed = desk.push("first.jsonl", FACTS)
    before = wait_for("a draft of every task", lambda: desk.drafts(pushed, FACTS), 300)
    assert not any(SIGNED in said for said in before.values())
    assert desk.annotate(pushed["project_id"]) == len(FACTS)
    sizes, released = desk.released()
    assert sum(sizes.values()) == len(FACTS)

    # a model that has hardly learned
    entry = desk.run("finetune", "--name", "desk-1", "--epochs", "1", "--yes")
    assert entry["release"]["release"] == released["release"]
    learned = entry["run"]["rows"]
    assert (learned["own"], learned["validation"]) == (sizes["train"], sizes["validation"])
    assert learned["general"] > 0, "general examples are mixed in unless told otherwise"
    desk.start("tuned:desk-1")
    first = desk.run("evaluate")
    assert (first["main"], first["items"]) == ("tuned:desk-1", sizes["test"])
    assert first["release_id"] == released["release"]
    assert "verified now, the closest pair" in first["proof"]
    assert any("No test item is among what desk-1 learned" in note for note in first["notes"])
    assert means(first, "checks")["tuned:desk-1"] < 0.5
    assert first["progress"]["before"] is None

    # what it fails becomes tasks
    desk.write("production.jsonl", PRODUCTION)
    told = desk.run("evaluate", "--push", "--from", "production.jsonl")["next_tasks"]
    new = {each["id"] for each in told["tasks"] if each["origin"] == "file"}
    assert new <= {fact for fact, *_ in PRODUCTION}
    assert len(new) >= 4
    assert desk.annotate(pushed["project_id"]) == len(told["tasks"])
    grown, released = desk.released()
    assert sum(grown.values()) == len(FACTS) + len(told["tasks"])

    # and the next model is tuned on all
    entry = desk.run("finetune", "--name", "desk-2", "--epochs", "6", "--yes")
    assert entry["base"] == "smollm2-135m", "what is tuned next is the base, not the tuned model"
    losses = [point["training"] for point in entry["losses"] if point["training"] is not None]
    assert losses[-1] < losses[0] / 2
    desk.start("tuned:desk-2")
    assert served(desk.up) == ["tuned:desk-2"]
    second = desk.push("second.jsonl", LATER)
    assert second["project_id"] == pushed["project_id"]
    assert second["model_version"] != pushed["model_version"]
    after = wait_for("drafts by the tuned model", lambda: desk.drafts(second, LATER), 300)
    assert all(SIGNED in said for said in after.values()), after

    found = desk.run("evaluate")
    assert (found["main"], found["items"]) == ("tuned:desk-2", grown["test"])
    checks, loss = means(found, "checks"), means(found, "expert_loss")
    assert checks["base"] == checks["base+prompt"] == 0.0
    assert checks["tuned:desk-2"] >= 0.75
    assert loss["tuned:desk-2"] < loss["base"]
    assert (desk.folder / found["page"]).exists()
    rounds = found["progress"]
    assert [each["model"] for each in rounds["rounds"]] == ["tuned:desk-1", "tuned:desk-2"]
    assert rounds["items"] == sizes["test"], "what the first round asked is asked again"
    assert (rounds["before"], rounds["verdict"]) == ("tuned:desk-1", "better")
    for cluster in rounds["clusters_before"]:
        assert cluster["failed_before"] > 0
        assert cluster["verdict"] in {"smaller", "not shown", "no smaller", "larger"}
    assert any(each["failed_now"] < each["failed_before"] for each in rounds["clusters_before"])


def served(up: Up) -> list[str]:
    """What the local server says that it serves."""
    headers = {"Authorization": f"Bearer {up.env['OPENAI_API_KEY']}"}
    listed = httpx.get(f"{up.llm_url}/v1/models", headers=headers).json()["data"]
    return [model["id"] for model in listed]


def means(found: dict[str, Any], measure: str) -> dict[str, float]:
    row = next(each for each in found["measures"] if each["measure"] == measure)
    return {arm: mean["value"] for arm, mean in row["means"].items()}
