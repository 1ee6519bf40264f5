"""Hypothesis strategies and one worked example for the record of every registered interface.

A new interface adds a module to `strategies/`; every test then covers it.
"""

from importlib import import_module
from typing import Any

from hypothesis import strategies as st

import label_configs
from tests.label_configs.strategies.common import texts

TASK = {
    "messages": [{"role": "user", "content": "My card was declined."}],
    "context": {"tier": "gold"},
}

replies = texts.filter(lambda text: text.strip())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


# what other people's controls leave behind; the last four only look like rows of a Repeater
foreign_names = st.sampled_from(
    ["comment", "fix", "ok_", "", "Response", "fix_07", "ok_٣", "kind_-1", "fix_1000"]
)
foreign_items = st.lists(
    st.fixed_dictionaries(
        {"from_name": foreign_names},
        optional={"id": texts, "to_name": texts, "type": texts, "value": json_values},
    ),
    max_size=3,
).map(tuple)

_STRATEGIES = {
    name: import_module(f"tests.label_configs.strategies.{name}")
    for name in label_configs.INTERFACES
}
RECORDS: dict[str, st.SearchStrategy[Any]] = {n: m.RECORDS for n, m in _STRATEGIES.items()}
EXAMPLES: dict[str, Any] = {n: m.EXAMPLE for n, m in _STRATEGIES.items()}


def task_of(name: str) -> dict[str, Any]:
    """A task of an interface that any of its `RECORDS` fits; the strategies' own, or `TASK`."""
    found: dict[str, Any] = getattr(_STRATEGIES[name], "TASK", TASK)
    return found


def task_data(interface: label_configs.Interface[Any], record: Any) -> dict[str, Any]:
    """A task's data as it is once this draft can be shown."""
    return {**interface.complete_task(task_of(interface.name)), **interface.task_patch(record)}
