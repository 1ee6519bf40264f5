"""Who may do a task: by tier, skills, language and complexity, and never their own work."""

import pytest

from sync.queue.review.experts.fit import Expert, TaskKind, cost, described, fits

LEVELS = ("straightforward", "moderate", "nuanced")
ANA = Expert(
    "ana@example.org",
    7,
    skills={"topic": frozenset({"cards", "fees"})},
    tiers=frozenset({"compliance"}),
    languages=frozenset({"en"}),
    hardest=1,
)
BO = Expert("bo@example.org", 8, annotates=False, tiers=frozenset({"peer", "compliance"}))


def kind(
    topic: str | None = None,
    complexity: str | None = None,
    language: str | None = None,
    tier: str | None = None,
    barred: frozenset[int] = frozenset(),
) -> TaskKind:
    found = {"topic": topic, "complexity": complexity}
    categories = {name: label for name, label in found.items() if label is not None}
    return TaskKind.of(categories, LEVELS, language=language, tier=tier, barred=barred)


@pytest.mark.parametrize(
    ("asked", "ana", "bo"),
    [
        (kind(), True, False),
        (kind("cards"), True, False),
        (kind("fraud"), False, False),
        (kind("fees", "moderate", "en"), True, False),
        (kind("fees", "nuanced"), False, False),
        (kind("fees", language="de"), False, False),
        (kind("fraud", "nuanced", "de", tier="compliance"), False, True),
        (kind("fees", tier="compliance"), True, True),
        (kind("fees", tier="peer"), False, True),
        (kind("fees", tier="compliance", barred=frozenset({7})), False, True),
        (kind("fees", barred=frozenset({7})), False, False),
        (kind("fees", tier="attorney"), False, False),
    ],
)
def test_who_may(asked: TaskKind, ana: bool, bo: bool) -> None:
    assert (fits(ANA, asked), fits(BO, asked)) == (ana, bo)


def test_a_task_of_several_labels_asks_for_all_of_them() -> None:
    asked = TaskKind.of({"intent": ("refund", "fees"), "topic": "cards"}, ())
    one = Expert("c@example.org", 9, skills={"intent": frozenset({"refund"})})
    both = Expert("d@example.org", 10, skills={"intent": frozenset({"refund", "fees"})})
    assert (fits(one, asked), fits(both, asked)) == (False, True)


def test_who_names_a_label_is_preferred_and_harder_tasks_are_kept_for_who_can_do_them() -> None:
    assert cost(ANA, kind("cards"), 2) < cost(BO, kind("cards"), 2)
    assert cost(ANA, kind(complexity="straightforward"), 2) < cost(
        BO, kind(complexity="straightforward"), 2
    )
    assert cost(BO, kind(complexity="nuanced"), 2) < cost(BO, kind(complexity="moderate"), 2)


def test_a_kind_is_described_in_words() -> None:
    asked = kind("fraud", "nuanced", "de", "compliance")
    assert described(asked) == "topic fraud, complexity 3, de, compliance"
    assert described(kind()) == "any task"
