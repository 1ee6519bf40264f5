"""What else an evaluation asks: general questions, a judge, other words; and of which server."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import label_configs
from label_configs.preference_sides import PreferenceRecord
from sync.common.errors import ConfigError, SyncError
from sync.quality.judge.connect import JudgeOptions, ProjectJudge, connect
from sync.settings import Config, LLMSection
from sync.settings.evaluate import EvaluateSection
from sync.table.data_folder import data_folder
from sync.table.task_rows import TaskRow
from sync.table.task_table import TaskTable
from sync.tuning.evaluation.arms.arm import EvaluatedArm, arms_of
from sync.tuning.evaluation.arms.servers import ArmServers
from sync.tuning.evaluation.blind_pairs import mark_of
from sync.tuning.evaluation.evaluate import WantedEvaluation, evaluate
from sync.tuning.evaluation.general_questions import general_questions
from sync.tuning.evaluation.rephrased import REPHRASINGS, hasty, terse, upset
from sync.tuning.evaluation.results import Evaluation
from sync.tuning.models.model_entry import ModelPlace
from sync.tuning.models.model_folder import write_entry
from tests.ml_backend.http_double import Reply as HTTPReply
from tests.ml_backend.http_double import Request, http_double
from tests.sync.builders import annotation, config_in, task_row
from tests.sync.tuning.evaluation.desk import (
    DISCLOSURE,
    TUNED,
    EvaluationDesk,
    WordEncoder,
    evaluation_desk,
    says,
)

RIGHT = {each.question: each.reply for each in general_questions()}
JUDGE = "judge-1"
PREFERENCE: Any = label_configs.load("preference")


def knows(model: str, messages: Any) -> str:
    """The base knows all general answers, the tuned model has forgotten them."""
    question = messages[-1]["content"]
    if model == JUDGE:
        return judged(question)
    return RIGHT[question] if question in RIGHT and model != TUNED else says(model, messages)


def judged(shown: str) -> str:
    """The reply that discloses is better; of two such, the first that is shown."""
    first, second = re.findall(r"<reply>\n(.*?)\n</reply>", shown, re.S)
    better = "second" if DISCLOSURE in second and DISCLOSURE not in first else "first"
    return json.dumps({"why": "so", "better": better})


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[EvaluationDesk]:
    with evaluation_desk(tmp_path, knows) as desk:
        yield desk


def settled(desk: EvaluationDesk, **settings: Any) -> Config:
    section = EvaluateSection(**({"general": False} | settings))
    return desk.config.model_copy(update={"evaluate": section})


def test_what_was_forgotten_is_shown(desk: EvaluationDesk) -> None:
    desk.tuned()
    found = desk.evaluated(config=settled(desk, general=True))
    (accuracy,) = [row for row in found.general if row.name == "general.accuracy"]
    assert list(accuracy.means) == ["base", "tuned:bank-1"], "each model once"
    assert accuracy.means["base"].value == 1.0
    assert accuracy.means["tuned:bank-1"].value < 0.1
    (pair,) = found.general_compared
    assert pair.worse_in == ("general questions answered",)
    assert found.decided_by is not None
    assert found.decided_by.verdict == "better"
    assert found.fails("worse"), "better in its trade, and worse in general"


def test_general_questions_have_answers_that_their_sentences_hold() -> None:
    asked = general_questions()
    assert len({each.question for each in asked}) == len(asked) == 64
    for each in asked:
        assert each.is_answered(each.reply), each.question
        assert not each.is_answered("I don't know.")
        assert not each.is_answered(None)
    (capital,) = [each for each in asked if "capital of France" in each.question]
    assert capital.is_answered("It's **Paris**!")
    assert not capital.is_answered("Parisian")


def test_a_judge_prefers_in_both_orders_or_not_at_all(desk: EvaluationDesk) -> None:
    desk.tuned()

    def judge(project_id: int) -> ProjectJudge:
        options = JudgeOptions(model=JUDGE)
        return connect(
            desk.config, options, project_id, lambda said: None, lambda done, total: None
        )

    found = evaluate(
        settled(desk), WantedEvaluation(), load=lambda name: WordEncoder(), connect_judge=judge
    )
    row, passing = found.row("judge"), found.row("checks")
    full = passing.means["base+prompt"].value
    # where both disclose it takes whichever is shown first: that is a tie
    assert row.means["tuned:bank-1"].value == pytest.approx(1 - full)
    assert row.means["base+prompt"].value == 0.0
    (changed,) = [note for note in found.notes if "changed its mind" in note]
    assert f"in {round(full * found.items)} of {found.items} pairs" in changed
    assert any("prefers the expert's own answer to that of base+prompt" in n for n in found.notes)


def test_questions_are_asked_in_other_words(desk: EvaluationDesk) -> None:
    desk.tuned()
    found = desk.evaluated(config=settled(desk, rephrased=8), arms=["base+prompt", "tuned:bank-1"])
    for how in REPHRASINGS:
        means = found.row(f"rephrased.{how}").means
        assert means["tuned:bank-1"].value == 1.0
        assert means["tuned:bank-1"].items == 8
        assert found.row(f"rephrased.{how}.similarity").means["tuned:bank-1"].value > 0.9
    asked = {body["messages"][-1]["content"] for body in desk.chats()}
    assert any(question.startswith("what does number") for question in asked)
    assert any("nobody answers me! What does number" in question for question in asked)


def test_other_words_keep_the_facts() -> None:
    question = "Hello, what does account 4711 of ACME Bank cost per month?"
    assert terse(question) == "what does account 4711 of acme bank cost per month"
    assert "4711 of ACME Bank" in hasty(question)
    assert hasty(question) == hasty(question) != question
    assert sorted(hasty(question)) == sorted(question)
    assert question in upset(question)


def local(desk: EvaluationDesk, url: str) -> Config:
    """A project whose model was tuned here and is served at an address."""
    entry = replace(
        desk.tuned(), way="local", place=ModelPlace(adapter_gguf="adapter.gguf", base_gguf="b.gguf")
    )
    write_entry(data_folder(desk.config), entry)
    llm = LLMSection(base_url=f"{url}/v1", model="tuned:bank-1")
    return settled(desk).model_copy(update={"llm": llm})


def llama(*names: str, owner: str = "llamacpp") -> Any:
    """A server that lists models, and answers as the adapter's scale has it."""

    def answer(request: Request) -> HTTPReply:
        if request.path == "/v1/models":
            return HTTPReply({"data": [{"id": name, "owned_by": owner} for name in names]})
        scale = request.body["lora"][0]["scale"]
        said = says(TUNED if scale else "base-1", request.body["messages"])
        message = {"role": "assistant", "content": said}
        return HTTPReply({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]})

    return answer


