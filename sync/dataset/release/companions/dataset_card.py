"""`README.md`: the dataset card of the Hugging Face Hub.

Its front matter lets `datasets.load_dataset(folder, FORMAT)` load every format with its splits;
its text tells people what they have. Keys: the Hub's "Dataset cards" and `datasets`' "Create a
dataset card", as of November 2026. It holds no dates and no paths: equal releases have equal cards.
"""

from collections.abc import Mapping
from typing import Any

from sync.dataset.release.companions.card_text import body, title
from sync.dataset.release.companions.yaml_text import to_yaml
from sync.settings.card import CardSection
from sync.training_files.example import (
    Completion,
    Conversation,
    ExampleKind,
    GradedPrompt,
    Judgement,
    PreferenceExample,
    Steps,
)
from sync.training_files.formats import FORMATS
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

# by the kind of example: the Hub's task, and tags by which it is searched
_TASKS: dict[ExampleKind, tuple[str, tuple[str, ...]]] = {
    Conversation: ("text-generation", ("conversational", "sft")),
    Completion: ("text-generation", ("sft",)),
    PreferenceExample: ("text-generation", ("dpo", "preference")),
    Judgement: ("text-generation", ("kto", "preference")),
    Steps: ("text-classification", ("process-reward-model",)),
    GradedPrompt: ("text-generation", ("reinforcement-fine-tuning",)),
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))


def dataset_card(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
    """`README.md`, whatever the formats."""
    matter = to_yaml(_front_matter(summary, card))
    return {"README.md": f"---\n{matter}---\n\n{body(summary, card)}"}


def _front_matter(summary: ReleaseSummary, card: CardSection) -> dict[str, Any]:
    """The metadata; what nobody said is left away rather than guessed."""
    files = [file for file in summary.files if file.lines]
    by_format: dict[str, list[WrittenFile]] = {}
    for file in files:
        by_format.setdefault(file.format, []).append(file)
    kinds = {FORMATS[name].takes for name in by_format}
    tags = {tag for kind in kinds for tag in _TASKS[kind][1]}
    matter: dict[str, Any] = {"pretty_name": title(summary, card)}
    if card.license:
        matter["license"] = card.license
    if card.language:
        matter["language"] = sorted(set(card.language))
    matter["task_categories"] = sorted({_TASKS[kind][0] for kind in kinds})
    matter["size_categories"] = [_size(by_format)]
    matter["tags"] = sorted({*tags, *card.tags, "labeltune"})
    matter["configs"] = [
        {
            "config_name": name,
            **({"default": True} if not number else {}),
            "data_files": _paths(some),
        }
        for number, (name, some) in enumerate(by_format.items())
    ]
    matter["dataset_info"] = [_info(name, some, summary.sample) for name, some in by_format.items()]
    return matter


def _size(by_format: dict[str, list[WrittenFile]]) -> str:
    """The Hub's name for a number of examples: those of the largest format.

    The same work stands in several formats, so their sum would count it more than once.
    """
    count = max((sum(f.lines for f in files) for files in by_format.values()), default=0)
    return next((name for below, name in _SIZES if count < below), "1M<n<10M")


def _paths(files: list[WrittenFile]) -> list[dict[str, str]]:
    return [{"split": file.split or "train", "path": file.file} for file in files]


def _info(
    name: str, files: list[WrittenFile], sample: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What `datasets` goes by when it loads: columns, and counts, which it checks.

    `num_bytes` are those of the file, since what they take up in memory is the reader's affair.
    """
    total = sum(file.bytes for file in files)
    columns = list(FORMATS[name].columns_of(wide=any(file.wide for file in files)))
    keys = {key for file in files for key in sample.get(file.file, ())}
    if not keys.issubset(column["name"] for column in columns):
        columns = []  # there may be more of them than are known
    return {
        "config_name": name,
        **({"features": columns} if columns else {}),
        "splits": [
            {"name": f.split or "train", "num_bytes": f.bytes, "num_examples": f.lines}
            for f in files
        ],
        "download_size": total,
        "dataset_size": total,
    }
