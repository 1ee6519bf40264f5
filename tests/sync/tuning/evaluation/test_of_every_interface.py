"""Whatever the interface: its lines are asked or say why not, and any reply is read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.records import LabelledRecord
from sync.settings.export import ExportSection
from sync.training_files.formats import FORMATS, Unsuitable
from sync.tuning.evaluation.arms.prompts import ProjectPrompts
from sync.tuning.evaluation.held_out import READ_FORMATS, AskedTurns, HeldOutItem, asked_turns
from sync.tuning.evaluation.measures.measure import AnsweredItems
from sync.tuning.evaluation.measures.text_checks import measure
from tests.label_configs.records import RECORDS, task_data
from tests.sync.builders import config_in, record

REPLIES = ["", "An answer.", "<think>so</think>", "{}", '{"steps": [], "answer": "Five."}', "[1"]
ABOUT: Any = {"max_examples": 15}


def task(name: str, data: st.DataObject) -> LabelledRecord:
    interface = label_configs.load(name)
    own, draft = (data.draw(RECORDS[name]) for _ in range(2))
    own = interface.decode(interface.encode(own))
    return replace(record(), data=task_data(interface, draft), record=own, draft=draft)


@pytest.mark.parametrize("name", label_configs.INTERFACES)
@given(data=st.data())
@settings(**ABOUT)
def test_what_a_release_holds_is_asked_or_told_why_not(name: str, data: st.DataObject) -> None:
    interface, made = label_configs.load(name), task(name, data)
    reasoning: Any = data.draw(st.sampled_from(["none", "think", "reasoning_content"]))
    layout = PromptLayout(ExportSection(reasoning=reasoning))
    for form in (FORMATS[each] for each in READ_FORMATS):
        for example in examples(form.takes, made, interface, layout):
            try:
                line = json.loads(json.dumps(form.encode(example)))
            except Unsuitable:
                continue
            found = asked_turns(line)
            if isinstance(found, AskedTurns):
                assert found.answer.strip()
                assert found.prompt[-1]["role"] == "user"
                assert all(set(turn) <= {"role", "content", "name"} for turn in found.prompt)
            else:
                assert found in ("tools", "pictures", "no answer in words")


@pytest.mark.parametrize("name", label_configs.INTERFACES)
@given(data=st.data())
@settings(**ABOUT)
def test_any_reply_is_an_answer_or_none(
    name: str, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    interface, made = label_configs.load(name), task(name, data)
    asked = AskedTurns(({"role": "user", "content": "A question?"},), "An answer.")
    item = HeldOutItem(made, asked, "An answer.", "one")
    request = ProjectPrompts(interface).request("full", item)
    assert request.variants
    answers = [request.read(reply) for reply in REPLIES]
    assert all(answer is None or answer.strip() for answer in answers)
    config = config_in(tmp_path_factory.getbasetemp(), interface=name)
    answered = AnsweredItems(config, interface, [item] * len(REPLIES), {"arm": answers}, Any)
    for series in measure(answered):
        assert series.values["arm"].shape == (len(REPLIES),)
