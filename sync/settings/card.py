"""`[card]`: what the dataset card says that only its owner can know."""

from pydantic import Field

from sync.settings.section import Section


class CardSection(Section):
    """The table `[card]`.

    Attributes:
        license: an identifier of the Hugging Face Hub, such as `cc-by-4.0`; None: not said, which
            leaves all rights with the owner.
        language: ISO 639-1 codes of what is spoken in the data.
        pretty_name: the title; None: the project's.
        description: Markdown, what the data are and where they come from.
        tags: for the Hub's search.
    """

    license: str | None = Field(default=None, min_length=1)
    language: list[str] = Field(default_factory=list)
    pretty_name: str | None = Field(default=None, min_length=1)
    description: str = ""
    tags: list[str] = Field(default_factory=list)
