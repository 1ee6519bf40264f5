"""How many planted faults each text check finds, and how often it speaks without reason."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.quality_measured.cases import Case, Half, Planted, planted
from benchmarks.quality_measured.kinds import KINDS, OPTIONS, all_cases
from benchmarks.quality_measured.scenes.real import whole
from connectors.reading import Reading
from sync.quality.text_checks import OFF_UNLESS_ASKED, TEXT_CHECKS
from sync.quality.text_checks.by_meaning import which_hold
from sync.quality.text_checks.checked_text import CheckedText

ReadTexts = Callable[[Sequence[str]], Reading]
PLANTED, OF_OTHERS = 200, 50  # of each kind: to be found, and to be passed over
EXAMPLES = 3


@dataclass
class Fires:
    """What one check said.

    Attributes:
        read: gives the vectors of texts, for faults that depend on meaning.
        found, planted: faults of its kinds.
        on_twins: clean answers that it fired on, `twins`: that it was asked about.
        on_others: answers with faults of other kinds that it fired on.
        missed, wrong: examples of both.
    """

    read: ReadTexts
    found: int = 0
    planted: int = 0
    on_twins: int = 0
    twins: int = 0
    on_others: int = 0
    others: int = 0
    seconds: float = 0.0
    by_way: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong_at: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str]] = field(default_factory=list)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Figures without examples."""
        right = self.found + self.on_twins + self.on_others
        asked = self.planted + self.twins + self.others
        return {
            "planted": self.planted,
            "recall": round(self.found / self.planted, 3) if self.planted else None,
            "precision": round(self.found / right, 3) if right else None,
            "on_clean_twins": self.on_twins,
            "clean_twins": self.twins,
            "on_other_faults": self.on_others,
            "other_faults": self.others,
            "ms_a_text": round(1000 * self.seconds / asked, 3) if asked else None,
        }

    def examples(self) -> dict[str, Any]:
        """Some that were missed and some that were wrong, spread over the ways of planting."""
        return {
            "missed": spread(self.missed),
            "wrong": spread(self.wrong),
            "wrong_at": dict(self.wrong_at.most_common(12)),
        }


def spread(examples: list[tuple[str, str]]) -> list[str]:
    """A few examples, each of another way while there are some."""
    by_way = dict(reversed(examples))
    return [text for _, text in zip(range(EXAMPLES), by_way.values(), strict=False)]


def measured(data: Path, half: Half, read: ReadTexts, number: int = PLANTED) -> dict[str, Any]:
    """Figures by check and by kind of fault; examples of the half that may be looked at."""
    fires = {
        name: one
        for name, one in fired(data, half, read, number).items()
        if one.planted or one.twins
    }
    kinds = {}
    for name, kind in KINDS.items():
        if kind.check in fires:
            ways = {
                way.removeprefix(f"{name}: "): counts
                for way, counts in fires[kind.check].by_way.items()
                if way.startswith(f"{name}: ")
            }
            found, planted_ones = (sum(counts[i] for counts in ways.values()) for i in (0, 1))
            kinds[name] = {
                "check": kind.check,
                "planted": planted_ones,
                "recall": round(found / planted_ones, 3) if planted_ones else None,
                "by_way": {way: f"{a}/{b}" for way, (a, b) in ways.items()},
            }
    told: dict[str, Any] = {
        "checks": {name: one.as_json() for name, one in fires.items()},
        "kinds": kinds,
    }
    if half == "dev":
        told["examples"] = {name: one.examples() for name, one in fires.items()}
    return told


def checks_of(scene: str) -> dict[str, Any]:
    """The checks that are on in a scene, by name, with their options there."""
    wanted = {kind.check for kind in KINDS.values() if scene in kind.scenes}
    options = OPTIONS.get(scene, {})
    return {
        name: check(**options.get(name, {}))
        for name, check in TEXT_CHECKS.items()
        if name not in OFF_UNLESS_ASKED or name in options or name in wanted
    }


def all_planted(data: Path, half: Half, number: int) -> list[Planted]:
    """Every kind's faults whose check is a text check."""
    cases = all_cases(data, half, 2 * number)
    return [
        one
        for name, kind in KINDS.items()
        if kind.check in TEXT_CHECKS
        for one in planted(name, kind, half, cases, number)
    ]


