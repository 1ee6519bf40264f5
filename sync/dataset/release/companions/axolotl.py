"""Axolotl's configuration of a release's files: one YAML a way of training.

Keys: Axolotl 0.19.0, `utils/schemas/datasets.py`, after its `validate_config`, which takes keys
away that a way of training does not know. A run trains in one way, so answers, preferences, good
and bad answers, and steps have files of their own; each lacks the model and how long to train.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sync.dataset.release.companions.yaml_text import to_yaml
from sync.settings.card import CardSection
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

_SHAREGPT = {
    "field_messages": "conversations",
    "message_property_mappings": {"role": "from", "content": "value"},
    "roles": {
        "system": ["system"],
        "user": ["human"],
        "assistant": ["gpt", "function_call"],
        "tool": ["observation"],
    },
}
# Rows go to TRL's trainer as they are. Axolotl's own ways to prepare preferences know no names but
# role and content, and fail where the prompt is a column of messages called `prompt`.
_AS_IT_IS = {"skip_prepare_dataset": True}
# Several formats hold the same conversations: the first that is there is taken, since both
# together would be learnt twice. The file's name, what the run needs, and formats by preference.
_RUNS: tuple[tuple[str, Mapping[str, Any], Mapping[str, Mapping[str, Any]]], ...] = (
    (
        "axolotl.yaml",
        {},
        {
            "openai-chat": {
                "type": "chat_template",
                "field_messages": "messages",
                "field_tools": "tools",
                "roles_to_train": ["assistant"],
                # a turn's own weight, 0 or 1, goes before the roles
                "message_field_training": "weight",
            },
            "trl-language-modeling": {
                "type": "chat_template",
                "field_messages": "messages",
                "field_tools": "tools",
                "roles_to_train": ["assistant"],
            },
            "sharegpt": {
                "type": "chat_template",
                "field_tools": "tools",
                "roles_to_train": ["assistant"],
                **_SHAREGPT,
            },
        },
    ),
    ("axolotl-preference.yaml", {"rl": "dpo", **_AS_IT_IS}, {"trl-preference": {}}),
    ("axolotl-kto.yaml", {"rl": "kto", **_AS_IT_IS}, {"trl-unpaired-preference": {}}),
    (
        "axolotl-stepwise.yaml",
        {"process_reward_model": True},
        {"trl-stepwise": {"type": "stepwise_supervised"}},
    ),
)
_HEAD = """\
# For Axolotl. Run it in this folder, and add base_model and how to train.
"""
_TEST = "# The test split is for the comparison of trained models: it is not trained on.\n"


def axolotl(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
    """One YAML for each way of training that the release has files for."""
    texts = {name: _text(summary, extra, formats) for name, extra, formats in _RUNS}
    return {name: text for name, text in texts.items() if text}


def _text(
    summary: ReleaseSummary, extra: Mapping[str, Any], formats: Mapping[str, Mapping[str, Any]]
) -> str:
    there = {file.format for file in summary.files if file.lines}
    names = [name for name in formats if name in there]
    if not names:
        return ""
    files = [file for file in summary.files if file.format == names[0] and file.lines]
    run = {**extra, "datasets": list(_entries(files, (None, "train"), formats[names[0]]))}
    if not run["datasets"]:
        return ""
    validation = list(_entries(files, ("validation",), formats[names[0]]))
    if validation:
        run["test_datasets"] = validation
    notes = "".join(
        f"# {name} holds the same conversations: take one of them only.\n" for name in names[1:]
    )
    test = _TEST if any(file.split == "test" for file in files) else ""
    return _HEAD + notes + test + to_yaml(run)


def _entries(
    files: list[WrittenFile], splits: tuple[str | None, ...], how: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for file in files:
        if file.split in splits:
            # Axolotl calls the rows of any single file "train"
            yield {"path": file.file, "split": "train", **how}
