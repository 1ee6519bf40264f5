"""Who trains on a file: one module each, and one entry here."""

from sync.errors import SyncError
from sync.nearest import nearest
from sync.providers.axolotl import AXOLOTL
from sync.providers.azure import AZURE
from sync.providers.bedrock import BEDROCK
from sync.providers.fireworks import FIREWORKS
from sync.providers.gemini import GEMINI
from sync.providers.jobs import JobRules, JobSettings
from sync.providers.llama_factory import LLAMA_FACTORY
from sync.providers.openai import OPENAI
from sync.providers.provider import Provider
from sync.providers.together import TOGETHER
from sync.providers.trl import TRL

PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        OPENAI,
        AZURE,
        TOGETHER,
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
