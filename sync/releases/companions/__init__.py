"""Files beside the data that tell others how to read it: one module each, and one entry here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sync.releases.companions.axolotl import axolotl
from sync.releases.companions.dataset_card import dataset_card
from sync.releases.companions.llama_factory import llama_factory

if TYPE_CHECKING:  # the configuration imports this room's settings
    from sync.releases.companions.settings import CardSection
    from sync.releases.summary import ReleaseSummary

    Companion = Callable[[ReleaseSummary, CardSection], dict[str, str]]

# each returns the files that a release needs, by name; none where no format of it is read
COMPANIONS: tuple[Companion, ...] = (dataset_card, llama_factory, axolotl)

__all__ = ["COMPANIONS"]
