"""What a dataset card tells people: what is in it, how it came about, and how to load it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sync.common.wording import counted
from sync.dataset.release.companions.axolotl import axolotl
from sync.dataset.release.companions.card_splits import splits
from sync.dataset.release.companions.llama_factory import llama_factory
from sync.settings.card import CardSection
from sync.training_files.formats import FORMATS, Format
from sync.training_files.manifest.contents import ReleaseSummary, WrittenFile

_COUNTS = {
    "exported": "in this release",
    "rejected": "rejected: the expert found the draft no use and wrote no other answer",
    "rejected_by_review": "rejected by review",
    "incomplete": "incomplete: finished and not rejected, but the answer is empty",
    "nothing_kept": "with nothing kept: finished, but the expert chose none of it",
    "untaught": "accepted, but hold nothing for these formats",
    "dropped": "left out, since they are tied to a task of another split",
    "unsplit": "finished after the last split",
    "surplus": "left out by balancing",
    "skipped": "skipped",
    "unlabeled": "not looked at yet",
    "unsettled": "with several annotations, none of which counts",
    "unreadable": "with an annotation that can't be read",
}
# an example of the card is cut to so many characters a text
_SHOWN = 300
_LABELS = 20


def title(summary: ReleaseSummary, card: CardSection) -> str:
    """What the data set is called."""
    return card.pretty_name or summary.project


def body(summary: ReleaseSummary, card: CardSection) -> str:
    """The card below its front matter, as Markdown."""
    parts = [
        f"# {_line(title(summary, card))}",
        card.description.strip(),
        "Written by experts in Label Studio and exported by LabelTune. Every line stands in "
        "`lineage.jsonl` with the task, the annotation and the draft that it came from; "
        "`manifest.json` holds all counts and the hash of every file.",
        "## What it holds",
        _formats(summary.files),
        *_example(summary),
        "## Where it comes from",
        *_origin(summary),
        "## Splits",
        *splits(summary),
        "## Limits",
        _bullets(_limits(summary, licensed=card.license is not None)),
        "## How to load it",
        *_loading(summary, card),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _formats(files: Sequence[WrittenFile]) -> str:
    rows = []
    for name in dict.fromkeys(file.format for file in files):
        counts = {file.split or "train": file.lines for file in files if file.format == name}
        what = FORMATS[name].summary
        splits = (str(counts.get(split, 0)) for split in ("train", "validation", "test"))
        rows.append((f"`{name}`", what, *splits))
    return (
        "One annotation stands in every format that can say it; each format is a configuration.\n\n"
        + _table(("format", "for", "train", "validation", "test"), rows)
    )


def _example(summary: ReleaseSummary) -> Iterator[str]:
    """The first line of the first file, its texts cut."""
    for file in summary.files:
        if file.file in summary.sample:
            text = json.dumps(_cut(summary.sample[file.file]), ensure_ascii=False, indent=1)
            # a fence that is longer than any in the text
            fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", text) or [""]))
            yield f"A line of `{file.file}`, its texts cut:\n\n{fence}json\n{text}\n{fence}"
            return


def _origin(summary: ReleaseSummary) -> Iterator[str]:
    yield f"The project {_line(summary.project)!r}, interface `{summary.interface}`. Its tasks:"
    yield _table(
        ("tasks", ""),
        [(str(n), _COUNTS.get(what, what)) for what, n in summary.counts.items() if n],
    )
    yield from _drafts(summary.drafts)
    if summary.balance:
        had, got = summary.balance.get("had"), summary.balance.get("got")
        yield (
            f"Balanced ({summary.balance.get('mode')}, {summary.balance.get('weighting')}) over "
            f"{', '.join(map(str, summary.balance.get('dimensions', ())))}: "
            f"{counted(had or 0, 'example')} became {got}."
        )
    for kind, labels in summary.categories.items():
        shown = sorted(labels.items(), key=lambda item: (-item[1], item[0]))
        more = f"; and {len(shown) - _LABELS} more" if len(shown) > _LABELS else ""
        told = ", ".join(f"{_line(label)} {count}" for label, count in shown[:_LABELS])
        if told:
            yield f"By {_line(kind)}: {told}{more}."


def _drafts(drafts: Mapping[str, Any]) -> Iterator[str]:
    from sync.records.draft_use import DraftUse, told_outcomes

    if not drafts:
        return
    use = DraftUse(**drafts)
    if told := told_outcomes(use.outcomes, use.median_changed):
        said = (
            "Experts were given drafts, by a model or, where `lineage.jsonl` says `draft_from`, by "
            f"the source. What experts said of the drafts in this release: {told}."
        )
        yield said + "".join(f" {note}." for note in use.notes())


def _limits(summary: ReleaseSummary, *, licensed: bool) -> Iterator[str]:
    """Each limit as a sentence."""
    yield (
        "The answers are what these experts accepted at that time; nothing here says that they are "
        "right elsewhere or later."
    )
    drafted = (summary.drafts.get("outcomes") or {}).keys() - {"no draft"}
    if any(summary.drafts["outcomes"][what] for what in drafted):
        yield (
            "Experts saw a draft before they wrote, so the wording leans towards its author's: a "
            "model's, or the source's."
        )
    yield from (form.limit_note for form in _formats_of(summary) if form.limit_note)
    for name, reasons in _left_out(summary).items():
        for reason, count in sorted(reasons.items()):
            yield f"`{name}` lacks {count}: {reason}."
    for each in summary.unlisted:
        if each.label is not None:
            yield (
                f"The label {each.label!r} of {each.kind} stands in {each.annotations} annotations "
                "and is none that the project lists."
            )
    if not licensed:
        yield "No licence is named, so none is given: ask the owner before you use it."


def _left_out(summary: ReleaseSummary) -> dict[str, Counter[str]]:
    """What formats can't say: examples by format and reason, over all splits."""
    found: dict[str, Counter[str]] = {}
    for file in summary.files:
        if file.left_out:
            found.setdefault(file.format, Counter()).update(file.left_out)
    return found


def _formats_of(summary: ReleaseSummary) -> list[Format]:
    """The formats of a release's files, each once."""
    return [FORMATS[name] for name in dict.fromkeys(file.format for file in summary.files)]


def _loading(summary: ReleaseSummary, card: CardSection) -> Iterator[str]:
    names = list(dict.fromkeys(file.format for file in summary.files if file.lines))
    if not names:
        return
    yield (
        "```python\nfrom datasets import load_dataset\n\n"
        f'data = load_dataset("path/to/this/folder", "{names[0]}")\n```'
    )
    notes = []
    if llama_factory(summary, card):
        notes.append(
            "LLaMA-Factory: `dataset_dir` is this folder, `dataset` a name of `dataset_info.json`."
        )
    notes += [FORMATS[name].loading_note for name in names if FORMATS[name].loading_note]
    notes += [
        f"Axolotl: add `base_model` to `{name}` and run it in this folder."
        for name in axolotl(summary, card)
    ]
    yield _bullets(notes)


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _SHOWN else f"{value[:_SHOWN]}…"
    if isinstance(value, Mapping):
        return {key: _cut(inner) for key, inner in value.items()}
    return [_cut(inner) for inner in value] if isinstance(value, list | tuple) else value


def _line(text: str) -> str:
    """Text on one line, without what Markdown would read as a table's bar."""
    return " ".join(text.split()).replace("|", "\\|")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _bullets(texts: Iterable[str]) -> str:
    return "\n".join(f"- {text}" for text in texts)
