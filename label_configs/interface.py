"""The contract that every interface keeps: what the annotator sees ⇄ a typed record."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib import resources
from typing import Any, ClassVar, Generic, TypeVar

from lxml import etree

from label_configs import config_xml, validation
from label_configs.errors import LabelConfigError

Record = TypeVar("Record")
ResultItem = dict[str, Any]


class ReplyError(LabelConfigError):
    """A model's reply that does not hold what the interface needs; never coerced."""


def reply_text(value: Any) -> str:
    """A text of a model's reply, without the blanks around it.

    Raises:
        ReplyError: no text, a blank one, or half a character that no other program would accept.
    """
    if not isinstance(value, str) or not value.strip():
        raise ReplyError("the model's reply is empty or holds no text where it should")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise ReplyError("the model's reply holds half a character (a lone surrogate)") from error
    return value.strip()


class Interface(ABC, Generic[Record]):
    """One way to label: an XML file, and the record that its controls stand for.

    A draft is a record too, with only those fields set that the model can fill.

    Attributes:
        name: of the module and of the XML file beside it.
        summary: one line for `--help` and docs.
        required: control name -> tag that the codec reads.
        instruction: what the model is asked to write, after guidelines and context.
        reply_schema: JSON schema of the model's reply, or None for plain text.
        example: task data as a source file holds it, for documentation and trials.
        drafted_fields: task data that the drafter writes; never an input of a draft.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    required: ClassVar[Mapping[str, str]]
    instruction: ClassVar[str]
    example: ClassVar[Mapping[str, Any]]
    reply_schema: ClassVar[Mapping[str, Any] | None] = None
    drafted_fields: ClassVar[Mapping[str, Any]] = {}

    @cached_property
    def xml(self) -> str:
        """The XML file as shipped."""
        return _resource(f"{self.name}.xml")

    def label_config(self, categories: Sequence[str] = ()) -> str:
        """The XML for a project: the shared style filled in, and its own categories if any.

        Args:
            categories: replace the choices of the control `category`.
        """
        root = config_xml.parse_tree(self.xml, f"{self.name}.xml")
        style = root.find("Style")
        if style is not None:
            style.text = _resource("style.css")
        if categories:
            control = root.find(".//Choices[@name='category']")
            if control is None:
                raise LabelConfigError(
                    f"{self.name}.xml: no Choices named 'category', so label_studio.categories "
                    "can't be used with it; remove them from labeltune.toml"
                )
            for choice in list(control):
                control.remove(choice)
            for value in categories:
                try:
                    etree.SubElement(control, "Choice", value=value)
                except ValueError as error:  # control characters
                    raise LabelConfigError(
                        f"the category {value!r} can't be written as XML; correct "
                        "label_studio.categories in labeltune.toml"
                    ) from error
        xml: str = etree.tostring(root, encoding="unicode")
        self.check_config(xml)
        return xml

    def check_config(self, xml: str, source: str | None = None) -> config_xml.LabelConfig:
        """Parse a label config and check that this interface can read it.

        Raises:
            LabelConfigError: file, line, what was expected, what to do.
        """
        config = config_xml.parse(xml, source or f"{self.name}.xml")
        validation.require_controls(config, self.required)
        return config

    def check_task(self, data: Mapping[str, Any], where: str = "task") -> None:
        """Check task data before it is imported.

        Raises:
            LabelConfigError: what is missing or wrong, and where.
        """
        validation.check_messages(data.get("messages"), where)
        context = data.get("context")
        if context is not None and not isinstance(context, Mapping):
            raise LabelConfigError(
                f"{where}: 'context' must be a mapping of names to facts, "
                f"found {type(context).__name__}"
            )
        guidelines = data.get("guidelines")
        if guidelines is not None and not isinstance(guidelines, str):
            raise LabelConfigError(
                f"{where}: 'guidelines' must be Markdown text, found {type(guidelines).__name__}"
            )

    def complete_task(self, data: Mapping[str, Any], guidelines: str = "") -> dict[str, Any]:
        """Task data with every field that the XML shows; the page fails on a missing one.

        Args:
            guidelines: the project's; they replace a task's own.
        """
        return {
            **self.drafted_fields,
            **data,
            "context": data.get("context") or {},
            "guidelines": guidelines or data.get("guidelines") or "",
        }

    def inputs(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The part of task data that shapes a draft, for prompts and cache keys."""
        return {
            "messages": data.get("messages") or [],
            "context": data.get("context") or {},
            "guidelines": data.get("guidelines") or "",
        }

    @abstractmethod
    def read_reply(self, reply: str) -> Record:
        """A model's reply as a draft.

        Raises:
            ReplyError: the reply lacks what the interface needs.
        """

    @abstractmethod
    def answer(self, record: Record) -> str:
        """The text that the end user would read; drafts are compared by it."""

    def task_patch(self, record: Record) -> dict[str, Any]:
        """Task data that must be written before this draft can be shown; usually none."""
        return {}

    @abstractmethod
    def encode(self, record: Record) -> list[ResultItem]:
        """A record as the result items that the page shows."""

    @abstractmethod
    def decode(self, results: Sequence[Mapping[str, Any]]) -> Record:
        """A saved annotation's result items as a record; unknown items are kept in `other`.

        Raises:
            LabelConfigError: an item of a known control with a value that can't be read.
        """

    @abstractmethod
    def labels(self, record: Record) -> dict[str, str]:
        """The categorical decisions of a record, by control; empty ones are left out."""

    @abstractmethod
    def accepted_answer(self, record: Record) -> str | None:
        """The answer to train on, or None when the expert rejected it or left none."""


def _resource(file: str) -> str:
    return resources.files("label_configs").joinpath(file).read_text(encoding="utf-8")
