"""What every table of `labeltune.toml` is made of; see `sync.section`."""

from sync.section import Section

__all__ = ["Section"]
