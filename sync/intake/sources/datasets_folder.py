"""Hugging Face `datasets` on disk: saved by `save_to_disk`, or shards of Parquet as on the hub."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from connectors.extras import require
from sync.common.errors import SourceError
from sync.intake.sources.columns import check_columns
from sync.intake.sources.row import BATCH, BrokenRow, Row, arrow_rows
from sync.settings.sources import SourcesSection

ALL = "all"


def is_saved(folder: Path) -> bool:
    """Whether `Dataset.save_to_disk` or `DatasetDict.save_to_disk` wrote this folder."""
    return (folder / "dataset_dict.json").is_file() or (
        (folder / "dataset_info.json").is_file() and (folder / "state.json").is_file()
    )


def holds_shards(folder: Path) -> bool:
    """Whether Parquet files lie in this folder or in its `data` folder."""
    return any(
        path.is_file() and not path.name.startswith(".")
        for pattern in ("*.parquet", "data/*.parquet")
        for path in folder.glob(pattern)
    )


def rows(folder: Path, settings: SourcesSection, notes: list[str]) -> Iterator[Row | BrokenRow]:
    """The rows of the split that the settings choose, or of the only one.

    Raises:
        SourceError: several splits and none chosen, or a folder that `datasets` can't read.
    """
    splits = _load(folder)
    chosen = list(splits) if settings.split == ALL else [_choose(folder, splits, settings.split)]
    for split in chosen:
        where = f"{folder}, split {split}" if len(splits) > 1 else str(folder)
        dataset = splits[split]
        if dataset.column_names:
            check_columns(dataset.column_names, settings, where, lists=True)
        yield from arrow_rows(dataset.with_format("arrow").iter(batch_size=BATCH), where)


def _choose(folder: Path, splits: dict[str, Any], wanted: str | None) -> str:
    held = ", ".join(splits)
    if wanted is None and len(splits) == 1:
        return next(iter(splits))
    if wanted is None:
        raise SourceError(
            f"{folder}: holds the splits {held}; choose one with sources.split in "
            f'labeltune.toml, or "{ALL}"'
        )
    if wanted not in splits:
        raise SourceError(
            f"{folder}: no split {wanted!r} (found {held}); correct sources.split in labeltune.toml"
        )
    return wanted


def _load(folder: Path) -> dict[str, Any]:
    """Split -> dataset; nothing is read into memory, nothing is fetched."""
    require("datasets", f"{folder}: a dataset of Hugging Face")
    import datasets
    from datasets.exceptions import DatasetsError

    try:
        if is_saved(folder):
            saved = datasets.load_from_disk(str(folder))
            is_dict = isinstance(saved, datasets.DatasetDict)
            return dict(saved) if is_dict else {str(saved.split or "train"): saved}
        return dict(datasets.load_dataset("parquet", data_dir=str(folder), streaming=True))
    except (DatasetsError, ValueError, OSError, KeyError) as error:
        said = (str(error).splitlines() or [type(error).__name__])[0]
        raise SourceError(f"{folder}: the dataset can't be read ({said})") from error
