"""An answer that the source brings along: what annotators see, whatever the model says."""

from pathlib import Path
from typing import Any

import pytest

import label_configs
from benchmarks.standin import running
from tests.e2e.backend_processes import PushedProject, backend_processes
from tests.running import Up

pytestmark = pytest.mark.label_studio

CHAT = label_configs.load("chat_response")
AS_DRAFT = '[sources]\nlast_assistant = "draft"\n'


def drafts(project: PushedProject) -> dict[str, list[str]]:
    """The texts of each task's drafts, by the task's id in the source."""
    return {
        task["data"]["labeltune_id"]: [
            CHAT.decode(prediction["result"]).response
            for prediction in task["predictions"]
            if prediction["model_version"] == project.version
        ]
        for task in project.tasks()
    }


def rows(answer: str) -> list[dict[str, Any]]:
    """A question that somebody has answered, and one that nobody has."""
    return [
        {"id": "a", "prompt": "What does a new card cost?", "answer": answer},
        {"id": "b", "prompt": "When will it come?"},
    ]


@pytest.mark.thorough
def test_the_sources_answer_is_the_draft_that_annotators_get(tmp_path: Path, up: Up) -> None:
    with running(latency_ms=10) as model, backend_processes(tmp_path, up, model) as backend:
        backend.start("web")
        backend.start("worker")
        project = backend.push(rows("Five pounds."), AS_DRAFT, samples=1)
        project.wait_until_drafted(90)
        found = drafts(project)
        assert found["a"] == ["Five pounds."]
        (models,) = found["b"]
        assert models not in ("", "Five pounds.")
        # as an annotator is handed it: the current version, with a score to be ranked by
        shown = [
            prediction
            for task in [up.http.get(f"/api/projects/{project.id}/next/").json()]
            for prediction in task["predictions"]
        ]
        assert [prediction["model_version"] for prediction in shown] == [project.version]
        assert 0 <= shown[0]["score"] <= 1
        # another answer at the source, and another version of the drafts: still the source's
        project = backend.push(rows("Six pounds."), AS_DRAFT, samples=1, temperature=0.5)
        project.wait_until_drafted(60)
        assert drafts(project)["a"] == ["Six pounds."]
