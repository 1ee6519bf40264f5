"""Files beside the data that tell other programs how to read it.

One function each, and one entry in `COMPANIONS`: a summary of the release comes in, files by name
come out. Where no format of the release is read by that program, there are none.
Open first: `llama_factory`.
"""

from collections.abc import Callable

from sync.dataset.release.companions.axolotl import axolotl
from sync.dataset.release.companions.dataset_card import dataset_card
from sync.dataset.release.companions.llama_factory import llama_factory
from sync.settings.card import CardSection
from sync.training_files.manifest.contents import ReleaseSummary

Companion = Callable[[ReleaseSummary, CardSection], dict[str, str]]

# each returns the files that a release needs, by name; none where no format of it is read
COMPANIONS: tuple[Companion, ...] = (dataset_card, llama_factory, axolotl)

__all__ = ["COMPANIONS"]
