"""How long near-duplicates take to find, beside scikit-learn's exact search on the same vectors.

Short texts, embedded by the real model; of those that are given, each is varied by phrases around
it until there are enough, so that some are near-duplicates and most are not. Measured in one run,
each in a process of its own:

- every pair, and what each row would be dropped for, with time and peak memory; embedding is timed
  apart;
- scikit-learn's brute-force search by radius, which is exact, too;
- rows that are all the same, of which n² pairs are near;
- agreement of the pairs with all products in float64, on 2,000 rows.
"""

import argparse
import csv
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice, product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))  # for `python benchmarks/near_duplicates.py`

import numpy as np
from rich.console import Console
from rich.table import Table

from connectors.embedding import load_encoder
from connectors.reading import Embeddings
from sync.compute import LocalEngine
from sync.compute.near_duplicate_search import first_near
from sync.compute.similarity import near_duplicate_pairs, near_pairs, sketched

THRESHOLD = 0.9
COMPARED = 2_000
FULL = (10_000, 100_000)
QUICK = (COMPARED, 10_000)
SAMPLE = Path(__file__).parent.parent / "sync" / "sample" / "bank_support.jsonl"
BEFORE = ("", "Hello, ", "I have a question about the app: ", "My husband asks: ", "Once more: ")
AFTER = ("", " Thank you.", " It is urgent, I am in Japan.", " I already called the branch.")
ABOUT = [
    f" It is about {what} {where}{when}."
    for what in ("my card", "a transfer", "a refund", "a fee", "the mortgage", "my savings")
    for where in ("in Lyon", "in Kyoto", "at the airport", "in the app", "at the branch", "online")
    for when in ("", " since Monday", " since last year", " for my daughter", " of 40 pounds")
]


def main() -> int:
    """Print the tables, or one JSON object of named figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--texts", type=Path, nargs="*", help="CSV files with a column `text`")
    parser.add_argument("--vectors", type=Path, help="a .npy file: use it, embed nothing")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="2,000 and 10,000 rows")
    asked = parser.parse_args()
    sizes = QUICK if asked.quick else FULL
    figures = measure(list(given(asked.texts)), sizes, asked.vectors)
    if asked.json:
        print(json.dumps(figures))
    else:
        show(figures)
    return 0


def given(files: list[Path] | None) -> Iterator[str]:
    """The texts to vary: of the files, else the first turns of the sample project."""
    for path in files or ():
        with path.open(encoding="utf-8", newline="") as file:
            yield from (row["text"] for row in csv.DictReader(file))
    if not files:
        for line in SAMPLE.read_text(encoding="utf-8").splitlines():
            yield json.loads(line)["messages"][0]["content"]


def varied(texts: list[str], count: int) -> list[str]:
    """So many different texts, the given ones first."""
    variations = product(ABOUT, AFTER, BEFORE)
    plain = product([""], AFTER, BEFORE)
    every = (b + text + about + a for about, a, b in (*plain, *variations) for text in texts)
    return list(islice(dict.fromkeys(every), count))


def measure(texts: list[str], sizes: tuple[int, ...], made: Path | None = None) -> dict[str, Any]:
    """Every figure, by name.

    Args:
        made: vectors to use.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = made or Path(folder) / "vectors.npy"
        embedding = {} if made else alone(embed, path, varied(texts, sizes[-1]))
        rows: dict[str, dict[str, Any]] = {}
        for size in sizes:
            ours, dropping, theirs, same = (
                alone(run, path, size) for run in (all_pairs, drop, scikit_learn, all_the_same)
            )
            rows[str(size)] = {
                "pairs": ours["found"],
                "pairs_s": ours["seconds"],
                "dropped": dropping["found"],
                "drop_s": dropping["seconds"],
                "peak_rss_mb": max(ours["peak_rss_mb"], dropping["peak_rss_mb"]),
                "scikit_learn_pairs": theirs["found"],
                "scikit_learn_s": theirs["seconds"],
                "scikit_learn_peak_rss_mb": theirs["peak_rss_mb"],
                "all_the_same_s": same["seconds"],
                "all_the_same_peak_rss_mb": same["peak_rss_mb"],
            }
        differing = alone(differ_from_brute_force, path, COMPARED)["found"]
    largest = rows[str(sizes[-1])]
    return {
        "seconds": max(largest["pairs_s"], largest["drop_s"]),
        "vs_scikit_learn": round(largest["scikit_learn_s"] / largest["pairs_s"], 1),
        "peak_rss_mb": largest["peak_rss_mb"],
        "differing_pairs": differing,
        "rows": sizes[-1],
        "by_rows": rows,
        "embed_s": embedding.get("seconds"),
        "threshold": THRESHOLD,
    }


