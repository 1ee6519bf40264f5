"""Whether somebody may do a task, and how well they fit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# the kind of category whose labels are in an order: how hard a task is
COMPLEXITY = "complexity"
# what a kind of category costs of which somebody takes every label, where others name this one
_GENERALIST = 1.0
# what a step costs by which somebody could do a harder task
_SPARED = 0.1


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody of the table of experts who has an account.

    Attributes:
        email: as Label Studio writes it, and `user` its id there.
        skills: by kind of category, the labels that are theirs; a kind that is left out: all.
        tiers: of review in which they decide.
        languages: ISO 639-1 codes; none: all.
        hours: of a week, which is their share of the work; 0: they get nothing.
        hardest: place of the hardest label of `complexity` that is theirs; None: any.
        annotates: whether they get tasks of the project itself.
    """

    email: str
    user: int
    skills: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tiers: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    hours: float = 1.0
    hardest: int | None = None
    annotates: bool = True


@dataclass(frozen=True, slots=True)
class TaskKind:
    """All that decides who may do a task: tasks of one kind are dealt out together.

    Attributes:
        labels: kind of category and label, in the order of their names.
        language: of what the user wrote; None: not known.
        complexity: place of its label of `complexity`; None: not known.
        tier: of review; None: a task of the project itself.
        barred: Label Studio's ids of those who are not to get it: their work is reviewed, or they
            have finished or skipped it.
    """

    labels: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    complexity: int | None = None
    tier: str | None = None
    barred: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls,
        categories: Mapping[str, str | Sequence[str]],
        complexities: Sequence[str],
        *,
        language: str | None = None,
        tier: str | None = None,
        barred: frozenset[int] = frozenset(),
    ) -> "TaskKind":
        """The kind of a task with these categories.

        Args:
            complexities: the labels of `complexity`, the easiest first.
        """
        label = categories.get(COMPLEXITY)
        complexity = complexities.index(str(label)) if label in complexities else None
        rest = [(k, v) for k, v in categories.items() if k != COMPLEXITY]
        pairs = {(k, each) for k, v in rest for each in ((v,) if isinstance(v, str) else v)}
        return cls(tuple(sorted(pairs)), language, complexity, tier, barred)


def fits(expert: Expert, kind: TaskKind) -> bool:
    """Whether somebody may do a task, by tier, skills, language and complexity.

    What is not known of a task keeps nobody from it, own work does.
    """
    may = expert.annotates if kind.tier is None else kind.tier in expert.tiers
    return may and expert.user not in kind.barred and has_skills(expert, kind)


def has_skills(expert: Expert, kind: TaskKind) -> bool:
    """Whether a task is somebody's by category, language and complexity alone."""
    if kind.language is not None and expert.languages and kind.language not in expert.languages:
        return False
    if expert.hardest is not None and (kind.complexity or 0) > expert.hardest:
        return False
    return all(
        name not in expert.skills or label in expert.skills[name] for name, label in kind.labels
    )


def cost(expert: Expert, kind: TaskKind, hardest: int) -> float:
    """How much better somebody else might be kept for a task, of those who may do it; 0 is best.

    Who names a label is preferred to who takes all of them; who can do harder tasks is kept for
    those.

    Args:
        hardest: the place of the hardest label of `complexity`.
    """
    general = sum(name not in expert.skills for name, _ in kind.labels)
    could = hardest if expert.hardest is None else expert.hardest
    spared = 0 if kind.complexity is None else max(could - kind.complexity, 0)
    return _GENERALIST * general + _SPARED * spared


def described(kind: TaskKind) -> str:
    """What a kind of task asks of people, as `topic fraud, de, compliance`."""
    said = [f"{name} {label}" for name, label in kind.labels]
    said += [] if kind.complexity is None else [f"{COMPLEXITY} {kind.complexity + 1}"]
    said += [each for each in (kind.language, kind.tier) if each is not None]
    return ", ".join(said) or "any task"
