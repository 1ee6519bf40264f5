"""`[cleaning.redaction]` of `labeltune.toml`."""

from sync.config.section import Section


class RedactionSection(Section):
    """What is replaced, and where the key is kept.

    Attributes:
        on: whether anything is redacted at all.
    """

    on: bool = False
