"""A small model that is tuned here: what it gains on a task of its own, and what it forgets.

By the commands themselves: `split`, `export`, `finetune` on this machine, the local server with
base and adapter, `evaluate`. Everything is kept in a folder, so that a stopped run goes on.
"""

import hashlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.model_server import model_server
from benchmarks.tuned.front_desk import Asked, project_file, questions, task_rows
from sync.stack.models import TUNED
from sync.table.task_table import TaskTable
from tests.running import free_port

BASE = "smollm2-135m"
WITH, WITHOUT = "with-rehearsal", "without-rehearsal"
_FORMAT = "trl-prompt-completion"
_TABLE = Path("labeltune-data", "tasks")
_REPLY_TOKENS = 64
# arms of an evaluation
BARE, FULL = "base", "base+prompt"
# of a short run: topics that are learned, and held-out items that are asked
_QUICK_TOPICS, _QUICK_ITEMS = 3, 18
# held-out items that are asked beside the general questions
_FEW_ITEMS = 8
_ROOT = Path(__file__).parent.parent.parent


def measured(folder: Path, quick: bool, epochs: int) -> dict[str, Any]:
    """What the tuned model is beside its base with the full prompt, and beside its base.

    Args:
        folder: keeps the project, the models and the replies.
        epochs: how often each example is learned, but for a short run.
    """
    asked = [*questions(_QUICK_TOPICS if quick else None)]
    work = _Work(folder, asked, quick, 1 if quick else epochs)
    work.prepare()
    trained = {WITH: work.trained(WITH)}
    found, rises = work.evaluated(WITH), {WITH: work.forgotten(WITH)}
    passed_without: dict[str, float] | None = None
    if not quick:
        trained[WITHOUT] = work.trained(WITHOUT)
        alone = work.evaluated(WITHOUT, beside=BARE)
        passed_without = _means(alone, "measures", "checks")
        rises[WITHOUT] = work.forgotten(WITHOUT)
    checks = next(m for m in found["compared"][0]["measures"] if m["measure"] == "checks")
    return {
        "checks_gain_low": checks["low"],
        "checks_gain": checks["difference"],
        "checks_gain_high": checks["high"],
        "checks_verdict": checks["verdict"],
        "checks_passed": _means(found, "measures", "checks"),
        "checks_passed_without_rehearsal": passed_without,
        "each_check_passed": {
            each["measure"]: _means(found, "measures", each["measure"])
            for each in found["measures"]
        },
        "held_out_items": found["items"],
        "held_out_topics": found["groups"],
        "proof": found["proof"],
        "learned": {name: each["run"]["rows"] for name, each in trained.items()},
        "general_loss_rise": rises[WITH]["loss_rise"],
        "general": rises,
        "trained": {name: _told(each) for name, each in trained.items()},
    }


