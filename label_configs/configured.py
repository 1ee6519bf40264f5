"""The label config of an interface in one project: its XML, with the project's categories."""

from abc import ABC
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

from label_configs import config_xml, dimensions, shipped, validation
from label_configs.dimensions import Dimensions
from label_configs.errors import LabelConfigError
from label_configs.items import ResultItem


class Configured(ABC):
    """What annotators see of an interface in one project.

    Attributes:
        name: of the module and of the XML file beside it.
        required: control name -> tag without which the codec can't do.
        optional: control name -> tag that the codec reads where a project has it.
        category_controls: names of the Choices and Labels that list the project's categories.
        lists_categories: whether its page has them; a project can do without.
        dimensions: labels by kind of category; each is a control of its own, in every interface.
    """

    name: ClassVar[str]
    required: ClassVar[Mapping[str, str]]
    optional: ClassVar[Mapping[str, str]] = {}
    category_controls: ClassVar[Sequence[str]] = ()

    def __init__(
        self, categories: Sequence[str] | None = (), dimensions: Dimensions | None = None
    ) -> None:
        """An interface for one project, whose categories replace those of `category_controls`.

        Args:
            categories: None takes those controls out of the page.

        Raises:
            LabelConfigError: the codec can't do without them.
        """
        needed = sorted(self.required.keys() & set(self.category_controls))
        if categories is None and needed:
            raise LabelConfigError(
                f"{self.name}.xml: annotators mark its categories ({needed[0]!r}), so "
                "label_studio.categories = false can't be used with it; list some in "
                "labeltune.toml, or remove that line"
            )
        self.lists_categories = categories is not None
        self.categories = tuple(categories or ())
        self.dimensions = {name: tuple(labels) for name, labels in (dimensions or {}).items()}

    @cached_property
    def xml(self) -> str:
        """The XML file as shipped."""
        return shipped.read(f"{self.name}.xml")

    def label_config(self) -> str:
        """The XML for the project: the shared style and the project's categories filled in.

        Raises:
            LabelConfigError: categories for an interface without them, or that XML can't hold.
        """
        source = f"{self.name}.xml"
        xml = self.xml
        if not self.lists_categories:
            xml = shipped.without(xml, source, self.category_controls)
        xml = shipped.fill_in(xml, source, self.category_controls, self.categories, self.dimensions)
        self.check_config(xml)
        return xml

    @cached_property
    def config(self) -> config_xml.LabelConfig:
        """What the project's XML declares."""
        return self.check_config(self.label_config())

    def check_config(self, xml: str, source: str | None = None) -> config_xml.LabelConfig:
        """Parse a label config and check that this interface can read it.

        Raises:
            LabelConfigError: file, line, what was expected, what to do.
        """
        config = config_xml.parse(xml, source or f"{self.name}.xml")
        validation.require_controls(config, self.required)
        present = {control.name for control in config.controls}
        validation.require_controls(
            config, {name: tag for name, tag in self.optional.items() if name in present}
        )
        dimensions.require(config, self.dimensions)
        return config

    def encode_categories(self, chosen: Mapping[str, str]) -> list[ResultItem]:
        """Labels by dimension as the result items that the page shows."""
        return dimensions.encode(self.config, chosen)

    def decode_categories(self, results: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The labels of an annotation by dimension; what was not chosen is absent.

        Raises:
            LabelConfigError: an item with a value that can't be read.
        """
        return dimensions.decode(results, self.dimensions)

    def task_categories(self, data: Mapping[str, Any]) -> dict[str, str]:
        """The labels by kind of category that a task brings along, of those that are listed."""
        return dimensions.of_task(data, self.dimensions)
