"""What every table of `labeltune.toml` is made of.

It is outside of `sync.settings`, which imports every room's settings.
"""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the file: unknown keys and wrong types are refused, nothing changes later."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
