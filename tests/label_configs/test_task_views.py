"""Which views a page can have: those whose choice Label Studio can tell from all others."""

import pytest

import label_configs
from label_configs import INTERFACES
from label_configs.config_xml import LabelConfig, parse
from label_configs.task_views import ACCEPTED, FLAGGED, TaskView

CHOICES = '<Choices name="{}" toName="t">{}</Choices>'


def page(**controls: tuple[str, ...]) -> LabelConfig:
    """A label config with these lists of choices."""
    lists = "".join(
        CHOICES.format(name, "".join(f'<Choice value="{value}"/>' for value in values))
        for name, values in controls.items()
    )
    return parse(f'<View><Text name="t" value="$t"/>{lists}</View>')


VERDICT = ("accept", "reject")


@pytest.mark.parametrize(
    ("view", "config", "told"),
    [
        (ACCEPTED, page(verdict=VERDICT), True),
        (ACCEPTED, page(verdict=VERDICT, topic=("fees", "cards")), True),
        (ACCEPTED, page(verdict=("yes", "no")), False),
        (ACCEPTED, page(topic=VERDICT), False),
        (ACCEPTED, page(verdict=VERDICT, topic=("Accept", "fees")), False),
        (FLAGGED, page(flags=("a", "b")), True),
        (FLAGGED, page(verdict=VERDICT), False),
        (TaskView("x", "X", "verdict", "ä"), page(verdict=("ä", "b")), False),
    ],
)
def test_a_view_needs_its_control_and_a_choice_of_its_own(
    view: TaskView, config: LabelConfig, told: bool
) -> None:
    assert view.can_be_told(config) is told


@pytest.mark.parametrize("name", INTERFACES)
def test_every_view_fits_its_page_where_that_has_its_control(name: str) -> None:
    interface = label_configs.load(name)
    for view in interface.task_views:
        has_control = interface.config.control(view.control) is not None
        assert view.can_be_told(interface.config) is has_control, view
        assert len(view.title) <= 16  # what a tab shows
    assert len({view.name for view in interface.task_views}) == len(interface.task_views)


def test_a_category_of_the_same_word_costs_the_view() -> None:
    own = label_configs.load("chat_response", categories=["accept", "refuse"])
    assert [view.can_be_told(own.config) for view in own.task_views] == [False, True]