def fired(data: Path, half: Half, read: ReadTexts, number: int = PLANTED) -> dict[str, Fires]:
    """What every check says of its own faults, of a sample of all others, and of their twins."""
    faults = all_planted(data, half, number)
    found: dict[str, Fires] = {name: Fires(read) for name in TEXT_CHECKS}
    checks = {scene: checks_of(scene) for scene in {one.clean.scene for one in faults}}
    seen: Counter[str] = Counter()
    asked: set[tuple[str, str, str, str]] = set()
    for one in faults:
        seen[one.kind] += 1
        for name, check in checks[one.clean.scene].items():
            kind = KINDS[one.kind]
            is_own = name == kind.check
            if is_own or seen[one.kind] <= OF_OTHERS:
                _ask_clean(found[name], name, check, one.clean, asked)
                if is_own or name not in kind.also:
                    _ask_faulty(found[name], check, one, is_own)
    return found


def _ask_clean(
    fires: Fires, name: str, check: Any, clean: Case, asked: set[tuple[str, str, str, str]]
) -> None:
    key = (name, clean.scene, clean.text.question, clean.text.answer)
    if key in asked:
        return
    asked.add(key)
    fires.twins += 1
    if said := _said(fires, check, clean.text):
        fires.on_twins += 1
        _note_wrong(fires, clean, clean.text, said, "clean")


def _ask_faulty(fires: Fires, check: Any, one: Planted, is_own: bool) -> None:
    said = _said(fires, check, one.faulty)
    where = f"{one.kind}: {one.way}"
    if not is_own:
        fires.others += 1
        if said:
            fires.on_others += 1
            _note_wrong(fires, one.clean, one.faulty, said, where)
        return
    fires.planted += 1
    fires.by_way[where][0] += bool(said)
    fires.by_way[where][1] += 1
    if said:
        fires.found += 1
    else:
        fires.missed.append((where, _shown(one.clean, one.faulty, where)))


def false_alarms(data: Path, read: ReadTexts) -> dict[str, Any]:
    """Of every check at its defaults: fires among 1,000 clean answers of each set, and of both."""
    cases = whole(data)
    found: dict[str, Any] = {}
    for name, check in TEXT_CHECKS.items():
        made = check()
        counts = {
            scene: sum(bool(_holding(made(one.text), read)) for one in some)
            for scene, some in cases.items()
        }
        per = {scene: round(1000 * counts[scene] / len(some), 1) for scene, some in cases.items()}
        both = round(1000 * sum(counts.values()) / sum(map(len, cases.values())), 1)
        found[name] = {**per, "both": both, "by_default": name not in OFF_UNLESS_ASKED}
    return found


def _said(fires: Fires, check: Any, text: CheckedText) -> list[Any]:
    started = process_time()
    said = [*check(text)]
    fires.seconds += process_time() - started
    return _holding(said, fires.read)


def _holding(said: Iterable[Any], read: ReadTexts) -> list[Any]:
    """Faults without those that would depend on a meaning that the texts have not."""
    told = [*said]
    holds = which_hold([one.only_if for one in told if one.only_if is not None], read)
    return [one for one in told if one.only_if is None or holds[one.only_if]]


def _note_wrong(
    fires: Fires, case: Case, text: CheckedText, said: Iterable[Any], where: str
) -> None:
    fires.wrong_at[where] += 1
    messages = "; ".join(one.message for one in said)
    fires.wrong.append((where, f"said: {messages}\n{_shown(case, text, where)}"))


def _shown(case: Case, text: CheckedText, way: str) -> str:
    """A text as an example, with all that a check may have looked at."""
    parts: Mapping[str, object] = {
        "scene": case.scene,
        "planted": way,
        "question": text.question,
        "answer": text.answer
        if len(text.answer) < 900
        else f"{text.answer[:450]} [...] {text.answer[-450:]}",
        "reasoning": list(text.reasoning),
        "context": dict(text.context),
        "documents": [one.text[:300] for one in text.documents],
        "intents": list(text.intents),
        "lead_time_s": text.lead_time_s,
    }
    return "\n".join(f"{name}: {value!r}" for name, value in parts.items() if value)
