"""What a label config declares: its objects, its controls, and what a Repeater makes of them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from label_configs.errors import LabelConfigError
from label_configs.structure import canonical, check_structure

# control tag -> (result type, key of its value); the tags that our interfaces use
CONTROL_TAGS: dict[str, tuple[str, str]] = {
    "TextArea": ("textarea", "text"),
    "Choices": ("choices", "choices"),
    "Rating": ("rating", "rating"),
    "Number": ("number", "number"),
    "DateTime": ("datetime", "datetime"),
    "Taxonomy": ("taxonomy", "taxonomy"),
    "Pairwise": ("pairwise", "selected"),
    "Ranker": ("ranker", "ranker"),
    "Labels": ("labels", "labels"),
    "ParagraphLabels": ("paragraphlabels", "paragraphlabels"),
}
OBJECT_TAGS = frozenset({"Text", "HyperText", "Paragraphs", "Table", "List", "Markdown"})


@dataclass(frozen=True)
class Repeat:
    """A Repeater around a tag: the task field that it runs over and the flag that it replaces."""

    field: str
    flag: str


@dataclass(frozen=True)
class ObjectTag:
    """A tag that shows task data; `field` is the data field behind its value, if any."""

    name: str
    tag: str
    field: str | None
    repeat: Repeat | None
    line: int


@dataclass(frozen=True)
class ControlTag:
    """A tag that collects a result.

    Attributes:
        choices: the values it may take; empty when any will do or when task data gives them.
        several: more than one of them may be chosen at once.
    """

    name: str
    tag: str
    to_name: str
    choices: tuple[str, ...]
    required: bool
    repeat: Repeat | None
    line: int
    several: bool = False

    @property
    def result_type(self) -> str:
        """The `type` of this control's result items."""
        return CONTROL_TAGS[self.tag][0]

    @property
    def value_key(self) -> str:
        """The key of `value` that holds what was entered."""
        return CONTROL_TAGS[self.tag][1]


@dataclass(frozen=True)
class LabelConfig:
    """The objects and controls of one label config, in document order."""

    objects: tuple[ObjectTag, ...]
    controls: tuple[ControlTag, ...]
    source: str = field(repr=False, default="label config")

    def control(self, name: str) -> ControlTag | None:
        """The control of that name as written in the XML, or None."""
        return next((c for c in self.controls if c.name == name), None)

    def expanded_controls(self, data: Mapping[str, Any]) -> dict[str, ControlTag]:
        """Controls by the names that the page gives them for this task's data."""
        return {
            _numbered(control.name, control.repeat, i): control
            for control in self.controls
            for i in _indices(control.repeat, data)
        }

    def expanded_objects(self, data: Mapping[str, Any]) -> dict[str, ObjectTag]:
        """Objects by the names that the page gives them for this task's data."""
        return {
            _numbered(tag.name, tag.repeat, i): tag
            for tag in self.objects
            for i in _indices(tag.repeat, data)
        }


def parse(xml: str, source: str = "label config") -> LabelConfig:
    """Read a label config; entities are never expanded.

    Args:
        source: what to call the XML in an error, such as a file name.

    Raises:
        LabelConfigError: not well-formed, a DOCTYPE, a tag that the page refuses, an unknown
            reference, a repeated name.
    """
    root = parse_tree(xml, source)
    check_structure(root, source)
    objects: list[ObjectTag] = []
    controls: list[ControlTag] = []
    for element, repeat in _walk(root, None):
        tag = canonical(str(element.tag))
        name = element.get("name")
        if name is None:
            continue
        if tag in CONTROL_TAGS:
            controls.append(_control(element, name, repeat, source))
        elif tag in OBJECT_TAGS:
            objects.append(ObjectTag(name, tag, _field(element), repeat, element.sourceline))
    config = LabelConfig(tuple(objects), tuple(controls), source)
    _check_names(config)
    return config


