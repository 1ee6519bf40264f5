"""Pictures, videos and sounds of LLaMA-Factory's rows: as many as there are places for them.

A text says where one stands by `<image>`, `<video>` or `<audio>`, and a column lists the files. As
`data/mm_plugin.py` counts them, the two must be equal; it then looks for the files beside
`dataset_info.json`, unless `media_dir` names another folder.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sync.common.json_text import Json
from sync.training_files.formats.format import Fault

_PLACES = {"images": "<image>", "videos": "<video>", "audios": "<audio>"}
_MOST_KNOWN = 100_000  # files that are remembered to be there


def media_faults(
    columns: Mapping[str, str], folder: Path
) -> Callable[[Json, Json], Iterator[Fault]]:
    """The rules of a data set's media, for a row and what it is in its format.

    Args:
        columns: the row's names for `images`, `videos` and `audios`, as far as it has them.
        folder: where files are that have no folder of their own.
    """
    known: dict[str, bool] = {}

    def is_there(name: str) -> bool:
        if name not in known and len(known) < _MOST_KNOWN:
            known[name] = (folder / name).is_file()
        return known.get(name, True)

    def faults(row: Json, line: Json) -> Iterator[Fault]:
        said = list(_texts(line))
        for kind in columns:
            place = _PLACES[kind]
            listed = _listed(row.get(columns[kind]))
            if listed is None:
                yield Fault(kind, f"{columns[kind]} must be a list of files")
                continue
            places = sum(text.count(place) for text in said)
            if places != len(listed):
                yield Fault(
                    kind,
                    f"{len(listed)} in {columns[kind]} and {places} times {place} in the turns; "
                    "LLaMA-Factory stops where they differ",
                )
            missing = sum(isinstance(name, str) and not is_there(name) for name in listed)
            if missing:
                yield Fault(
                    f"{kind}-files",
                    f"{missing} of {len(listed)} files in {columns[kind]} "
                    f"{'is' if missing == 1 else 'are'} not beside dataset_info.json; put "
                    f"{'it' if missing == 1 else 'them'} there, or set media_dir",
                    "warning",
                )

    return faults


def _listed(value: Any) -> list[Any] | None:
    """The files of a row: none, one, or a list; None where it is something else."""
    if value is None:
        return []
    if isinstance(value, str | dict):
        return [value]
    return value if isinstance(value, list) else None  # of a video's frames, a list each


def _texts(line: Json) -> Iterator[str]:
    """What the turns of a row say, in the names of its format."""
    turns = line.get("conversations")
    said = [*(turns if isinstance(turns, list) else ()), line.get("chosen"), line.get("rejected")]
    found = [turn.get("value") for turn in said if isinstance(turn, dict)]
    found += [line.get(key) for key in ("instruction", "input", "output", "text")]
    return (text for text in found if isinstance(text, str))
