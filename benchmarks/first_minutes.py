"""How soon a newcomer can work: from `labeltune up` to drafts in the page, as it runs for users.

The real stack is started in an empty folder with its sample project, and watched from outside:

- the first draft, and a draft for every task, in seconds after Label Studio answers;
- in a real browser: a task without a draft, and "Label All Tasks" until a draft stands in it;
- tokens: what the two passes will have written when all is done, over `samples = 4` everywhere,
  by the scores and lengths of the first drafts;
- the limit, when the stack is stopped again: the model server alone, with the same prompts, as many
  at a time as it has slots.

The model is the local one, which needs quiet cores and some 15 minutes. With `--quick` a stand-in
answers instead after a set time, so that all but the model is measured, in a minute or two.
"""

import argparse
import contextlib
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

from rich.console import Console
from rich.table import Table

from benchmarks.model_server import model_server
from benchmarks.standin import running
from benchmarks.starting.page import opened
from benchmarks.starting.watching import START_S, Drafted, Watched
from connectors.llm import LLM
from drafting.more_samples import deserves_more
from drafting.project_settings import LLMSettings
from drafting.prompts import build_messages
from label_configs import load
from sync.settings import load as load_config
from sync.stack.llm_server import SLOTS
from sync.stack.models import DEFAULT
from sync.stack.project_file import sample_file
from tests.running import Up, start_up

STANDIN_MS = 3000
BARE_TASKS = 8
NOTED = 8  # drafts after which progress is told
SAMPLES = 4


def main() -> int:
    """Print the table, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="a stand-in in place of the model")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), quick=asked.quick)
    if asked.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def measure(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Every figure, by name."""
    with _starting(folder, quick=quick) as (started, up_soon):
        watched = Watched(folder, up_soon)
        up_at = watched.label_studio_answers()
        figures: dict[str, Any] = {"label_studio_up_s": up_at - started}
        watched.until(1)
        figures["first_draft_s"] = time.monotonic() - up_at
        _note(f"first draft {figures['first_draft_s']:.0f} s after Label Studio answered")
        up = up_soon.result(START_S)
        try:
            figures["ready_s"] = time.monotonic() - up_at
            figures |= opened(up, watched)
            _note(f"Label All Tasks opened in {figures['label_all_opens_s']:.1f} s")
            _note(f"ready after {figures['ready_s']:.0f} s; drafting the rest")
            drafts = watched.until(watched.tasks(), lambda n: _drafted(n, up_at))
            figures["all_drafted_s"] = time.monotonic() - up_at
            figures["tasks"] = len(drafts)
            figures["tokens_vs_fixed_k"] = tokens_vs_fixed_k(drafts, SAMPLES)
        finally:
            up.stop()
        with contextlib.nullcontext() if quick else _model_server(up):
            figures["limit_s"] = _alone_s(up) * len(drafts)
        figures["vs_limit"] = figures["limit_s"] / figures["all_drafted_s"]
    figures["model"] = "stand-in" if quick else DEFAULT
    return {name: round(v, 3) if isinstance(v, float) else v for name, v in figures.items()}


def _drafted(count: int, up_at: float) -> None:
    if count % NOTED == 0:
        _note(f"{count} drafts after {time.monotonic() - up_at:.0f} s")


def _note(said: str) -> None:
    print(f"first_minutes: {said}", file=sys.stderr, flush=True)


def tokens_vs_fixed_k(drafts: Sequence[Drafted], samples: int) -> float:
    """Tokens written in two passes over those of `samples` everywhere, by the first drafts.

    A further sample is taken to be as long as the first one.
    """
    lengths = [len(one.text) for one in drafts]
    drawn = [samples if deserves_more(one.score, 1, samples) else 1 for one in drafts]
    written = sum(n * length for n, length in zip(drawn, lengths, strict=True))
    return written / (samples * sum(lengths))


@contextmanager
def _starting(folder: Path, *, quick: bool) -> Iterator[tuple[float, Future[Up]]]:
    """`labeltune up` on its way: when it was begun, and the stack once it says "ready"."""
    with ThreadPoolExecutor(1) as pool:
        began = time.monotonic()
        if not quick:
            env = {"LABELTUNE_LOCAL_MODEL": DEFAULT}
            yield began, pool.submit(start_up, folder, env=env)
            return
        with running(latency_ms=STANDIN_MS) as model:
            url, name = model.url, "stand-in"
            options = ("--llm-url", url, "--llm-model", name)
            yield began, pool.submit(_started, folder, options)


def _started(folder: Path, options: Sequence[str]) -> Up:
    return start_up(folder, *options, env={"OPENAI_API_KEY": "none"})


def _model_server(up: Up) -> AbstractContextManager[str]:
    """The local model's server once more, where the stack had it, and nothing else."""
    port, key = int(up.llm_url.rsplit(":", 1)[1]), up.env["OPENAI_API_KEY"]
    return model_server(DEFAULT, port, key, "--alias", DEFAULT, log=up.folder / "model-alone.log")


def _alone_s(up: Up) -> float:
    """Seconds a task of the model server alone, its slots full, the guidelines read before."""
    config = load_config(up.folder / "labeltune.toml")
    llm, guidelines = LLMSettings(), config.guidelines_text()
    interface = load("chat_response")
    rows = [json.loads(line) for line in sample_file("bank_support.jsonl").splitlines()]
    client = LLM(config.llm.base_url, up.env.get("OPENAI_API_KEY"), timeout_s=600.0)

    def ask(row: Mapping[str, Any], max_tokens: int = llm.max_tokens) -> None:
        messages = build_messages(interface, interface.complete_task(row, guidelines))
        model = config.llm.model
        client.sample(
            messages, model=model, n=1, temperature=llm.temperature, max_tokens=max_tokens
        )

    first, *others = rows[:: len(rows) // (SLOTS + BARE_TASKS)]
    with ThreadPoolExecutor(SLOTS) as pool:
        list(pool.map(lambda _: ask(first, 1), range(SLOTS)))
        started = time.monotonic()
        list(pool.map(ask, others[:BARE_TASKS]))
        taken = time.monotonic() - started
    client.close()
    return taken / BARE_TASKS


def show(figures: Mapping[str, Any]) -> None:
    """The same as a table."""
    table = Table("with the " + str(figures["model"]), "seconds")
    for name, words in {
        "label_studio_up_s": "Label Studio answers, after the command",
        "first_draft_s": "first draft, after that",
        "ready_s": "“ready”, after that",
        "all_drafted_s": f"all {figures['tasks']} tasks drafted, after that",
        "limit_s": "the model server alone, as many tasks",
        "label_all_opens_s": "Label All Tasks opens with a draft",
        "undrafted_opens_s": "a task without a draft opens",
    }.items():
        value = figures[name]
        table.add_row(words, "-" if value is None else f"{value:.1f}")
    Console().print(table)
    Console().print(f"tokens written, of samples = {SAMPLES}: {figures['tokens_vs_fixed_k']:.2f}")


if __name__ == "__main__":
    sys.exit(main())