def parse_tree(xml: str, source: str) -> Any:
    """The XML as an lxml tree, with entities and DOCTYPE refused."""
    parser = etree.XMLParser(
        # the text is decoded already, whatever its declaration says
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(xml.encode(), parser)
    except etree.XMLSyntaxError as error:
        said = " ".join(str(error.msg).split())
        raise LabelConfigError(
            f"{source}, line {error.lineno}: not well-formed XML: {said}"
        ) from error
    except UnicodeEncodeError as error:
        line = xml.count("\n", 0, error.start) + 1
        raise LabelConfigError(
            f"{source}, line {line}: holds half a character (a lone surrogate); remove it"
        ) from error
    if root.getroottree().docinfo.doctype:
        raise LabelConfigError(f"{source}: holds a DOCTYPE; remove it, label configs need none")
    return root


def _walk(element: Any, repeat: Repeat | None) -> Iterator[tuple[Any, Repeat | None]]:
    for child in element:
        inside = repeat
        if canonical(str(child.tag)) == "Repeater":
            inside = Repeat(
                (child.get("on") or "").removeprefix("$"), child.get("indexFlag") or "{{idx}}"
            )
        else:
            yield child, repeat
        yield from _walk(child, inside)


def _control(element: Any, name: str, repeat: Repeat | None, source: str) -> ControlTag:
    to_name = element.get("toName")
    if not to_name:
        raise LabelConfigError(
            f"{source}, line {element.sourceline}: <{element.tag} name={name!r}> has no toName; "
            "name the object that it describes"
        )
    choices = tuple(
        c.get("alias") or c.get("value") for c in element.iter("Choice", "Label") if c.get("value")
    )
    return ControlTag(
        name=name,
        tag=canonical(str(element.tag)),
        to_name=to_name,
        choices=() if _has_choices_of_task(element) else choices,
        required=element.get("required") == "true",
        repeat=repeat,
        line=element.sourceline,
        several=canonical(str(element.tag)) == "Taxonomy" or element.get("choice") == "multiple",
    )


def _has_choices_of_task(element: Any) -> bool:
    """Whether task data give choices; under `Value` the server asks no task for the field."""
    return any((element.get(name) or "").startswith("$") for name in ("value", "Value"))


def _field(element: Any) -> str | None:
    found = re.match(r"\$(\w+)", element.get("value") or element.get("valueList") or "")
    return found[1] if found else None


def _check_names(config: LabelConfig) -> None:
    seen: dict[str, int] = {}
    tags: list[ObjectTag | ControlTag] = [*config.objects, *config.controls]
    for tag in tags:
        if tag.name in seen:
            raise LabelConfigError(
                f"{config.source}, line {tag.line}: the name {tag.name!r} is taken by line "
                f"{seen[tag.name]}; give it another"
            )
        seen[tag.name] = tag.line
        if tag.repeat and tag.repeat.flag not in tag.name:
            raise LabelConfigError(
                f"{config.source}, line {tag.line}: {tag.name!r} is inside a Repeater but lacks "
                f"{tag.repeat.flag}; every row would get the same name"
            )
    for control in config.controls:
        # a Repeater's rows can't be pointed at from outside of it
        names = {tag.name for tag in config.objects if tag.repeat in (None, control.repeat)}
        if not set(control.to_name.split(",")) <= names:
            raise LabelConfigError(
                f"{config.source}, line {control.line}: {control.name!r} points to "
                f"{control.to_name!r}, which is no object here "
                f"(found {', '.join(sorted(names)) or 'none'}); correct toName"
            )


def _indices(repeat: Repeat | None, data: Mapping[str, Any]) -> Iterator[int | None]:
    if repeat is None:
        yield None
        return
    rows = data.get(repeat.field)
    yield from range(len(rows) if isinstance(rows, list) else 0)


def _numbered(name: str, repeat: Repeat | None, index: int | None) -> str:
    # the page replaces only the first flag of an attribute
    return name if repeat is None else name.replace(repeat.flag, str(index), 1)


def numbered(control: ControlTag | ObjectTag, name: str, actual: str) -> str:
    """`name` (a pattern with the control's flag) under the index that `actual` carries."""
    if control.repeat is None:
        return name
    before, after = control.name.split(control.repeat.flag, 1)
    index = actual[len(before) : len(actual) - len(after)] if after else actual[len(before) :]
    return name.replace(control.repeat.flag, index, 1)
