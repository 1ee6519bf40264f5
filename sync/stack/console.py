"""What a person is told once a stack runs: where to go, and what to do there."""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from shutil import which

from sync.common.wording import counted
from sync.intake.push import PushReport
from sync.stack.credentials import StackCredentials
from sync.stack.first_drafts import FirstDrafts
from sync.stack.settings import Settings, UpOptions


@dataclass(frozen=True)
class Ready:
    """A running stack.

    Attributes:
        project_url: the sample project's page, or None without the sample.
        tasks: tasks of the sample project.
        next_steps: what to do now, each one sentence or command.
        drafts: how many tasks are drafted, and why no more; for people.
    """

    url: str
    username: str
    password: str = field(repr=False)
    project_id: int | None
    project_url: str | None
    tasks: int | None
    model: str
    model_url: str
    logs: Path
    next_steps: tuple[str, ...]
    drafts: str = ""

    def as_json(self) -> str:
        """One line of JSON."""
        told = {name: value for name, value in asdict(self).items() if name != "drafts"}
        return json.dumps(told, default=str)

    def as_text(self) -> str:
        """Lines for people."""
        rows = [("open", self.url), ("log in as", self.username), ("password", self.password)]
        if self.project_url:
            rows.append(("project", f"{self.project_url} ({counted(self.tasks or 0, 'task')})"))
        if self.drafts:
            rows.append(("drafts", self.drafts))
        rows += [("model", f"{self.model} at {self.model_url}"), ("logs", str(self.logs))]
        width = max(len(name) for name, _ in rows)
        lines = ["LabelTune is ready.", ""]
        lines += [f"  {name:<{width}}  {value}" for name, value in rows]
        lines += ["", "Next:", *(f"  {step}" for step in self.next_steps)]
        lines += ["", "Ctrl-C stops everything; nothing is lost."]
        return "\n".join(lines)


def ready(
    options: UpOptions,
    settings: Settings,
    credentials: StackCredentials,
    logs: Path,
    report: PushReport | None,
    first: FirstDrafts,
) -> Ready:
    """What there is, and what to do next.

    Args:
        report: of the sample's push; None where it was not pushed.
    """
    command = _command()
    watch = f"{command} status --watch   drafts arriving, in another terminal"
    steps: tuple[str, ...] = (f"{command} push FILE.jsonl", f"{command} status")
    if not options.config_file.exists():
        steps = (f"{command} init", *steps)
    elif first.progress is not None:
        steps = (steps[0], watch)
    if report is not None:
        press = "open the project, press “Label All Tasks”"
        steps = (
            press if first.missing else f"{press}: the first task has a draft",
            watch,
            f"{command} pull             takes finished work",
        )
    return Ready(
        url=settings.label_studio_url,
        username=credentials.username,
        password=credentials.password,
        project_id=report.project_id if report else None,
        project_url=report.url if report else None,
        tasks=report.tasks if report else None,
        model=settings.llm_model,
        model_url=settings.llm_url,
        logs=logs,
        next_steps=steps,
        drafts=first.sentence(),
    )


def _command() -> str:
    """What to type for `labeltune` in this folder; not every virtual environment is activated."""
    if which("labeltune"):
        return "labeltune"
    script = Path(sys.executable).with_name("labeltune")
    folder = Path.cwd()
    return str(script.relative_to(folder) if script.is_relative_to(folder) else script)
