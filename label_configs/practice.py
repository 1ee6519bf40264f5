"""An interface's page for practice, which shows the expert's answer once it is asked for.

A practice task is a finished one. Whoever is new answers it, chooses "compare", and sees what the
team's answer is and why. Nothing that is done there is ever trained on.
"""

from collections.abc import Mapping, Sequence
from html import escape

from lxml import etree

from label_configs import config_xml
from label_configs.dimensions import about_object, title
from label_configs.rendering import markdown_html

# of task data: what is shown once somebody compares
FIELD = "practice_html"
CONTROL, COMPARE = "practice", "compare"
_WRITE = "lt-write"
# an unreachable key, else the page would give out one that the interface uses
_NO_KEY = "f19"


def with_practice(xml: str, source: str) -> str:
    """A label config with the choice to compare, below everything else that is to be filled in.

    Args:
        source: what to call the XML in an error.

    Raises:
        LabelConfigError: it shows nothing that a choice could be about.
    """
    root = config_xml.parse_tree(xml, source)
    to_name = about_object(root, source)
    found = root.find(f".//View[@className='{_WRITE}']")
    place = etree.SubElement(root if found is None else found, "View", className="lt-practice")
    etree.SubElement(place, "Header", value="Practice: when your answer is ready", size="5")
    choices = etree.SubElement(
        place, "Choices", name=CONTROL, toName=to_name, choice="single", showInline="true"
    )
    etree.SubElement(choices, "Choice", value=COMPARE, hotkey=_NO_KEY)
    shown = etree.SubElement(
        place,
        "View",
        visibleWhen="choice-selected",
        whenTagName=CONTROL,
        whenChoiceValue=COMPARE,
    )
    etree.SubElement(shown, "HyperText", name="expert_answer", value=f"${FIELD}", inline="true")
    made: str = etree.tostring(root, encoding="unicode")
    return made


def practice_html(answer: str, labels: Mapping[str, str | Sequence[str]], reason: str = "") -> str:
    """What the team's answer is, its decisions by control, and why a reviewer changed it."""
    told = [
        f"<li><b>{escape(title(name))}</b> "
        f"{escape(label if isinstance(label, str) else ', '.join(label))}</li>"
        for name, label in labels.items()
    ]
    decisions = f"<ul>{''.join(told)}</ul>" if told else ""
    why = f"<p><b>Why</b> {escape(reason)}</p>" if reason else ""
    return (
        '<div class="lt-review-card"><div class="lt-review-card-head"><b>The team\'s answer</b>'
        f'</div><div class="lt-review-card-text lt-markdown">{markdown_html(answer)}'
        f"{decisions}{why}</div></div>"
    )
