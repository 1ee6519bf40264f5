"""`[categories.NAME]` of `labeltune.toml`: one kind of category and who assigns it."""

from pydantic import Field

from sync.config.section import Section


class CategorySection(Section):
    """One kind of category.

    Attributes:
        labels: what annotators choose from.
    """

    labels: tuple[str, ...] = Field(min_length=2, strict=False)