def test_the_local_server_answers_as_base_without_its_adapter(desk: EvaluationDesk) -> None:
    with http_double(llama("tuned:bank-1")) as double:
        config = local(desk, double.url)
        config = config.model_copy(
            update={"evaluate": config.evaluate.model_copy(update={"loss": False})}
        )
        found = desk.evaluated(config=config)
    assert found.row("checks").means["base"].value == 0.0
    assert found.row("checks").means["tuned:bank-1"].value == 1.0
    bodies = [r.body for r in double.requests if r.method == "POST"]
    assert {body["lora"][0]["scale"] for body in bodies} == {0, 1}
    assert {(body["seed"], body["cache_prompt"]) for body in bodies} == {(0, False)}


def test_a_server_with_another_model_is_refused(desk: EvaluationDesk) -> None:
    with http_double(llama("tuned:older")) as double:
        config = local(desk, double.url)
        with pytest.raises(
            SyncError, match=r"serves tuned:older, not tuned:bank-1; set llm\.model"
        ):
            desk.evaluated(config=config)
    with http_double(llama("tuned:bank-1", owner="vllm")) as double:
        config = local(desk, double.url)
        with pytest.raises(SyncError, match=r"set evaluate\.base to the base's name"):
            desk.evaluated(config=config)


def test_a_server_that_does_not_answer_is_none_of_llama_cpps(tmp_path: Path) -> None:
    arm = EvaluatedArm("base", "m", "http://127.0.0.1:9/v1", "plain")
    servers = ArmServers(Config(folder=tmp_path))
    servers.check(arm)
    assert servers.beside(arm) == {}
    # without a list nobody knows whether it would take the adapter away
    with pytest.raises(SyncError, match="base and tuned model can't be told apart"):
        servers.client(replace(arm, adapter_scale=0))


def test_what_was_asked_needs_no_server_any_more(desk: EvaluationDesk) -> None:
    with http_double(llama("tuned:bank-1")) as double:
        config = local(desk, double.url)
        first = desk.evaluated(config=config)
    again = desk.evaluated(config=config)
    assert [row.means for row in again.rows] == [row.means for row in first.rows]


def test_a_base_that_can_not_be_told_is_asked_for(desk: EvaluationDesk) -> None:
    llm = LLMSection(base_url="http://127.0.0.1:9/v1", model="tuned:other")
    config = desk.config.model_copy(update={"llm": llm})
    with pytest.raises(ConfigError, match=r"set evaluate\.base to the base's name"):
        arms_of(config, ())
    named = config.model_copy(update={"evaluate": EvaluateSection(base="small")})
    assert [arm.model for arm in arms_of(named, ())] == ["small", "small"]


def chosen(row: Any, mark: str, task_id: int) -> TaskRow:
    """A comparison, as push brings it in, in which an expert finds one arm's answer better."""
    data = PREFERENCE.complete_task({**row, "labeltune_id": row["id"]}, "")
    side = "left" if data["pair"]["left"]["source"] == mark else "right"
    items = PREFERENCE.encode(PreferenceRecord(preference=f"{side} better"))
    return task_row(task_id, [annotation(task_id, items)], project_id=8, **data)


def test_experts_compare_blind_and_are_heard(desk: EvaluationDesk, tmp_path: Path) -> None:
    desk.tuned()
    rows: list[Any] = []
    config = config_in(tmp_path / "comparison", interface="preference", project="Comparison")

    def compare() -> Evaluation:
        return evaluate(
            settled(desk),
            WantedEvaluation(),
            load=lambda name: WordEncoder(),
            compared=config,
            take_pairs=lambda found: rows.extend(found),
        )

    before = compare()
    assert len(rows) == before.items
    assert not {"tuned", "base"} & set(re.findall(r"\w+", json.dumps(rows))), "sources are hidden"
    assert any("What experts compared is not known" in note for note in before.notes)
    tuned = mark_of("tuned:bank-1")
    best = [chosen(row, tuned, n) for n, row in enumerate(rows[2:], start=1)]
    worst = [chosen(row, mark_of("base+prompt"), 100 + n) for n, row in enumerate(rows[:2])]
    sides = {json.loads(row.data)["pair"]["left"]["source"] == tuned for row in best}
    assert sides == {True, False}, "each is on either side"
    stale = {**rows[2], "id": f"q999 {rows[2]['id'].partition(' ')[2]}"}
    TaskTable(config.data_dir / "tasks").apply(8, [*best, *worst, chosen(stale, tuned, 300)])
    found = compare()
    assert found.row("experts").means["tuned:bank-1"].value == pytest.approx(1 - 2 / found.items)
    assert found.main_pair is not None
    told = found.main_pair.of("experts")
    assert told is not None
    assert told.verdict == "better"
    assert "1 choice of experts is between other answers, and not counted" in found.notes
