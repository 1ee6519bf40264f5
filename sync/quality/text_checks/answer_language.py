"""Answers in another language than the question.

Languages are told by py3langid, which needs a sentence and is misled by names and Latin terms. So a
question's own language is not asked for: the check looks how likely the *answer's* language is for
the question, and finds something only where that is next to impossible.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.common.languages import language_of, letters, probability, prose
from sync.quality.text_checks.checked_text import CheckedText, TextFault

# letters that are needed to judge; signs of Chinese, Japanese and Korean say more
_LEAST_QUESTION, _LEAST_ANSWER, _LEAST_SIGNS = 16, 24, 6
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# the answer's language is certain; for the question it is impossible, or another one is likely
_CERTAIN, _IMPOSSIBLE, _UNLIKELY, _LIKELY = 0.8, 0.02, 0.1, 0.5
# so much of an answer may be in another language: quotations, names, terms
_PART = 200
# characters that tell a language
_READ = 1000
# most texts are plainly English, which a look at their small words tells at once
_ENGLISH = frozenset(
    [
        "the",
        "what",
        "how",
        "does",
        "which",
        "who",
        "you",
        "your",
        "with",
        "this",
        "these",
        "was",
        "were",
        "not",
    ]
)
_SMALL = _ENGLISH | frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "can",
        "do",
        "for",
        "from",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "to",
    ]
)
_SHARE = 0.12  # of words, in English text three times that
_WORD = re.compile(r"[a-z]+")
_TRANSLATES = re.compile(
    r"\btranslat|\binterpret (?:this|the)|\bübersetz|\btradui|\btraduc|\btraduz|\bvertaal|\btłumacz"
    r"|перев[её]д|перевод|翻译|翻譯|訳し|翻訳|번역|ترجم|แปล|अनुवाद|\bdịch\b",
    re.IGNORECASE,
)
# what languages call themselves and each other, by code
_NAMES = {
    "en": "english|englisch|anglais|inglés|ingles|inglese|engels|английск|英语|英文|英語|영어",
    "de": "german|deutsch|allemand|alemán|tedesco|duits|немецк|德语|德文|ドイツ語|독일어",
    "fr": "french|französisch|français|francés|francese|frans|французск|法语|法文|フランス語",
    "es": "spanish|spanisch|espagnol|español|castellano|spagnolo|spaans|испанск|西班牙",
    "pt": "portuguese|portugiesisch|portugais|português|portugués|portoghese",
    "it": "italian|italienisch|italien|italiano",
    "nl": "dutch|niederländisch|néerlandais|nederlands",
    "pl": "polish|polnisch|polonais|polski|po polsku",
    "ru": "russian|russisch|russe|ruso|русск",
    "uk": "ukrainian|ukrainisch|українськ",
    "tr": "turkish|türkisch|türkçe",
    "ar": "arabic|arabisch|arabe|العربية",
    "fa": "persian|farsi|فارسی",
    "he": "hebrew|עברית",
    "hi": "hindi|हिन्दी|हिंदी",
    "th": "thai|thailändisch|ไทย",
    "vi": "vietnamese|tiếng việt",
    "id": "indonesian|bahasa",
    "zh": "chinese|mandarin|cantonese|chinesisch|chinois|中文|汉语|漢語|普通话",
    "ja": "japanese|japanisch|japonais|日本語",
    "ko": "korean|koreanisch|coréen|한국어",
    "la": "latin",
    "sv": "swedish|schwedisch|svenska",
    "da": "danish|dänisch|dansk",
    "no": "norwegian|norsk",
    "fi": "finnish|suomeksi",
    "cs": "czech|tschechisch|česky",
    "el": "greek|griechisch|ελληνικ",
    "hu": "hungarian|magyarul",
    "ro": "romanian|rumänisch|română",
}


@dataclass(frozen=True)
class AnswerLanguage:
    """Answers in another language than the question, unless something asks for it.

    Attributes:
        allowed: codes of languages (ISO 639-1) in which any question may be answered.
    """

    allowed: tuple[str, ...] = ()

    def __call__(self, text: CheckedText) -> Iterator[TextFault]:
        answer, question = prose(text.answer), prose(text.question)[:_READ]
        if not (_can_tell(answer, _LEAST_ANSWER) and _can_tell(question, _LEAST_QUESTION)):
            return
        if all(map(_is_plainly_english, (question, answer[:_READ], answer[-_READ:]))):
            return
        found = _foreign(answer, question)
        part = "" if found else "partly "
        found = found or _foreign_end(answer, question)
        if found is None or found in self.allowed or _is_asked_for(found, text):
            return
        asked = language_of(question)
        yield TextFault(
            f"the answer is {part}in another language ({found}) than the question"
            f"{f' ({asked})' if asked else ''}; translate it, or list the language under "
            "checks.answer_language.allowed",
            0.2 if part else 0.1,
        )


def _can_tell(text: str, least: int) -> bool:
    said = letters(text)
    return len(said) >= least or len(_SIGNS.findall(said)) >= _LEAST_SIGNS


def _is_plainly_english(text: str) -> bool:
    words = _WORD.findall(text.lower())
    small = sum(word in _SMALL for word in words)
    return text.isascii() and small >= _SHARE * len(words) and not _ENGLISH.isdisjoint(words)


def _foreign(answer: str, question: str) -> str | None:
    """The answer's language, where it is certain and not the question's."""
    answer = answer[:_READ]
    found = language_of(answer, _CERTAIN)
    if found is None:
        return None
    likely = probability(question, found)
    if likely < _IMPOSSIBLE:
        return found
    asked = language_of(question, _LIKELY)
    other = asked is not None and probability(answer, asked) < _IMPOSSIBLE
    return found if other and likely < _UNLIKELY else None


def _foreign_end(answer: str, question: str) -> str | None:
    """The language of an answer's end, where it begins in the question's."""
    if len(answer) < 2 * _PART:
        return None
    return _foreign(answer[max(len(answer) // 2, len(answer) - _READ) :], question)


def _is_asked_for(language: str, text: CheckedText) -> bool:
    if _TRANSLATES.search(text.question) or language in _values(text):
        return True
    names = _NAMES.get(language)
    if names is None:
        return False
    told = " ".join((text.question, text.guidelines, *text.context.values(), *_values(text)))
    return re.search(rf"(?<!\w)(?:{names})", told, re.IGNORECASE) is not None


def _values(text: CheckedText) -> Iterator[str]:
    """Facts and categories that may be codes of languages."""
    for name, value in (*text.context.items(), *text.categories.items()):
        if re.search("lang|locale|sprache", name, re.IGNORECASE):
            yield value.strip().lower()[:2]
            yield value
