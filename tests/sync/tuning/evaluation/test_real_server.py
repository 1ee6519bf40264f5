"""An evaluation of a real small model behind llama.cpp's server, without any model tuned here."""

from pathlib import Path

import pytest

from sync.settings import LLMSection
from sync.settings.evaluate import EvaluateSection
from tests.sync.stack.test_llm_server import Server, model, server
from tests.sync.tuning.evaluation.desk import EvaluationDesk, evaluation_desk

__all__ = ["model", "server"]  # fixtures


def against(desk: EvaluationDesk, server: Server) -> EvaluationDesk:
    """The desk with the real server in place of the double."""
    desk.config = desk.config.model_copy(
        update={
            "llm": LLMSection(base_url=f"{server.url}/v1", model="small", max_tokens=16),
            "evaluate": EvaluateSection(general=False, items=3, concurrency=2),
            "env": {"OPENAI_API_KEY": "right"},
        }
    )
    return desk


@pytest.mark.thorough
def test_replies_and_losses_of_a_real_model_are_kept(server: Server, tmp_path: Path) -> None:
    with evaluation_desk(tmp_path) as double:
        desk = against(double, server)
        found = desk.evaluated()
        assert [arm.unfit for arm in found.arms] == [0, 0]
        assert all(arm.tokens > 0 for arm in found.arms)
        losses = found.row("expert_loss").means
        assert set(losses) == {"base", "base+prompt"}
        # finished answers of the same form stand in the prompt
        assert losses["base+prompt"].value < losses["base"].value
        server.process.kill()
        server.process.wait()
        again = desk.evaluated()
    assert [row.means for row in again.rows] == [row.means for row in found.rows]
    assert again.main is not None
    decided = again.decided_by
    assert decided is not None
    assert decided.found.p is None, "3 items are too few to tell"
    assert decided.verdict == "not shown"
