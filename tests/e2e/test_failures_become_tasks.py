"""What a tuned model fails becomes tasks of a real Label Studio, each once, first in the queue."""

import itertools
import json
import os
import random
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.chat_response import ChatResponse
from label_configs.queue_fields import FIRST, QUEUE_FIRST
from sync import settings as configuration
from sync.table.data_folder import data_folder
from sync.training_files.manifest.stored_release import read_release
from sync.tuning.models.learnt_release import learnt_release
from sync.tuning.models.model_entry import ModelEntry, ModelPlace
from sync.tuning.models.model_folder import write_entry
from tests.connectors.chat_server import choice, completion
from tests.e2e.test_failures import folder as folder  # the same kind of folder
from tests.e2e.test_loop import wait_for
from tests.ml_backend.http_double import Reply, Request, http_double
from tests.running import Up, labeltune, start_labeltune

pytestmark = [pytest.mark.label_studio, pytest.mark.thorough]

TUNED, DISCLOSURE = "tuned-1", "This is no advice"
PAID_FOR = """
a transfer to Norway, cash from a machine in Spain, an overdraft over a weekend, a second card for
my wife, a paper statement, closing my account early, a cheque from Canada, a standing order, an
urgent payment, a returned debit, changing dollars into pounds, a safe deposit box, a purchase in
Rome, a lost card, a letter of credit, keeping gold, a currency account, a debit that bounced, a
payment to Brazil, a business account
"""
FEES = {"topic": "fees"}
OTHERS = ("How do I freeze my card?", "My card was swallowed by a machine, what now?")
WAITING = {"waits": "What fee do you take for a wire to Japan?", "apart": "Where is your office?"}
POOL = (
    {"id": "pool-1", "prompt": "What fee do you take for a loan that is paid back early?"},
    {"id": "pool-2", "prompt": "Do you sponsor a football club?"},
)
WRITTEN = (
    "What fee comes with a prepaid voucher?",
    "Which charge do you take when I buy shares by telephone?",
    "Do you take a fee if my salary arrives in euros?",
    "What does it cost to have a statement sent to my tax adviser?",
    "Is there a fee for a blocked PIN?",
    "How much do you charge for a bank guarantee to my landlord?",
    "What fee do I pay for contactless payments on holiday?",
    "What do you charge for a copy of an old contract?",
)
SETTINGS = """
[categories.topic]
labels = ["cards", "fees", "other"]
rules = { cards = ["freeze", "swallowed"], fees = ["fee", "charge", "cost"] }
otherwise = "other"
[split]
train = 0.5
validation = 0.1
test = 0.4
[checks.required_phrase]
phrases = ["This is no advice"]
[evaluate]
general = false
new_tasks = 1
"""


def said(request: Request) -> Reply:
    """The tuned model discloses nothing; the base writes questions where it is asked for some."""
    if request.path != "/v1/chat/completions":
        return Reply({"error": {"message": "no such path"}}, 404)
    asked = json.dumps(request.body["messages"])
    if "new questions" in asked:
        return completion(choice(json.dumps({"questions": list(WRITTEN)})))
    return completion(choice("It is on our page."))


