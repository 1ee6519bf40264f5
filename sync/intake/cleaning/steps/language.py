"""Tasks in which the user speaks another language than those wanted, judged by py3langid."""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.common.errors import ConfigError
from sync.common.languages import NO_LANGUAGE, known_languages, letters, prose, ranking
from sync.common.task_texts import user_text
from sync.intake.cleaning.chain import Situation
from sync.intake.cleaning.task_batches import NOTE, TaskBatch, TaskData
from sync.settings.cleaning import CleaningSection

TOO_SHORT = "too short to judge"
UNCLEAR = "in no clear language"

# probability of the likeliest language; where it is less, the model does not know
_CLEAR = 0.25


@dataclass(frozen=True)
class Language:
    """Drops tasks whose user speaks another language.

    Attributes:
        wanted: ISO 639-1 codes.
        least: probability of the wanted ones together, in (0, 1], below which a task is dropped.
        shortest: bytes of UTF-8, without code and addresses; a shorter text is kept unjudged.
            Bytes, since a Chinese character says more than a Latin one.
    """

    wanted: tuple[str, ...]
    least: float
    shortest: int

    def __call__(self, batch: TaskBatch) -> TaskBatch:
        judged = list(map(self.judge, batch.datas()))
        noted = batch.with_column(NOTE, [note for _, note in judged])
        return noted.dropping([reason for reason, _ in judged])

    def judge(self, data: TaskData) -> tuple[str | None, str | None]:
        """Why a task is dropped, or else what is to be noted of it."""
        text = prose(user_text(data))
        if len(letters(text).encode("utf-8", "replace")) < self.shortest:
            return None, TOO_SHORT
        ranked = ranking(text)
        code, probability = ranked[0]
        if code == NO_LANGUAGE or probability < _CLEAR:
            return None, UNCLEAR
        likely = sum(probability for code, probability in ranked if code in self.wanted)
        if likely >= self.least:
            return None, None
        wanted = ", ".join(self.wanted)
        return f"in {code} ({probability:.2f}), not in {wanted} ({likely:.2f})", None


def step(settings: CleaningSection, situation: Situation) -> Language | None:
    """The step as set, or None when it is off.

    Raises:
        ConfigError: a language that can't be told.
    """
    section = settings.language
    if not section.on:
        return None
    check_languages(section.wanted)
    return Language(section.wanted, section.least, section.shortest)


def check_languages(wanted: Sequence[str]) -> None:
    """Check that languages are known.

    Raises:
        ConfigError: the first one that is not, and what to write instead.
    """
    known = known_languages()
    for code in wanted:
        if code not in known:
            # of English, eng and en-GB
            start = code[:2].lower()
            remedy = f"did you mean {start!r}?" if start in known else f"use {', '.join(known)}"
            raise ConfigError(
                f"labeltune.toml: cleaning.language.wanted: unknown language {code!r}; {remedy}"
            )
