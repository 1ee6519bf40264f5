"""The drafts of the project that a stack was started for: the first ones, then all others."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from connectors.errors import LabelStudioError
from connectors.label_studio import LabelStudio
from sync.common.terminal import stderr
from sync.common.wording import counted, lasting, time_left
from sync.intake.services.drafting_progress import DraftingProgress, ProgressReader
from sync.intake.services.drafting_watch import watch_drafting
from sync.intake.services.health import get
from sync.settings import load
from sync.stack.stages import Stages

LookAtDrafting = Callable[[], DraftingProgress | None]
# blocks for so many seconds; raises when a part of the stack has died
WaitFor = Callable[[float], object]

# a person can begin once these are there; the rest arrives faster than tasks are answered
FIRST = 3
LIMIT_S = 180.0
# a server that asks for a moment of rest may go on; a spent budget does not
AT_REST_S = 15.0
_UNKNOWN = DraftingProgress(tasks=0, drafted=0, annotated=0, waiting=FIRST)
_LOOK_S = 1.0
_FOLLOW_S = 5.0


@contextmanager
def drafting_of(config_file: Path) -> Iterator[LookAtDrafting]:
    """How to look at the project of a folder; of one without a project, or with several, nothing.

    Raises:
        ConfigError: `labeltune.toml` can't be used.
    """
    config = load(config_file) if config_file.exists() else None
    if config is None or config.projects:
        yield lambda: None
        return
    with LabelStudio(config.label_studio.url, config.api_key, 10.0, patience_s=0.0) as client:
        yield ProgressReader(config, client, get).look


@dataclass(frozen=True)
class FirstDrafts:
    """What was there when the waiting ended.

    Attributes:
        progress: None where there is no project to draft for.
        missing: why too few drafts are there, in a sentence; empty where they are there.
    """

    progress: DraftingProgress | None
    missing: str = ""

    def sentence(self) -> str:
        """`3 of 64 tasks drafted`; empty without a project or its tasks."""
        if self.progress is None or not self.progress.tasks:
            return ""
        drafted = self.progress.drafted
        said = f"{drafted} of {counted(self.progress.tasks, 'task')} drafted"
        return f"{said}: {self.missing}" if self.missing else said


def wait_for_first(
    look: LookAtDrafting,
    wait_for: WaitFor,
    stages: Stages,
    limit_s: float = LIMIT_S,
    now: Callable[[], float] = time.monotonic,
) -> FirstDrafts:
    """Wait until a person can begin: `FIRST` drafts are there, or as many as there will be.

    It ends, too, when no draft can be expected, and at the limit.

    Raises:
        StackError: a part of the stack has died.
    """
    began, resting_since = now(), float("inf")
    found = _asked(look, _UNKNOWN)
    if found is None or _is_enough(found):
        return FirstDrafts(found)
    seen, is_over = found, False

    def measure() -> str:
        wanted = min(FIRST, seen.drafted + seen.to_draft)
        said = f"{min(wanted, seen.drafted)} of {wanted}"
        if 0 < seen.drafted < wanted and not is_over:
            said += f", {time_left((wanted - seen.drafted) * (now() - began) / seen.drafted)}"
        return said if not seen.at_rest else f"{said}, at rest"

    with stages.stage("Drafting the first tasks", measure):
        while not is_over:
            resting_since = min(resting_since, now()) if seen.at_rest else float("inf")
            is_over = (
                _is_enough(seen)
                or _is_hopeless(seen)
                or now() - resting_since >= AT_REST_S
                or now() - began >= limit_s
            )
            if not is_over:
                wait_for(_LOOK_S)
                seen = _asked(look, seen) or seen
    return FirstDrafts(seen, "" if _is_enough(seen) else _why(seen, limit_s))


def follow(
    look: LookAtDrafting,
    wait_for: WaitFor,
    console: Console = stderr,
    interval_s: float = _FOLLOW_S,
) -> None:
    """Show how drafts arrive until all are there: one line that changes, in a terminal alone.

    Raises:
        StackError: a part of the stack has died.
    """
    progress = None
    line = console.status("")
    is_live = console.is_terminal and not console.is_dumb_terminal
    if is_live:
        line.start()
    try:
        for seen in watch_drafting(look, lambda said: None, interval_s, sleep=wait_for):
            progress = seen.progress
            if progress is None or not progress.to_draft:
                break
            line.update(seen.sentence())
    finally:
        if is_live:
            line.stop()
    if progress is not None and progress.tasks:
        rest = "; ".join(progress.troubles())
        said = "All tasks are drafted." if not rest else f"No further drafts for now: {rest}."
        console.print(said, markup=False, soft_wrap=True)


def _asked(look: LookAtDrafting, otherwise: DraftingProgress) -> DraftingProgress | None:
    """A look, or the one before where Label Studio is too busy to answer."""
    try:
        return look()
    except LabelStudioError:
        return otherwise


def _is_enough(progress: DraftingProgress) -> bool:
    return progress.drafted >= FIRST or progress.waiting == 0


def _is_hopeless(progress: DraftingProgress) -> bool:
    """Whether those that were tried failed, each with a reason."""
    failed = sum(progress.failed.values())
    return not progress.to_draft or (failed >= FIRST and not progress.drafted)


def _why(progress: DraftingProgress, limit_s: float) -> str:
    if said := "; ".join(progress.troubles()) or progress.put_off:
        return said
    came = "no more" if progress.drafted else "none"
    return f"{came} came in {lasting(limit_s)}, the model is slow here"