class Round:
    """A project whose tuned model fails, as its annotators and `labeltune` see it."""

    def __init__(self, up: Up, folder: Path, title: str, model_url: str) -> None:
        self._up = up
        self._folder = folder
        self._config = folder / "labeltune.toml"
        text = self._config.read_text().replace('"Failures"', f'"{title}"') + SETTINGS
        self._config.write_text(text.replace("[llm]\n", "[llm]\nsamples = 1\n"))
        paid = " ".join(PAID_FOR.split()).split(", ")
        asked = {f"fee-{n}": f"What fee do you take for {what}?" for n, what in enumerate(paid)}
        asked |= {f"card-{n}": question for n, question in enumerate(OTHERS)}
        self.project_id = self._push({**WAITING, **asked})
        self._finish(asked)
        (folder / "pool.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in POOL))
        for verb in (("pull",), ("split", "--no-mark"), ("export", "--format", "openai-chat")):
            self.run(*verb)
        self._tuned(model_url)

    def _push(self, asked: dict[str, str]) -> int:
        rows = [json.dumps({"id": name, "prompt": question}) for name, question in asked.items()]
        (self._folder / "questions.jsonl").write_text("\n".join(rows) + "\n")
        found: int = self.run("push", "questions.jsonl")["project_id"]
        return found

    def _finish(self, names: dict[str, str]) -> None:
        interface: Any = label_configs.load("chat_response")
        answer = ChatResponse(f"It costs five pounds. {DISCLOSURE}.", verdict="rewrite")
        for name, task in self.tasks().items():
            if name in names:
                path = f"/api/tasks/{task['id']}/annotations/"
                self._up.http.post(path, json={"result": interface.encode(answer)})

    def _tuned(self, url: str) -> None:
        folder = data_folder(configuration.load(self._config))
        name = json.loads(folder.read("last-export.json") or b"")["path"]
        release = read_release(self._folder / name)
        write_entry(
            folder,
            ModelEntry(
                name="bank-1",
                base="base-1",
                way="endpoint",
                method="supervised",
                place=ModelPlace(model=TUNED, base_url=f"{url}/v1"),
                release=learnt_release(release, name, "openai-chat"),
                settings={},
                losses=(),
                seed=0,
                created="2026-11-30T08:00:00+00:00",
            ),
        )

    def run(self, *arguments: str) -> dict[str, Any]:
        done = labeltune(self._folder, *arguments, "--json")
        assert done.returncode == 0, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def evaluate(self, *options: str) -> dict[str, Any]:
        found = self.run("evaluate", *ARMS, *options)
        report: dict[str, Any] = found["next_tasks"]
        return report

    def start(self) -> Any:
        return start_labeltune(self._folder, "evaluate", *ARMS, "--push", "--from", "pool.jsonl")

    def tasks(self) -> dict[str, dict[str, Any]]:
        """By id of their source."""
        pages = self._up.label_studio.task_pages(self.project_id)
        found = [task for page in pages for task in page.tasks]
        assert len({task["data"]["labeltune_id"] for task in found}) == len(found)
        return {task["data"]["labeltune_id"]: task for task in found}

    def marked(self) -> dict[str, dict[str, Any]]:
        return {name: task for name, task in self.tasks().items() if task["data"].get(QUEUE_FIRST)}

    def drafted(self, *names: str) -> bool:
        tasks = self.tasks()
        return all(len(tasks[name]["predictions"]) == 1 for name in names)

    def following(self) -> str:
        """What an annotator gets next."""
        task = self._up.http.get(f"/api/projects/{self.project_id}/next/").json()
        name: str = task["data"]["labeltune_id"]
        return name


ARMS = ("--arm", "base", "--arm", "tuned:bank-1", "--against", "base")


@contextmanager
def failing_round(up: Up, folder: Path, title: str) -> Iterator[Round]:
    with http_double(said) as double:
        yield Round(up, folder, title, double.url)


def test_failures_become_tasks_each_once_and_come_first(folder: Path, up: Up) -> None:
    with failing_round(up, folder, "Failing") as project:
        before = project.tasks()
        wait_for("drafts", lambda: project.drafted(*WAITING), 300)
        rehearsed = project.evaluate("--push", "--from", "pool.jsonl", "--dry-run")
        assert project.tasks().keys() == before.keys()
        assert project.marked() == {}

        pushed = project.evaluate("--push", "--from", "pool.jsonl")
        assert [each["id"] for each in pushed["tasks"]] == [e["id"] for e in rehearsed["tasks"]]
        origins = {each["id"]: each["origin"] for each in pushed["tasks"]}
        assert origins["waits"] == "waiting"
        assert origins["pool-1"] == "file"
        assert not {"apart", "pool-2"} & origins.keys()
        written = [name for name, origin in origins.items() if origin == "written"]
        assert written
        tasks = project.tasks()
        assert project.marked().keys() == origins.keys()
        assert len(tasks) == len(before) + len(origins) - 1
        for name in written:
            assert tasks[name]["data"]["written_by"] == "base-1"
            assert tasks[name]["data"]["categories"] == FEES
        assert project.following() == "waits"

        # gaps says of which kind more is wanted, and why
        gaps = project.run("gaps")
        (raised,) = [cell for cell in gaps["cells"] if cell["labels"] == FEES]
        wanted = sum(kind["wanted"] for kind in pushed["kinds"] if kind["labels"] == FEES)
        assert raised["missing"] == raised["raised"][0]["by"] == wanted
        assert any("since tuned:bank-1 fails" in sentence for sentence in gaps["advice"])

        # again: nothing is new
        again = project.evaluate("--push", "--from", "pool.jsonl")
        assert again["tasks"] == []
        assert project.tasks().keys() == tasks.keys()

        # a new draft comes first by itself
        wait_for("drafts of what is new", lambda: project.drafted(*origins), 300)
        scores = [task["predictions"][0]["score"] for task in project.marked().values()]
        assert max(scores) <= FIRST
        assert project.tasks()["apart"]["predictions"][0]["score"] > FIRST


def test_a_push_of_failures_survives_kills(folder: Path, up: Up) -> None:
    chance = random.Random(5)
    with failing_round(up, folder, "Killed failures") as project:
        before = project.tasks()
        for number in itertools.count():
            process = project.start()
            with suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(1.0, 7.0))
            if process.poll() is not None or number == 8:
                break
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        process.communicate(timeout=300)
        last = project.evaluate("--push", "--from", "pool.jsonl")
        assert last["tasks"] == []
        marked = project.marked()
        assert {"waits", "pool-1"} <= marked.keys()
        wanted = sum(kind["wanted"] for kind in last["kinds"])
        assert len(marked) == wanted - sum(kind["missing"] for kind in last["kinds"])
        assert len(project.tasks()) == len(before) + len(marked) - 1
