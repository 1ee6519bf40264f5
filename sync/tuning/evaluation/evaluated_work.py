"""What an evaluation is about: models, a release, its held-out items, and that none leaked."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from label_configs import Interface
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.compute.embedding import LoadEncoder
from sync.quality.judge.connect import sampled
from sync.records import LabelledRecord
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.table.data_folder import DataFolder, data_folder
from sync.training_files.manifest.find_release import opened
from sync.training_files.manifest.lineage import Traced, read_lineage
from sync.training_files.manifest.manifest import release_name
from sync.training_files.manifest.stored_release import StoredRelease
from sync.tuning.evaluation.arms.arm import TUNED
from sync.tuning.evaluation.held_out import (
    HeldOutItems,
    file_of_test_split,
    held_out,
    held_out_lines,
    read_lines,
)
from sync.tuning.evaluation.learnt_items import learnt_items, refuse_learnt
from sync.tuning.evaluation.split_proof import ProvenSplit, proven_split
from sync.tuning.models.model_entry import ModelEntry
from sync.tuning.models.model_folder import find_entry, known_models

NEWEST = "latest"
_TRAIN = "train"


@dataclass(frozen=True)
class EvaluatedWork:
    """The held-out items of a release and the models that are judged by them.

    Attributes:
        entries: models that were tuned here; none that is asked has learned any of the items.
        where: the release, as people read it.
        train: the finished tasks of the train split, by which a full prompt shows examples.
        project_id: of Label Studio.
        learnt: by the name of a model that is asked, the keys of what it learned.
    """

    config: Config
    folder: DataFolder
    interface: Interface[Any]
    entries: tuple[ModelEntry, ...]
    release: StoredRelease
    where: str
    proof: ProvenSplit
    held: HeldOutItems
    train: tuple[LabelledRecord, ...]
    project_id: int
    learnt: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def release_name(self) -> str:
        """As its folder is called among others."""
        return release_name(self.release.manifest)


def chosen_entries(folder: DataFolder, names: Sequence[str]) -> tuple[ModelEntry, ...]:
    """The models of these names; without any, the newest, where there is one.

    Raises:
        SyncError: there is none of a name.
    """
    if names:
        return tuple(find_entry(folder, name) for name in dict.fromkeys(names))
    return known_models(folder).entries[-1:]


@contextmanager
def evaluated_work(
    config: Config,
    models: Sequence[str],
    release: str | None,
    load: LoadEncoder,
    progress: ShowProgress,
    arms: Sequence[str] = (),
) -> Iterator[EvaluatedWork]:
    """Open a release and see that it can judge the models.

    Args:
        models: names; none: the newest.
        release: a name, `latest` or a folder; None: the one that the first model learned.
        arms: that are asked; none: all. A model that is not asked is not judged.

    Raises:
        SyncError: there is no such release or model, nothing is held out, the proof of the split
            does not hold, or a model learned a test item.
        EmbeddingError: the embedding model can't be loaded.
    """
    folder = data_folder(config)
    entries = chosen_entries(folder, models)
    name = release or (entries[0].release.name if entries else NEWEST)

    def opening(name: str) -> AbstractContextManager[tuple[str, StoredRelease]]:
        return opened(name, lambda: folder)

    @cache
    def records(version: int) -> Mapping[str, LabelledRecord]:
        outcomes = open_pulled_work(config, version).outcomes()
        return {each.key: each for each in outcomes if isinstance(each, LabelledRecord)}

    with opening(name) as (where, stored):
        if damage := stored.damage():
            raise SyncError(
                f"{where}: {', '.join(damage[:3])} changed since the export; export it again"
            )
        form = entries[0].release.format if entries else None
        _, file = file_of_test_split(stored, where, form)
        proof = proven_split(config, folder, stored, where, load, progress)
        work = open_pulled_work(config, stored.table_version)
        lines = read_lines(stored.folder / file, held_out_lines(stored, file))
        known = records(stored.table_version)
        held = held_out(lines, known, work.interface, proof.groups.get)
        if not held.items:
            raise SyncError(f"{where}: no item of its test split can be asked; see {file}")
        judged = (entry for entry in entries if not arms or f"{TUNED}{entry.name}" in arms)
        learnt: dict[str, frozenset[str]] = {}
        for entry in judged:
            known_to = learnt_items(entry, opening, records)
            refuse_learnt(entry.name, known_to, held.items)
            learnt[entry.name] = known_to.keys
        some = sampled(range(len(held.items)), config.evaluate.items)
        yield EvaluatedWork(
            config,
            folder,
            work.interface,
            entries,
            stored,
            where,
            proof,
            HeldOutItems(tuple(held.items[i] for i in some), held.left_out),
            tuple(_of_train(stored, known)),
            work.snapshot.project_id,
            learnt,
        )


def _of_train(
    release: StoredRelease, records: Mapping[str, LabelledRecord]
) -> Iterator[LabelledRecord]:
    """The finished tasks that a release teaches."""
    for entry in read_lineage(release.folder):
        if isinstance(entry, Traced) and entry.split == _TRAIN and entry.key in records:
            yield records[entry.key]
