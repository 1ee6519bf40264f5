"""Krippendorff's alpha of two decisions that people made on each of PubMedQA's questions."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.quality_measured.scenes.real import PUBMEDQA
from sync.quality.agreement.krippendorff import alpha_estimate

# in their order, for the ordinal figure
DECISIONS = ("no", "maybe", "yes")
_FIELDS = ("reasoning_required_pred", "reasoning_free_pred")


def measured(data: Path) -> dict[str, Any]:
    """Alpha for names and for ranks, each with its 95 % interval."""
    rows = json.loads((data / PUBMEDQA).read_text(encoding="utf-8")).values()
    counts = np.zeros((len(rows), len(DECISIONS)))
    for i, row in enumerate(rows):
        for field in _FIELDS:
            counts[i, DECISIONS.index(row[field])] += 1
    found: dict[str, Any] = {"items": len(rows)}
    for level in ("nominal", "ordinal"):
        told = alpha_estimate(counts, level, DECISIONS)  # type: ignore[arg-type]
        assert told is not None and told.low is not None and told.high is not None
        ends = {"low": round(told.low, 4), "high": round(told.high, 4)}
        found[level] = {"alpha": round(told.value, 4), **ends}
    return found