@dataclass(frozen=True)
class _Work:
    """The task as a project in a folder of its own."""

    cache: Path
    asked: list[Asked]
    quick: bool
    epochs: int

    @property
    def folder(self) -> Path:
        """Of this very task; another one has another."""
        text = json.dumps([project_file(self.asked), repr(self.asked), self.quick, self.epochs])
        return self.cache / hashlib.sha256(text.encode()).hexdigest()[:12]

    def prepare(self) -> None:
        """The finished tasks, their split and their release; done once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if (self.folder / "released").exists():
            return
        self._configure(WITH)
        table = TaskTable(self.folder / _TABLE)
        table.apply(1, task_rows(self.asked))
        self._labeltune("split", "--no-mark")
        self._labeltune("export", "--format", _FORMAT)
        (self.folder / "released").touch()

    def trained(self, name: str) -> dict[str, Any]:
        """The entry of a model, which is trained unless it is there."""
        self._configure(name)
        return self._labeltune("finetune", "--name", name, "--yes")

    def evaluated(self, name: str, beside: str = FULL) -> dict[str, Any]:
        """A model beside its base, asked in full or barely, on the held-out items."""
        arms = (BARE, TUNED + name) if beside == BARE else ()
        return self._evaluate(name, beside, arms, items=_QUICK_ITEMS if self.quick else 0)

    def forgotten(self, name: str) -> dict[str, Any]:
        """The loss on general answers, and the share of general questions that are answered."""
        found = self._evaluate(name, BARE, (BARE, TUNED + name), items=_FEW_ITEMS, loss=True)
        measures = [m for pair in found["general_compared"] for m in pair["measures"]]
        loss = next(each for each in measures if each["measure"] == "general.loss")
        return {
            "loss_rise": found["general_loss_rises"][TUNED + name],
            "loss": _means(found, "general", "general.loss"),
            "loss_verdict": loss["verdict"],
            "answered": _means(found, "general", "general.accuracy"),
        }

    def _evaluate(
        self, name: str, against: str, arms: Sequence[str], *, items: int, loss: bool = False
    ) -> dict[str, Any]:
        """What `labeltune evaluate` finds.

        Args:
            loss: whether losses are measured, and what was forgotten.
        """
        port, options = self._port(), [part for arm in arms for part in ("--arm", arm)]
        key = secrets.token_hex(16)
        with _served(self.folder, name, port, key):
            self._configure(name, port, items=items, general=loss, loss=loss)
            return self._labeltune("evaluate", name, *options, "--against", against, key=key)

    def _port(self) -> int:
        """The server's, chosen once: replies are kept by the address that they came from."""
        kept = self.folder / "port"
        if not kept.exists():
            kept.write_text(str(free_port()), encoding="utf-8")
        return int(kept.read_text(encoding="utf-8"))

    def _configure(self, name: str, port: int = 0, **evaluate: Any) -> None:
        local = {"rehearsal": 0.0} if name == WITHOUT else {}
        text = project_file(
            self.asked,
            llm={
                "model": f"{TUNED}{name}",
                "base_url": f"http://127.0.0.1:{port}/v1",
                "max_tokens": _REPLY_TOKENS,
            },
            finetune={"base": BASE, "epochs": self.epochs, "local": local},
            evaluate=evaluate,
            data={"dir": _TABLE.parts[0]},
        )
        (self.folder / "labeltune.toml").write_text(text, encoding="utf-8")

    def _labeltune(self, *arguments: str, key: str = "") -> dict[str, Any]:
        """What a command prints.

        Raises:
            RuntimeError: it fails.
        """
        env = {
            k: v for k, v in os.environ.items() if not k.startswith(("LABEL_STUDIO_", "OPENAI_"))
        }
        done = subprocess.run(
            [sys.executable, "-m", "sync", *arguments, "--json"],
            cwd=self.folder,
            env={
                **env,
                "PYTHONPATH": str(_ROOT),
                "LABEL_STUDIO_API_KEY": "0" * 40,
                "OPENAI_API_KEY": key,
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"labeltune {' '.join(arguments)}: {done.stderr[-2000:]}")
        found: dict[str, Any] = json.loads(done.stdout)
        return found


def _served(folder: Path, name: str, port: int, key: str) -> AbstractContextManager[str]:
    """The base and a model's adapter at once, as `labeltune up` serves them."""
    adapter = folder / "labeltune-data" / "models" / name / "adapter.gguf"
    options = ("--alias", f"{TUNED}{name}", "--adapter", str(adapter))
    return model_server(BASE, port, key, *options, log=folder / "server.log")


def _means(found: dict[str, Any], where: str, measure: str) -> dict[str, float]:
    row = next(each for each in found[where] if each["measure"] == measure)
    means = {arm: round(mean["value"], 4) for arm, mean in row["means"].items()}
    return means if row["expert"] is None else {**means, "experts": round(row["expert"], 4)}


def _told(entry: dict[str, Any]) -> dict[str, Any]:
    settings, run = entry["settings"], entry["run"]
    kept = ("learning_rate", "rank", "alpha", "batch_size", "epochs")
    return {
        **{key: settings[key] for key in kept},
        "steps": run["done"]["step"],
        "best_step": run["done"]["best_step"],
        "step_s": run["measured"]["step_s"],
        "threads": run["measured"]["threads"],
    }
