"""Whether a stored split is what it says: everything is computed again, from the table alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from connectors.embedding import Encoder, SentenceEncoder, load_encoder
from connectors.reading import Embeddings, sentence
from sync.common.errors import SyncError
from sync.common.terminal import ShowProgress
from sync.common.wording import counted as number_of
from sync.compute.embedding import LoadEncoder
from sync.compute.vector_cache import fingerprint
from sync.dataset.splits.prompt_vectors import prompt_vectors
from sync.dataset.splits.proof import STEP, Closest, closest, ties_across
from sync.dataset.splits.split import finished_items
from sync.dataset.splits.split_items import DROPPED, SPLITS, TEST, TRAIN, SplitItem, digest_of_texts
from sync.dataset.splits.stored_splits import StoredSplit, known_to, read_named, read_split
from sync.records.pulled_work import open_pulled_work
from sync.settings import Config
from sync.settings.split import SplitSection
from sync.table.data_folder import DataFolder, data_folder


@dataclass(frozen=True)
class Verification:
    """What was found.

    Attributes:
        failures: sentences; none: the proof holds.
        closest: as they were computed now.
        unread: texts that were compared by their characters, since the model can't read them.
        told: what else should be known of how texts were compared, as a sentence.
    """

    name: str
    table_version: int
    items: int
    closest: tuple[Closest, ...]
    failures: tuple[str, ...]
    unread: int = 0
    told: str = ""


def verify(
    config: Config,
    progress: ShowProgress = lambda done, total: None,
    load: LoadEncoder = load_encoder,
    at: int | datetime | None = None,
) -> Verification:
    """Compute the proof of the newest split again: no vector is taken from a cache.

    Settings and model are those of the split, whatever the configuration says by now.

    Args:
        at: the newest split at this version or time.

    Raises:
        SyncError: there is no split, its files were changed, or the version of the table that it
            was made of was pruned.
        EmbeddingError: the embedding model can't be loaded.
    """
    folder = data_folder(config)
    asked = open_pulled_work(config, at)
    stored = read_split(folder, asked.snapshot.table_version)
    if stored is None:
        raise SyncError(f"{folder.location('splits')}: nothing split yet; run `labeltune split`")
    manifest = stored.manifest()
    settings = SplitSection.model_validate(manifest["settings"], strict=False)
    items, _ = finished_items(asked, settings)
    if digest_of_texts(items) != manifest["proof"]["texts_sha256"]:
        items, _ = finished_items(open_pulled_work(config, stored.table_version), settings)
    splits = [stored.split_of(item.key) for item in items]
    threshold = settings.near_duplicates
    found: tuple[Closest, ...] = ()
    unread, told = 0, ""
    if threshold is not False:
        looked = manifest.get("reading") is not None
        as_then = load if looked else partial(_unlooked, load)
        texts = prompt_vectors(items, config.embedding.model, None, as_then, progress)
        found = tuple(closest(items, splits, texts))
        unread, told = texts.unread, _told(texts.unread, len(texts.places), manifest)
    failures = [
        *_of_items(items, splits, stored),
        *_of_ties(items, splits),
        *_of_model(config, manifest),
        *(_of_closest(found, manifest["proof"], threshold) if threshold is not False else ()),
        *_of_history(folder, stored),
    ]
    return Verification(
        stored.name, stored.table_version, len(items), found, tuple(failures), unread, told
    )


def _unlooked(load: LoadEncoder, model: str) -> Encoder:
    """The model as it was used before it was looked whether it can read a text."""
    encoder = load(model)
    return _ModelAlone(encoder.model_vectors) if isinstance(encoder, SentenceEncoder) else encoder


@dataclass(frozen=True)
class _ModelAlone:
    encode: Callable[[list[str]], Embeddings]


def _told(unread: int, total: int, manifest: Mapping[str, Any]) -> str:
    if manifest.get("reading") is None:
        return (
            "it was made before it was looked whether the model can read the texts, and was "
            "verified likewise; `labeltune split` looks"
        )
    return sentence(unread, total, manifest["model"]) if unread else ""


def _of_items(
    items: Sequence[SplitItem], splits: Sequence[str | None], stored: StoredSplit
) -> Iterator[str]:
    """Whether it is the same tasks, and each is in one split or dropped."""
    if digest_of_texts(items) != stored.manifest()["proof"]["texts_sha256"]:
        yield "the finished tasks of this version of the table are not those that were split"
    missing = sum(split is None for split in splits)
    if missing:
        yield (
            f"{missing} of {number_of(len(items), 'finished task')} "
            f"{'is' if missing == 1 else 'are'} in no split"
        )
    here = {item.key for item in items}
    stray = sum(line.split is not None and line.key not in here for line in stored.lines)
    if stray:
        yield (
            f"{number_of(stray, 'item')} of the split: no finished "
            f"{'task' if stray == 1 else 'tasks'} of this version of the table"
        )
    stated = {name: stored.manifest()["sizes"][name] for name in (*SPLITS, DROPPED)}
    counted = {name: sum(split == name for split in splits) for name in stated}
    if counted != stated:
        yield f"the manifest states other sizes ({stated}) than there are ({counted})"


def _of_ties(items: Sequence[SplitItem], splits: Sequence[str | None]) -> Iterator[str]:
    across = ties_across(items, splits)
    if across:
        one, other = across[0]
        yield f"ties across splits: {len(across)}, the first of {one} and {other}"


def _of_model(config: Config, manifest: Mapping[str, Any]) -> Iterator[str]:
    stated = manifest["model"]
    if stated is not None and stated != (now := fingerprint(config.embedding.model)):
        yield (
            f"it was made with the embedding model {stated}, and embedding.model is {now} now; "
            "set it back to verify this split"
        )


def _of_closest(
    found: Sequence[Closest], stated: Mapping[str, Any], threshold: float
) -> Iterator[str]:
    """Whether no pair is near, and the closest are those that the manifest names."""
    for pair in found:
        if pair.similarity >= threshold:
            yield (
                f"{' and '.join(pair.keys)} are {pair.similarity} similar, at least the threshold "
                f"of {threshold}, and in {' and '.join(pair.between)}"
            )
    claims = {tuple(claim["between"]): claim for claim in stated["closest"]}
    for pair in found:
        claim = claims.get(pair.between)
        if (
            claim is None
            or abs(claim["similarity"] - pair.similarity) > 1.5 * STEP
            or claim["comparisons"] != pair.comparisons
        ):
            yield (
                f"the closest of {pair.comparisons} pairs across {' and '.join(pair.between)} is "
                f"{pair.similarity} similar, and the manifest states "
                f"{claim and claim['similarity']} of {claim and claim['comparisons']}"
            )


def _of_history(folder: DataFolder, stored: StoredSplit) -> Iterator[str]:
    """Whether nothing is in train here and in test in another split, or the other way round."""
    train = {line.key for line in stored.lines if line.split == TRAIN}
    test = {line.key for line in stored.lines if line.home == TEST}
    for name in known_to(folder, stored.name):
        if name == stored.name:
            continue
        other = read_named(folder, name)
        moved = sum(line.home == TEST and line.key in train for line in other.lines)
        moved += sum(line.split == TRAIN and line.key in test for line in other.lines)
        if moved:
            items = number_of(moved, "item")
            yield f"in train here or in {name}, and in test in the other: {items}"
