"""Axolotl's configuration of a release's files: one YAML a way of training.

Keys: Axolotl 0.19.0, `utils/schemas/datasets.py`, after its `validate_config`, which takes keys
away that a way of training does not know. A run trains in one way, so answers, preferences, good
and bad answers, and steps have files of their own; each lacks the model and how long to train. What
stands in them, each format says.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.dataset.release.companions.yaml_text import to_yaml
from sync.settings.card import CardSection
from sync.training_files.formats import FORMATS
from sync.training_files.formats.format import AxolotlEntry
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

_HEAD = """\
# For Axolotl. Run it in this folder, and add base_model and how to train.
"""
_TEST = "# The test split is for the comparison of trained models: it is not trained on.\n"


def axolotl(summary: ReleaseSummary, card: CardSection) -> dict[str, str]:
    """One YAML for each way of training that the release has files for."""
    there = {file.format for file in summary.files if file.lines}
    # several formats hold the same work: the first that is there is taken, since both together
    # would be learnt twice
    ways: dict[str, dict[str, AxolotlEntry]] = {}
    for form in FORMATS.values():
        if form.axolotl is not None:
            way = ways.setdefault(form.axolotl.file, {})
            if form.name in there:
                way[form.name] = form.axolotl
    texts = {file: _text(summary, formats) for file, formats in ways.items() if formats}
    return {name: text for name, text in texts.items() if text}


def _text(summary: ReleaseSummary, formats: Mapping[str, AxolotlEntry]) -> str:
    """The YAML of one way of training; "" where there is nothing to train on."""
    name, *others = formats
    how = formats[name]
    files = [file for file in summary.files if file.format == name and file.lines]
    run = {**how.run, "datasets": list(_entries(files, (None, "train"), how.dataset))}
    if not run["datasets"]:
        return ""
    validation = list(_entries(files, ("validation",), how.dataset))
    if validation:
        run["test_datasets"] = validation
    notes = "".join(
        f"# {other} holds the same conversations: take one of them only.\n" for other in others
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
