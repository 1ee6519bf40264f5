"""`[sources]` of `labeltune.toml`: how `push` reads files."""

from sync.config.section import Section


class SourcesSection(Section):
    """How source files are read."""
