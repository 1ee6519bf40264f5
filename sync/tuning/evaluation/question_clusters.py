"""Held-out items that ask alike, named by the words that tell them from the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sync.common.task_texts import user_text
from sync.quality.checks.telling_words import WordCounts, telling_words
from sync.quality.checks.uncovered import groups_of
from sync.tuning.evaluation.arms.prompts import VectorsOf
from sync.tuning.evaluation.held_out import HeldOutItem

# mean similarity of what is asked in a cluster, as of uncovered questions
TOGETHER = 0.4
_WORDS = 3
# of more items every pair would be too many to compare
MOST_CLUSTERED = 2_000

# places of items, by the name of their cluster
Clusters = Mapping[str, Sequence[int]]


@dataclass(frozen=True)
class ItemCluster:
    """Held-out items that ask alike.

    Attributes:
        name: the words that tell them from the others.
        keys: of all of them, whether they fail or not.
    """

    name: str
    keys: tuple[str, ...]


def question_clusters(items: Sequence[HeldOutItem], vectors_of: VectorsOf) -> Clusters:
    """Every item in one cluster, the largest cluster first; one item may be a cluster of its own.

    Returns:
        Nothing where no user said anything, or of more than `MOST_CLUSTERED` items.
    """
    texts = [user_text(item.record.data) for item in items]
    if not any(texts) or len(texts) > MOST_CLUSTERED:
        return {}
    distinct = sorted(set(texts))
    place = {text: number for number, text in enumerate(distinct)}
    vectors = vectors_of(distinct)[[place[text] for text in texts]]
    clusters: dict[str, list[int]] = {}
    for rows in groups_of(vectors, TOGETHER):
        own = set(rows.tolist())
        others = WordCounts.of(text for row, text in enumerate(texts) if row not in own)
        words = telling_words([texts[row] for row in rows], others, _WORDS)
        name = ", ".join(words) or f"group {len(clusters) + 1}"
        clusters.setdefault(name, []).extend(int(row) for row in rows)
    return clusters


def as_clusters(clusters: Clusters, keys: Sequence[str]) -> list[ItemCluster]:
    """Clusters by their items' keys, which say what is meant when other items are asked, too."""
    return [
        ItemCluster(name, tuple(keys[place] for place in rows)) for name, rows in clusters.items()
    ]
