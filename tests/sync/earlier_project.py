"""A project folder as an earlier version of LabelTune leaves it, for that version to make.

    cd CHECKOUT-OF-THE-VERSION
    PYTHONPATH=$PWD python /path/to/this/file tests/data/project-VERSION.tar.gz

Only what every version has is used: the command line, and the tests' fake Label Studio.
"""

import json
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from tests.sync.fakes import FakeLabelStudio
from tests.sync.served import KEY, served

# 900 bytes are the longest text that is embedded in one piece
LONG_QUESTION = "My card was declined at the hotel last night, and here is all that happened. " * 14

CONFIGURATION = """\
[label_studio]
project = "Support answers"
interface = "chat_response"
[categories.topic]
labels = ["cards", "fees"]
rules = { cards = ["card"] }
otherwise = "fees"
[targets]
total = 40
dimensions = ["topic"]
[export]
personal_data = "redact"
[card]
license = "cc-by-4.0"
"""

ASKED = [
    "How do I block a lost card?",
    "What does a transfer abroad cost?",
    "When does my new card arrive?",
    "Why was I charged a monthly fee?",
    "Can I change the PIN of my card?",
    "Is there a fee for paper statements?",
    "My card does not work in the machine.",
    "Who pays the fee of a cancelled order?",
    "May my daughter use my card as well?",
    "How high is the overdraft interest?",
    LONG_QUESTION,
    "Do you refund the exchange fee?",
]
ANSWERED_TWICE = "How can I block my lost card?"
UNFINISHED = "Nobody has looked at this fee yet."


def at_work() -> FakeLabelStudio:
    """Label Studio after the second pull: the same tasks, ids and times whenever it is called."""
    label_studio = FakeLabelStudio()
    arrive(label_studio)
    finish(label_studio)
    return label_studio


def arrive(label_studio: FakeLabelStudio) -> None:
    """Tasks with drafts, the first half of them finished."""
    for place, question in enumerate(
        [*ASKED, ANSWERED_TWICE, "Nobody has looked at this fee yet."]
    ):
        task_id = label_studio.add(
            messages=[{"role": "user", "content": question}], labeltune_id=f"bank-{place}"
        )
        label_studio.predict(task_id)
        drafted = label_studio.tasks[task_id]["predictions"][-1]
        drafted["result"] = answer(f"Draft {place}: please ask in a branch.")
        if place < len(ASKED) // 2:
            _annotate(label_studio, task_id, place)


def finish(label_studio: FakeLabelStudio) -> None:
    """The other half is finished, one task skipped, one answered otherwise than its like."""
    *others, twice, _ = label_studio.tasks
    for place, task_id in enumerate(others):
        if place >= len(ASKED) // 2:
            _annotate(label_studio, task_id, place)
    label_studio.annotate(twice, answer("Fees depend on the contract that you have chosen."))


def _annotate(label_studio: FakeLabelStudio, task_id: int, place: int) -> None:
    draft = label_studio.tasks[task_id]["predictions"][-1]
    if place == 7:
        label_studio.annotate(task_id, was_cancelled=True)
        return
    response, verdict = f"Answer {place}: we see to it within a day.", "edit"
    if place == 2:
        response = "Answer 2: write to jane.doe@example.com and we look where it is."
    if place == 3:
        response, verdict = "", "reject"
    if place == 4:
        response, verdict = "Draft 4: please ask in a branch.", "accept"
    label_studio.annotate(
        task_id,
        answer(response, verdict),
        parent_prediction=draft["id"],
        completed_by=1 + place % 2,
    )


def answer(response: str, verdict: str | None = None) -> list[dict[str, Any]]:
    """Result items of `chat_response`, as Label Studio's page stores them."""
    value: dict[str, Any] = {"text": [response]}
    items = [_item("response", "textarea", value)] if response else []
    return items + ([_item("verdict", "choices", {"choices": [verdict]})] if verdict else [])


def _item(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "conversation", "type": kind, "value": value}


def make(folder: Path) -> None:
    """Two pulls, and every file that commands keep after each."""
    (folder / "labeltune.toml").write_text(CONFIGURATION)
    label_studio = FakeLabelStudio()
    arrive(label_studio)
    _pull_and_write(folder, label_studio)
    finish(label_studio)
    _pull_and_write(folder, label_studio)


def _pull_and_write(folder: Path, label_studio: FakeLabelStudio) -> None:
    with served(label_studio) as url:
        _labeltune(folder, "pull", url=url)
    for command in (
        ["check"],
        ["split", "--no-mark"],
        ["export", "--format", "openai-chat", "--format", "trl-preference", "--balance", "repeat"],
        ["status"],
    ):
        _labeltune(folder, *command)


def _labeltune(folder: Path, *arguments: str, url: str = "") -> None:
    keys = {"LABEL_STUDIO_API_KEY": KEY, "PYTHONPATH": str(Path.cwd()), "HF_HUB_OFFLINE": "1"}
    address = {"LABEL_STUDIO_URL": url} if url else {}
    command = [sys.executable, "-m", "sync", *arguments, "--json"]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **keys, **address}, capture_output=True, text=True
    )
    if not done.stdout.startswith("{"):
        raise SystemExit(f"{arguments}: {done.stderr}")
    sys.stderr.write(f"{' '.join(arguments)}: {json.loads(done.stdout)}\n")


def _relative(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Without whoever made it, and without locks."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return None if member.name.endswith(".lock") else member


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        make(Path(made))
        with tarfile.open(sys.argv[1], "w:gz") as archive:
            archive.add(made, ".", filter=_relative)
