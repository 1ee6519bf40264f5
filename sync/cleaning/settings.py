"""`[cleaning]` of `labeltune.toml`: the steps between a source and an import."""

from sync.config.section import Section
from sync.redaction.settings import RedactionSection


class CleaningSection(Section):
    """Each step on or off, with what it needs to know."""

    redaction: RedactionSection = RedactionSection()
