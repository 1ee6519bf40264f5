"""The instruction box, our own web process and worker, and a model server: from end to end."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

import label_configs
from benchmarks.standin import running
from tests.e2e.backend_processes import backend_processes
from tests.e2e.opened import SETTLED
from tests.e2e.test_instruction import instruct
from tests.e2e.test_page_chat_response import EDITOR
from tests.running import Up

pytestmark = [pytest.mark.label_studio, pytest.mark.browser]


def _stores(request: Request) -> bool:
    return request.method == "POST" and "/annotations" in request.url


@pytest.mark.thorough
def test_the_model_rewrites_what_the_annotator_reads(tmp_path: Path, up: Up, page: Page) -> None:
    chat = label_configs.load("chat_response")
    with running(latency_ms=300) as model, backend_processes(tmp_path, up, model) as backend:
        backend.start("web")
        backend.start("worker")
        project = backend.push([{"id": "a", "prompt": "What does a new card cost?"}], samples=1)
        project.wait_until_drafted(60)
        (task,) = project.tasks()
        drafted = chat.decode(task["predictions"][0]["result"]).response
        page.goto(f"{up.label_studio_url}/projects/{project.id}/data?task={task['id']}")
        page.wait_for_function(SETTLED, timeout=60_000)
        editor = page.locator(EDITOR)
        expect(editor).to_have_value(drafted)
        instruct(page, "shorter, cite the fee table")
        expect(editor).not_to_have_value(drafted, timeout=30_000)
        rewritten = editor.input_value()
        page.get_by_text("edit[2]").click()
        # the page may go before Label Studio has stored what was in it
        with page.expect_response(lambda answer: _stores(answer.request)):
            page.get_by_test_id("bottombar-submit-button").click()
        (task,) = project.tasks()
        saved = chat.decode(task["annotations"][0]["result"])
        assert saved.response == rewritten
        assert saved.instruction == "shorter, cite the fee table"
        # it went to that page and nowhere else
        assert [p["model_version"] for p in task["predictions"]] == [project.version]
        assert model.stats()["completed"] == 2
        said = backend.log("worker") + backend.log("web")
        assert "cite the fee table" not in said
