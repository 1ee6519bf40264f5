"""Entries of tuned models."""

from dataclasses import replace
from typing import Any

from sync.tuning.models.learnt_release import LearntFile, LearntRelease
from sync.tuning.models.model_entry import LossPoint, ModelEntry, ModelPlace

LEARNT = LearntRelease(
    name="v3-51213aee",
    release="51213aee" * 8,
    project="Support answers",
    table_version=3,
    format="openai-chat",
    files=(
        LearntFile("training", "openai-chat.train.jsonl", 1200, 640_000, "a1" * 32),
        LearntFile("validation", "openai-chat.validation.jsonl", 150, 80_000, "b2" * 32),
    ),
    lineage_sha256="c3" * 32,
    held_out=True,
)
ENTRY = ModelEntry(
    name="support-1",
    base="gpt-4.1-mini-2025-04-14",
    way="endpoint",
    method="supervised",
    place=ModelPlace(model="ft:gpt-4.1-mini:bank::1", base_url="https://api.openai.com/v1"),
    release=LEARNT,
    settings={"epochs": 3, "batch_size": None},
    losses=(LossPoint(1, 2.5, None), LossPoint(2, 1.25, 1.5), LossPoint(3, 0.75, None)),
    seed=0,
    created="2026-11-30T09:00:00+00:00",
    trained_tokens=1_000_000,
)


def entry(name: str, **changed: Any) -> ModelEntry:
    """One of a name."""
    return replace(ENTRY, name=name, **changed)
