"""Who trains on a file: limits and rules beyond those of its format.

One module each, and one entry in `PROVIDERS`.
Open first: `provider`.
"""

from sync.common.errors import SyncError
from sync.common.wording import nearest
from sync.training_files.trainers.axolotl import AXOLOTL
from sync.training_files.trainers.azure import AZURE
from sync.training_files.trainers.bedrock import BEDROCK
from sync.training_files.trainers.fireworks import FIREWORKS
from sync.training_files.trainers.gemini import GEMINI
from sync.training_files.trainers.jobs import JobRules, JobSettings
from sync.training_files.trainers.llama_factory import LLAMA_FACTORY
from sync.training_files.trainers.openai import OPENAI
from sync.training_files.trainers.provider import Provider
from sync.training_files.trainers.together import TOGETHER, TOGETHER_2
from sync.training_files.trainers.trl import TRL

PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        OPENAI,
        AZURE,
        TOGETHER,
        TOGETHER_2,
        FIREWORKS,
        GEMINI,
        BEDROCK,
        LLAMA_FACTORY,
        TRL,
        AXOLOTL,
    )
}

__all__ = ["PROVIDERS", "JobRules", "JobSettings", "Provider", "for_name", "names"]


def names() -> list[str]:
    """Every name that `for_name` knows."""
    return [name for p in PROVIDERS.values() for name in (p.name, *p.aliases)]


def for_name(name: str) -> Provider:
    """The provider of a name or an alias.

    Raises:
        SyncError: there is none.
    """
    for provider in PROVIDERS.values():
        if name in (provider.name, *provider.aliases):
            return provider
    raise SyncError(f"no provider is called {name!r}; {nearest(name, names())}")
