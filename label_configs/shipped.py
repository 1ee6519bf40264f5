"""The XML files as shipped, and as a project gets them: style and categories filled in."""

from collections.abc import Sequence
from importlib import resources

from lxml import etree

from label_configs import config_xml
from label_configs import dimensions as dimension_controls
from label_configs.dimensions import Dimensions, take_out
from label_configs.errors import LabelConfigError


def read(file: str) -> str:
    """A file beside this module."""
    return resources.files("label_configs").joinpath(file).read_text(encoding="utf-8")


def without(xml: str, source: str, controls: Sequence[str]) -> str:
    """The XML without these controls, and without what only stood around each of them.

    Args:
        source: what to call the XML in an error.
        controls: names; names that the XML lacks are ignored.
    """
    root = config_xml.parse_tree(xml, source)
    for name in controls:
        control = root.find(f".//*[@name='{name}']")
        if control is not None:
            around = control.getparent()
            alone = all(other is control or other.tag == "Header" for other in around)
            take_out(around if alone and around is not root else control)
    left: str = etree.tostring(root, encoding="unicode")
    return left


def fill_in(
    xml: str,
    source: str,
    controls: Sequence[str],
    categories: Sequence[str],
    dimensions: Dimensions,
) -> str:
    """The XML with the shared style and a project's own categories.

    Args:
        source: what to call the XML in an error.
        controls: names of the Choices and Labels that list the categories.
        categories: replace what the XML lists there; none leaves it as it is.
        dimensions: labels by kind of category, each a Choices of its own.

    Raises:
        LabelConfigError: categories for an interface without them, one that XML can't hold, or a
            dimension whose name is taken.
    """
    root = config_xml.parse_tree(xml, source)
    style = root.find("Style")
    if style is not None:
        style.text = read("style.css")
    if categories and not controls:
        raise LabelConfigError(
            f"{source}: it has no categories, so label_studio.categories can't be used with it; "
            "remove them from labeltune.toml"
        )
    for name in controls if categories else ():
        control = root.find(f".//*[@name='{name}']")
        child = "Label" if control.tag == "Labels" else "Choice"
        # a key that all of them share is one that nobody has: for rows, where keys would do harm
        keys = {listed.get("hotkey") for listed in control}
        key = keys.pop() if len(keys) == 1 else None
        shared = {} if key is None else {"hotkey": key}
        for listed in list(control):
            control.remove(listed)
        for value in categories:
            try:
                etree.SubElement(control, child, shared, value=value)
            except ValueError as error:  # control characters
                raise LabelConfigError(
                    f"the category {value!r} can't be written as XML; correct "
                    "label_studio.categories in labeltune.toml"
                ) from error
    dimension_controls.show(root, dimensions, source)
    filled: str = etree.tostring(root, encoding="unicode")
    return filled
