"""Records of `reasoning_steps`."""

from itertools import groupby

from hypothesis import strategies as st

from label_configs.reasoning_steps import SLOTS, ReasoningSteps, Step
from tests.label_configs.strategies.common import choices_of, texts

kinds = choices_of("reasoning_steps", "kind_{{idx}}")
drafted = st.builds(
    Step,
    text=texts,
    kind=kinds,
    verdict=choices_of("reasoning_steps", "ok_{{idx}}"),
    dropped=st.booleans(),
)
inserted = st.builds(Step, text=texts, kind=kinds, inserted=st.just(True))


def _fit_the_slots(steps: list[Step]) -> bool:
    runs = groupby(steps, key=lambda step: step.inserted)
    return all(len(list(run)) <= len(SLOTS) for is_inserted, run in runs if is_inserted)


RECORDS = st.builds(
    ReasoningSteps,
    steps=st.lists(drafted | inserted, max_size=12).filter(_fit_the_slots).map(tuple),
    answer=texts,
    verdict=choices_of("reasoning_steps", "verdict"),
)
EXAMPLE = ReasoningSteps(
    steps=(
        Step("It was asked in the app.", "observation", inserted=True),
        Step("The card was declined.", "observation", "correct"),
        Step("", None, "wrong"),
        Step("The shop is closed.", "assumption", "doubtful", dropped=True),
        Step("The limit is reached.", "final conclusion", "doubtful"),
    ),
    answer="Your limit is reached.",
    verdict="rewrite",
)
