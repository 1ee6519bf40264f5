"""How much of what is wrong `labeltune check` finds, how often it is wrong itself, and its speed.

Faults are planted in real answers and in written ones, beside plain cleanlab and simple baselines
in the same run; nothing that is reported was used to write a check. Each part can be run alone
(`--only`):

- labels: BANKING77 with a tenth of the labels moved to the class most alike: recall, precision,
  AUPRC and run time beside plain cleanlab, nearest neighbours and chance;
- agreement: Krippendorff's alpha of PubMedQA's two decisions an item;
- texts: 200 faults of each kind in answers to medical, bank, legal and support questions: recall,
  and precision against their clean twins and against answers with other faults;
- false_alarms: what each text check says of clean PubMedQA and MedQuAD answers;
- sets: faults that show only beside other tasks: contradictions, unequal answers, outliers;
- speed: a whole check of 10,000 finished tasks, embedded already; again; and after 1 % changed
  (`--large` measures 100,000 as well).

Vectors of real questions and answers are kept in `--cache`. `--develop` shows the other half of the
planted faults with examples of what was missed, which may be looked at to improve a check.

    python benchmarks/quality.py
    python benchmarks/quality.py --only texts --develop
"""

import argparse
import functools
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # this folder has a sync.py of its own

import numpy as np

from benchmarks.quality_measured import (
    agreement,
    labels,
    made_up,
    set_faults,
    speed,
    tables,
    text_faults,
)
from benchmarks.quality_measured.cases import Half
from benchmarks.quality_measured.kept_vectors import Remembering
from benchmarks.quality_measured.scenes.real import whole
from benchmarks.ranked.made_up import CharacterEncoder
from connectors.embedding import Encoder, load_encoder
from connectors.reading import Embeddings, Reading, read
from sync.stack.folders import cache_dir

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
TASKS, LARGE, FEW = 10_000, 100_000, 60
_BLOCK = 512


@dataclass(frozen=True)
class Material:
    """What the parts measure.

    Attributes:
        data: the folder of real data; README.md there says where it is from.
        cache: the folder of vectors.
        half: of the planted faults.
        number: of faults a kind.
    """

    data: Path
    cache: Path
    half: Half = "reported"
    quick: bool = False
    large: bool = False
    number: int = text_faults.PLANTED
    encoder: Callable[[str], Encoder] = field(default=load_encoder)

    def remembered(self, name: str) -> Remembering:
        """An encoder that keeps what it has read."""
        return Remembering(name, self.encoder, self.cache)

    @functools.cached_property
    def _by_meaning(self) -> Remembering:
        return self.remembered("all-MiniLM-L6-v2")

    def read(self, texts: Sequence[str]) -> Reading:
        """Texts as the checks compare them by meaning."""
        return read(self._by_meaning, [*texts])

    def embedded(self, texts: Sequence[str]) -> Embeddings:
        """(n, dim): computed once, then kept."""
        key = hashlib.sha256("\0".join([str(self.quick), *texts]).encode()).hexdigest()[:16]
        kept = self.cache / f"texts-{key}.npy"
        if not kept.exists():
            self.cache.mkdir(parents=True, exist_ok=True)
            encoder = self.encoder("all-MiniLM-L6-v2")
            starts = range(0, len(texts), _BLOCK)
            rows = [encoder.encode([*texts[start : start + _BLOCK]]) for start in starts]
            np.save(kept, np.concatenate(rows))
        vectors: Embeddings = np.load(kept)
        return vectors


def labels_part(material: Material) -> dict[str, Any]:
    """Label errors beside other methods'."""
    seeds = 1 if material.quick else labels.SEEDS
    return labels.measured(material.data, material.embedded, seeds)


def agreement_part(material: Material) -> dict[str, Any]:
    """Alpha of real decisions."""
    return agreement.measured(material.data)


def texts_part(material: Material) -> dict[str, Any]:
    """Recall and precision of text checks."""
    return text_faults.measured(material.data, material.half, material.read, material.number)


def false_alarms_part(material: Material) -> dict[str, Any]:
    """False alarms in clean answers."""
    return text_faults.false_alarms(material.data, material.read)


def sets_part(material: Material) -> dict[str, Any]:
    """Recall and precision of checks of a whole set."""
    remembered = functools.cache(material.remembered)
    return set_faults.measured(material.data, material.half, remembered, material.number)


def speed_part(material: Material) -> dict[str, Any]:
    """Seconds and memory of whole checks."""
    cases = [case for some in whole(material.data).values() for case in some]
    sizes = [FEW] if material.quick else [TASKS, LARGE] if material.large else [TASKS]
    return {"runs": [speed.measured(cases, size) for size in sizes]}


PARTS: Mapping[str, Callable[[Material], dict[str, Any]]] = {
    "labels": labels_part,
    "agreement": agreement_part,
    "texts": texts_part,
    "false_alarms": false_alarms_part,
    "sets": sets_part,
    "speed": speed_part,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real data")
    parser.add_argument(
        "--cache",
        type=Path,
        default=cache_dir() / "benchmarks" / "quality",
        help="folder of vectors (%(default)s)",
    )
    parser.add_argument("--develop", action="store_true", help="the other half, with examples")
    parser.add_argument("--only", choices=list(PARTS), action="append", help="repeatable")
    parser.add_argument("--large", action="store_true", help=f"speed with {LARGE:,} tasks, too")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="made-up data, in seconds")
    asked = parser.parse_args(arguments)
    if not asked.quick and not asked.data.is_dir():
        print(f"{asked.data}: no such folder, so nothing is measured; --data names it")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        material = _material(asked, Path(folder))
        figures = measure(material, asked.only or list(PARTS))
    if asked.json:
        print(json.dumps(figures))
    else:
        tables.show(figures)
        if asked.develop:
            tables.show_examples(figures)
    return 0


def _material(asked: argparse.Namespace, folder: Path) -> Material:
    half: Half = "dev" if asked.develop else "reported"
    if not asked.quick:
        return Material(asked.data, asked.cache, half, large=asked.large)
    made_up.write_all(folder)
    return Material(folder, folder, half, True, False, 12, lambda name: CharacterEncoder())


def measure(material: Material, parts: Sequence[str]) -> dict[str, Any]:
    """Every figure of some parts, by name; the named ones are None where they can't be told yet."""
    found: dict[str, Any] = {}
    for name in parts:
        print(f"quality: measuring {name}", file=sys.stderr, flush=True)
        found[name] = PARTS[name](material)
    checks = _at(found, "texts", "checks") or {}
    runs = _at(found, "speed", "runs") or [{}]
    return {
        "recall": _at(found, "labels", "methods", "ours", "recall"),
        "precision": _at(found, "labels", "methods", "ours", "precision"),
        "auprc_vs_cleanlab": _at(found, "labels", "auprc_vs_cleanlab"),
        "overhead": _at(found, "labels", "overhead"),
        "seconds_10k": _at(runs[0], "cold", "seconds") if not material.quick else None,
        "peak_mb_10k": _at(runs[0], "cold", "peak_mb") if not material.quick else None,
        "share_after_change": runs[0].get("share_after_change"),
        "text_recall": {name: one["recall"] for name, one in checks.items()},
        "text_precision": {name: one["precision"] for name, one in checks.items()},
        "quick": material.quick,
        **found,
    }


def _at(found: Mapping[str, Any], *path: str) -> Any:
    value: Any = found
    for name in path:
        value = (value or {}).get(name)
    return value


if __name__ == "__main__":
    sys.exit(main())