def alone(run: Callable[..., int], *arguments: Any) -> dict[str, Any]:
    """What it found, the seconds it says, and peak memory, in a process of its own."""
    spawn = multiprocessing.get_context("spawn")
    with spawn.Pool(1) as pool:
        return pool.apply(_timed, (run, *arguments))


def _timed(run: Callable[..., int], path: Path, what: Any) -> dict[str, Any]:
    # reading vectors and importing libraries is not what is measured
    what = what if isinstance(what, list) else np.load(path)[:what]
    if run is scikit_learn:
        import sklearn.neighbors  # noqa: F401

    started = time.perf_counter()
    found = run(what) if isinstance(what, np.ndarray) else run(path, what)
    return {
        "found": found,
        "seconds": round(time.perf_counter() - started, 4),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def embed(path: Path, texts: list[str]) -> int:
    encoder = load_encoder()
    blocks = [encoder.encode(texts[i : i + 1024]) for i in range(0, len(texts), 1024)]
    np.save(path, np.concatenate(blocks))
    return len(texts)


def all_pairs(vectors: Embeddings) -> int:
    """As a stream, which is how `labeltune check` reads them."""
    rows = np.arange(len(vectors))
    return sum(len(p.first) for p in near_pairs([sketched(vectors)], rows, rows, THRESHOLD))


def drop(vectors: Embeddings) -> int:
    """As `labeltune push` does."""
    stays = np.zeros(len(vectors), dtype=bool)
    return len(first_near([vectors], THRESHOLD, stays, LocalEngine()))


def all_the_same(vectors: Embeddings) -> int:
    return drop(np.tile(vectors[:1], (len(vectors), 1)))


def scikit_learn(vectors: Embeddings) -> int:
    """Pairs by Euclidean distance, |a - b|² = 2 - 2 cos; each is found from both sides."""
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(radius=np.sqrt(2 - 2 * THRESHOLD), algorithm="brute").fit(vectors)
    found = search.radius_neighbors(vectors, return_distance=False)
    return (sum(len(row) for row in found) - len(vectors)) // 2


def differ_from_brute_force(vectors: Embeddings) -> int:
    """Pairs that only one of the two finds; those within a rounding of the threshold count, too."""
    exact = vectors.astype(np.float64)
    near = np.triu(exact @ exact.T >= THRESHOLD - 1e-6, k=1)
    expected = set(zip(*(axis.tolist() for axis in np.nonzero(near)), strict=True))
    return len(expected ^ {(i, j) for i, j, _ in near_duplicate_pairs(vectors, THRESHOLD)})


def show(figures: dict[str, Any]) -> None:
    """The same as a table."""
    table = Table("rows", "pairs", "s", "scikit-learn s", "dropped", "s", "MB", "all the same s")
    for rows, row in figures["by_rows"].items():
        table.add_row(
            f"{int(rows):,}",
            f"{row['pairs']:,}",
            f"{row['pairs_s']:.1f}",
            f"{row['scikit_learn_s']:.1f}",
            f"{row['dropped']:,}",
            f"{row['drop_s']:.1f}",
            f"{row['peak_rss_mb']:,}",
            f"{row['all_the_same_s']:.1f}",
        )
    console = Console()
    console.print(table)
    console.print(
        f"similar by {figures['threshold']} or more; embedding took {figures['embed_s']} s; "
        f"of {COMPARED:,} rows {figures['differing_pairs']} pairs differ from brute force"
    )


if __name__ == "__main__":
    sys.exit(main())
