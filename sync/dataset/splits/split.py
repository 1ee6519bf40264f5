"""Divide a project's finished work into splits; an item keeps its split for ever."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from connectors.embedding import load_encoder
from sync.common.errors import SyncError
from sync.common.json_text import Json
from sync.common.terminal import ShowProgress
from sync.compute.embedding import LoadEncoder
from sync.compute.vector_cache import VECTORS, fingerprint
from sync.dataset.splits.assign import assign
from sync.dataset.splits.prompt_vectors import prompt_vectors
from sync.dataset.splits.split_items import SplitItem, digest_of, items_of
from sync.dataset.splits.stored_splits import (
    ANEW,
    StoredSplit,
    known_to,
    newest_of,
    read_index,
    read_named,
    text_of,
    write_split,
)
from sync.records.pulled_work import PulledWork, open_pulled_work
from sync.records.record import LabelledRecord
from sync.records.states import STATES, State, WorkCounts, state_of
from sync.settings import Config
from sync.settings.split import SplitSection
from sync.table.data_folder import DataFolder, data_folder
from sync.table.snapshot import Snapshot

# of the way in which items are shared out: another one gives other splits of the same inputs
METHOD = 1


@dataclass(frozen=True)
class Made:
    """A split.

    Attributes:
        is_new: false where the same was there already.
        past: it is of a version that was asked for by name.
        work: how many tasks of the project are in each state.
    """

    split: StoredSplit
    is_new: bool
    past: bool
    work: WorkCounts


def split(
    config: Config,
    progress: ShowProgress = lambda done, total: None,
    load: LoadEncoder = load_encoder,
    at: int | datetime | None = None,
    *,
    dry_run: bool = False,
    anew: bool = False,
) -> Made:
    """Split a version of the table, on top of what was split before.

    Args:
        progress: called with texts embedded and texts to embed.
        at: a version of the table, or a time; by default the newest.
        dry_run: write nothing.
        anew: build on no earlier split, and no later one builds on those: items may move from
            train to test. The manifest says so. Of the newest version only.

    Raises:
        SyncError: nothing was pulled or finished, an earlier split is damaged, or the folder
            can't be written.
        EmbeddingError: the embedding model can't be loaded.
    """
    folder = data_folder(config)
    with folder.only_one("split"):
        finished = open_pulled_work(config, at)
        snapshot = finished.snapshot
        items, work = finished_items(finished, config.split)
        basis = _Basis(config, snapshot, items)
        names = read_index(folder)
        same = None if anew else _same(folder, names, basis, items)
        if same is not None:
            return Made(same, is_new=False, past=snapshot.past, work=work)
        known = [] if anew else _known(folder, snapshot.table_version)
        cache = folder.on_this_machine(VECTORS)
        texts = None
        if config.split.near_duplicates is not False:
            texts = prompt_vectors(items, config.embedding.model, cache, load, progress)
        lines, manifest = assign(config.split, items, texts, known)
        known_names = [one.name for one in known]
        aside = names if anew else []
        name = basis.name(known_names, aside)
        text = text_of(lines)
        manifest = {
            "name": name,
            **basis.stated(known_names, aside),
            **manifest,
            "file": f"{name}.jsonl",
            "sha256": sha256(text.encode()).hexdigest(),
        }
        if not dry_run:
            write_split(folder, name, text, manifest)
        made = StoredSplit(name, lines, manifest)
        return Made(made, is_new=True, past=snapshot.past, work=work)


def finished_items(
    finished: PulledWork, settings: SplitSection
) -> tuple[list[SplitItem], WorkCounts]:
    """The finished tasks, accepted and rejected ones, and tasks by state.

    Raises:
        SyncError: none is finished, or one has no time.
    """
    states: Counter[State | None] = Counter()

    def records() -> Iterator[LabelledRecord]:
        """Records alone, so that no more than their items stay in memory."""
        for one in finished.outcomes():
            states[state_of(one, finished.interface)] += 1
            if isinstance(one, LabelledRecord):
                yield one

    items = items_of(records(), settings)
    if not items:
        project = finished.config.label_studio.project
        raise SyncError(
            f"nothing to split: no task of {project!r} is finished and "
            "readable; finish some in Label Studio, then `labeltune pull`"
        )
    return items, WorkCounts(**{state: states[state] for state in STATES})


class _Basis:
    """All that a split is made of; the same gives the same bytes, wherever and whenever."""

    def __init__(self, config: Config, snapshot: Snapshot, items: Sequence[SplitItem]) -> None:
        on = config.split.near_duplicates is not False
        self.table_version = snapshot.table_version
        self._facts: Json = {
            "method": METHOD,
            "project": config.label_studio.project,
            "project_id": snapshot.project_id,
            "table_version": snapshot.table_version,
            "settings": config.split.model_dump(mode="json"),
            "model": fingerprint(config.embedding.model) if on else None,
            "items_sha256": digest_of(items),
        }

    def stated(self, known: Sequence[str], aside: Sequence[str] = ()) -> Json:
        """As the manifest has it.

        Args:
            known: splits whose homes were taken over.
            aside: splits that count no more, since this one was made anew.
        """
        made = {**self._facts, "known": list(known)}
        return made | {ANEW: list(aside)} if aside else made

    def agrees(self, manifest: Json) -> bool:
        """Whether a split was made of the same, at whatever version of the table."""
        return all(
            manifest.get(name) == fact
            for name, fact in self._facts.items()
            if name != "table_version"
        )

    def name(self, known: Sequence[str], aside: Sequence[str] = ()) -> str:
        """The split's name; those of the known ones stand for what they hold."""
        whole = json.dumps(self.stated(known, aside), sort_keys=True)
        return f"v{self.table_version}-{sha256(whole.encode()).hexdigest()[:8]}"


def _known(folder: DataFolder, table_version: int) -> list[StoredSplit]:
    """The split that a new one builds on, then others that have a say in where items belong."""
    names = known_to(folder)
    previous = newest_of(names, table_version)
    # whatever was made after it, of whichever version, says where items belong, too
    later = names if previous is None else names[names.index(previous) + 1 :]
    return [read_named(folder, name) for name in ([previous] if previous else []) + later]


def _same(
    folder: DataFolder, names: Sequence[str], basis: _Basis, items: Sequence[SplitItem]
) -> StoredSplit | None:
    """The newest split, if it is of the same items and settings.

    It may be of an earlier version of the table: what changed since is of other projects, or of
    tasks that are not finished. One from before it was looked whether the model can read the texts
    is not the same, unless all are ASCII.
    """
    newest_name = newest_of(names, basis.table_version)
    found = None if newest_name is None else read_named(folder, newest_name)
    if found is None or not basis.agrees(found.manifest()):
        return None
    looked = "reading" in found.manifest() or all(item.text.isascii() for item in items)
    return found if looked else None
