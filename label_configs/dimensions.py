"""Kinds of category, each a dimension with labels: query type, complexity, and so on.

They tell what a request is, not what its answer should be. So they stand beside an interface's
record, by their own names: one Choices each in the label config, one label each in task data
(`categories`), in a draft and in an annotation.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from label_configs import items
from label_configs.config_xml import OBJECT_TAGS, LabelConfig
from label_configs.errors import LabelConfigError
from label_configs.items import ResultItem
from label_configs.structure import canonical

# where a task keeps them
FIELD = "categories"
# the View of an XML that shows them
PLACE = "lt-categories"
# the page gives every choice a key; this is one that nobody has
NO_KEY = "f19"

Dimensions = Mapping[str, Sequence[str]]


def show(root: Any, dimensions: Dimensions, source: str) -> None:
    """Put one Choices a dimension into a label config, or take its empty place out.

    They stand in the View of the class `lt-categories`, or at the end where there is none.

    Args:
        root: an lxml element, the outermost View; changed.
        source: what to call the XML in an error.

    Raises:
        LabelConfigError: a name that the XML uses already, nothing to point to, or a label that
            XML can't hold.
    """
    place = root.find(f".//View[@className='{PLACE}']")
    if not dimensions:
        if place is not None:
            take_out(place)
        return
    _check_free(root, dimensions, source)
    to_name = about_object(root, source)
    if place is None:
        place = etree.SubElement(root, "View", className=PLACE)
    for name, labels in dimensions.items():
        around = etree.SubElement(place, "View")
        etree.SubElement(around, "Header", value=title(name), size="6")
        control = etree.SubElement(
            around, "Choices", name=name, toName=to_name, choice="single", layout="select"
        )
        for label in labels:
            _add_label(control, name, label)


def title(name: str) -> str:
    """A dimension's name as the page shows it."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def require(config: LabelConfig, dimensions: Dimensions) -> None:
    """Check that a label config has a Choices with every label of each dimension.

    Raises:
        LabelConfigError: the first one that is missing.
    """
    for name, labels in dimensions.items():
        control = config.control(name)
        remedy = f"or remove [categories.{name}] from labeltune.toml"
        if control is None or control.tag != "Choices" or control.repeat:
            raise LabelConfigError(
                f"{config.source}: no Choices named {name!r} for the categories of that name; "
                f"add it with the choices {', '.join(labels)}, {remedy}"
            )
        lacking = [label for label in labels if control.choices and label not in control.choices]
        if lacking:
            raise LabelConfigError(
                f"{config.source}, line {control.line}: {name!r} lacks the choice {lacking[0]!r}; "
                f"add it, {remedy}"
            )


def encode(config: LabelConfig, chosen: Mapping[str, str]) -> list[ResultItem]:
    """Labels by dimension as the result items that the page shows."""
    found = ((config.control(name), label) for name, label in chosen.items())
    return [
        items.choices(control.name, control.to_name, label)
        for control, label in found
        if control is not None
    ]


def decode(results: Sequence[Mapping[str, Any]], dimensions: Dimensions) -> dict[str, str]:
    """The labels of an annotation by dimension; what was not chosen is absent.

    Raises:
        LabelConfigError: an item with a value that can't be read.
    """
    if not dimensions:
        return {}
    found = items.find(results, dimensions)
    chosen = {name: found.choice(name) for name in dimensions}
    return {name: label for name, label in chosen.items() if label}


def of_task(data: Mapping[str, Any], dimensions: Dimensions) -> dict[str, str]:
    """The labels in task data, by dimension; labels that are not listed are left out."""
    held = held_by(data, dimensions)
    return {name: label for name, label in held.items() if label in dimensions[name]}


def held_by(data: Mapping[str, Any], dimensions: Dimensions) -> dict[str, str]:
    """The labels in task data, by dimension, including labels that are not listed any more."""
    held = data.get(FIELD)
    if not isinstance(held, Mapping):
        return {}
    found = {name: held.get(name) for name in dimensions}
    return {name: label for name, label in found.items() if isinstance(label, str) and label}


def take_out(place: Any) -> None:
    """Remove an element, and the blanks before it."""
    before = place.getprevious()
    if before is not None:
        before.tail = place.tail
    place.getparent().remove(place)


def _add_label(control: Any, name: str, label: str) -> None:
    try:
        etree.SubElement(control, "Choice", value=label, hotkey=NO_KEY)
    except ValueError as error:  # control characters
        raise LabelConfigError(
            f"the label {label!r} can't be written as XML; correct [categories.{name}] in "
            "labeltune.toml"
        ) from error


def _check_free(root: Any, dimensions: Dimensions, source: str) -> None:
    for element in root.iter():
        taken = element.get("name")
        if taken is None:
            continue
        # a name in a row stands for that of every row
        rows = re.compile(re.sub(r"\\\{\\\{.*?\\\}\\\}", r"\\d+", re.escape(taken)))
        for name in dimensions:
            if rows.fullmatch(name):
                raise LabelConfigError(
                    f"{source}, line {element.sourceline}: the name {name!r} is taken by a "
                    f"{element.tag}; call [categories.{name}] otherwise in labeltune.toml"
                )


def about_object(root: Any, source: str) -> str:
    """The first object outside of Repeaters, to which controls can point."""
    for element in root.iter():
        in_row = any(canonical(str(above.tag)) == "Repeater" for above in element.iterancestors())
        if canonical(str(element.tag)) in OBJECT_TAGS and element.get("name") and not in_row:
            name: str = element.get("name")
            return name
    raise LabelConfigError(
        f"{source}: shows nothing outside of a Repeater that categories could be about; add a "
        "HyperText with a name"
    )
