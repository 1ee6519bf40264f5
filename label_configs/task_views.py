"""Finished tasks that a lead looks at together: by what annotators chose in the page.

Which these are, an interface says, since each has controls of its own.
"""

from dataclasses import dataclass

from label_configs.config_xml import ControlTag, LabelConfig


@dataclass(frozen=True)
class TaskView:
    """One such list of tasks.

    Attributes:
        name: by which it is remembered that a project was given it; never changed.
        title: of the tab in Label Studio, which shows some 16 letters.
        control: the Choices in which something was chosen.
        choice: what was chosen there; None: anything.
        unchanged: leave out tasks of which something drafted was changed.
        of_rows: or it was chosen together with a row's number, as in `12 wrong`.
    """

    name: str
    title: str
    control: str
    choice: str | None = None
    unchanged: bool = False
    of_rows: bool = False

    def can_be_told(self, config: LabelConfig) -> bool:
        """Whether a page has the control, and Label Studio can tell its choice from all others.

        Label Studio looks for a text in an annotation's JSON. There a choice stands by itself, so
        no other control may offer the same; and only ASCII is written alike in every database.
        """
        control = config.control(self.control)
        if control is None or control.tag != "Choices" or not self.control.isascii():
            return False
        if self.choice is None:
            return True
        others = (each for each in config.controls if each is not control)
        return (
            self.choice.isascii()
            and self.choice in control.choices
            and not any(_may_hold(each, self.choice) for each in others)
        )


def _may_hold(control: ControlTag, choice: str) -> bool:
    """Whether the same choice may be made there; SQLite does not tell upper from lower case."""
    same = choice.lower() in (each.lower() for each in control.choices)
    return control.tag == "Choices" and same


ACCEPTED = TaskView("accepted", "Accepted as is", "verdict", "accept", unchanged=True)
FLAGGED = TaskView("flagged", "Flagged", "flags")
