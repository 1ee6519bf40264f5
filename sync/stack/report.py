"""What `labeltune up` says once everything runs."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sync.common.counted import counted


@dataclass(frozen=True)
class Ready:
    """A running stack.

    Attributes:
        project_url: the sample project's page, or None without the sample.
        tasks: tasks of the sample project.
        next_steps: what to do now, each one sentence or command.
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

    def as_json(self) -> str:
        """One line of JSON."""
        return json.dumps(asdict(self), default=str)

    def as_text(self) -> str:
        """Lines for people."""
        rows = [("open", self.url), ("log in as", self.username), ("password", self.password)]
        if self.project_url:
            rows.append(("project", f"{self.project_url} ({counted(self.tasks or 0, 'task')})"))
        rows += [("model", f"{self.model} at {self.model_url}"), ("logs", str(self.logs))]
        width = max(len(name) for name, _ in rows)
        lines = ["LabelTune is ready.", ""]
        lines += [f"  {name:<{width}}  {value}" for name, value in rows]
        lines += ["", "Next:", *(f"  {step}" for step in self.next_steps)]
        lines += ["", "Ctrl-C stops everything; nothing is lost."]
        return "\n".join(lines)
