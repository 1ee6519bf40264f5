"""Whatever an interface teaches: each format writes a line that breaks no rule, or says why not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import label_configs
from sync.dataset.examples.from_record import MAKERS, examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings.export import ExportSection
from sync.training_files.formats import FORMATS, Unsuitable
from tests.label_configs.records import RECORDS, task_data
from tests.sync.builders import record


@pytest.mark.parametrize("name", label_configs.INTERFACES)
@given(data=st.data())
@settings(max_examples=15)
def test_what_is_written_breaks_no_rule(name: str, data: st.DataObject) -> None:
    interface = label_configs.load(name)
    own, draft = (data.draw(RECORDS[name]) for _ in range(2))
    own = interface.decode(interface.encode(own))
    task = replace(record(), data=task_data(interface, draft), record=own, draft=draft)
    reasoning: Any = data.draw(st.sampled_from(["none", "think", "reasoning_content"]))
    layout = PromptLayout(ExportSection(reasoning=reasoning))
    for kind in MAKERS:
        for example in examples(kind, task, interface, layout):
            for form in FORMATS.values():
                if form.takes is kind:
                    _check(form.name, example)


def _check(name: str, example: Any) -> None:
    try:
        line = FORMATS[name].encode(example)
    except Unsuitable:
        return
    broken = {f.rule for f in FORMATS[name].check(line) if f.severity == "error"}
    # what somebody typed as arguments, for which an export leaves the line out
    assert broken <= {"tool_arguments"}
