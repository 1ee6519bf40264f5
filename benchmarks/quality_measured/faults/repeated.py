"""Answers that say the same over and over, as a model does that has fallen into a loop."""

import re
from collections.abc import Callable
from random import Random

from benchmarks.quality_measured.cases import Case, Kind, Plant
from benchmarks.quality_measured.faults.planting import named
from sync.quality.text_checks.checked_text import CheckedText

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_FEWEST_WORDS = 6  # of a sentence that loops
_OPENINGS = (
    "In other words, ",
    "It is important to note that ",
    "To summarize, ",
    "Again, ",
    "As mentioned, ",
    "Overall, ",
)
_ITEMS = (
    "Drink plenty of water",
    "Ask a doctor before you change anything",
    "Keep a note of every date",
    "Check the settings once more",
    "Call us in the morning",
)
_FILLERS = ("very", "really", "and", "the", "to", "of", "so")
_NOTES = ("Please note: ", "Note that ", "Remember: ")

Loop = Callable[[list[str], str, Random], str]


def _long_ones(answer: str) -> list[str]:
    return [one for one in _SENTENCE.split(answer) if len(one.split()) >= _FEWEST_WORDS]


def _looping(name: str, loop: Loop) -> Plant:
    """An answer whose sentences loop; None where no sentence is long enough to tell."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        answer = case.text.answer
        return case.answering(loop(there, answer, draws)) if (there := _long_ones(answer)) else None

    return named(name, plant)


def _lowered(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _last_sentence_again(there: list[str], answer: str, draws: Random) -> str:
    return f"{answer} {' '.join([there[-1]] * draws.randint(2, 6))}"


def _words_in_a_loop(there: list[str], answer: str, draws: Random) -> str:
    words = there[-1].split()
    at = draws.randint(2, len(words) - 2)
    looped = [draws.choice(_FILLERS)] * draws.randint(8, 40)
    return f"{answer} {' '.join([*words[:at], *looped])}"


def _paragraph_again(there: list[str], answer: str, draws: Random) -> str:
    return "\n\n".join([answer, answer])


def _items_in_a_loop(there: list[str], answer: str, draws: Random) -> str:
    items = draws.sample(_ITEMS, 2) * draws.randint(3, 8)
    return f"{answer}\n\n" + "\n".join(f"{i}. {item}." for i, item in enumerate(items, 1))


def _loop_cut_off(there: list[str], answer: str, draws: Random) -> str:
    """Until the model's last token was spent, which is in the middle of a sentence."""
    loop = " ".join([draws.choice(there)] * draws.randint(4, 30))
    return f"{answer} {loop[: -draws.randint(8, 24)]}"


def _two_in_turn(there: list[str], answer: str, draws: Random) -> str:
    pair = draws.sample(there, 2) if len(there) > 1 else [there[0], draws.choice(_ITEMS) + "."]
    return f"{answer} {' '.join(pair * draws.randint(2, 5))}"


def _said_in_a_row(there: list[str], answer: str, draws: Random) -> str:
    said = draws.choice(there)
    return answer.replace(said, f"{said} {said}", 1)


def _opened_otherwise(there: list[str], answer: str, draws: Random) -> str:
    said = _lowered(draws.choice(there))
    openings = draws.sample(_OPENINGS, draws.randint(3, 5))
    return f"{answer} {' '.join(opening + said for opening in openings)}"


def _answer_under_headings(there: list[str], answer: str, draws: Random) -> str:
    heads = draws.choice(
        (("Answer:", "Final answer:"), ("### Response", "### Response"), ("", "Answer:"))
    )
    return "\n\n".join(f"{head}\n{answer}".strip() for head in heads)


def _numbered_copies(there: list[str], answer: str, draws: Random) -> str:
    """A list that goes on with one point under ever new numbers."""
    point = draws.choice(there)
    mark = draws.choice(("{}. ", "**{}.** ", "Step {}: ", "({}) "))
    return f"{answer}\n\n" + "\n".join(
        mark.format(i) + point for i in range(1, draws.randint(4, 13))
    )


def _bullets_at_a_distance(there: list[str], answer: str, draws: Random) -> str:
    """A list whose points come back, in another order each time."""
    items = draws.sample(_ITEMS, 4)
    rounds = [item for _ in range(draws.randint(3, 5)) for item in draws.sample(items, 4)]
    mark = draws.choice(("- ", "* ", "• "))
    return f"{answer}\n\n" + "\n".join(mark + item for item in rounds)


def _refrain(there: list[str], answer: str, draws: Random) -> str:
    """One sentence after every other."""
    note = draws.choice(_NOTES) + _lowered(there[0])
    told = [*_SENTENCE.split(answer), *draws.sample([f"{item}." for item in _ITEMS], 3)]
    return " ".join(part for sentence in told for part in (sentence, note))


def _phrase_in_a_sentence(there: list[str], answer: str, draws: Random) -> str:
    """A few words that a sentence doesn't get past."""
    words = draws.choice(there).rstrip(".!?").split()
    length = draws.randint(2, 4)
    at = draws.randint(0, len(words) - length)
    loop = words[at : at + length] * draws.randint(5, 20)
    joint = draws.choice((" ", ", "))
    chunks = [" ".join(loop[i : i + length]) for i in range(0, len(loop), length)]
    return f"{answer} {' '.join(words[:at])} {joint.join(chunks)}".replace("  ", " ")


def _one_token(there: list[str], answer: str, draws: Random) -> str:
    """A token that the model can't leave: a mark, a piece of a word, a line."""
    token = draws.choice(("!", "ing", "0", " .", "\n\\", "ha", "---\n", "\u200d-"))
    return f"{answer} {token * draws.randint(30, 200)}"


def _one_word_differs(there: list[str], answer: str, draws: Random) -> str:
    """Near-copies: a name or an adjective is all that changes."""
    said = draws.choice(there).split()
    at = draws.randint(1, len(said) - 2)
    others = draws.sample(("certain", "some", "several", "many", "most", "various", "other"), 5)
    return f"{answer} " + " ".join(" ".join([*said[:at], word, *said[at + 1 :]]) for word in others)


REPEATED = {
    "repetition": Kind(
        "repetition",
        ("pubmedqa", "medquad", "bank", "support"),
        (
            _looping("the last sentence again and again", _last_sentence_again),
            _looping("a word in a loop", _words_in_a_loop),
            _looping("the whole answer twice", _paragraph_again),
            _looping("two points in a loop", _items_in_a_loop),
        ),
        (
            _looping("a loop that is cut off", _loop_cut_off),
            _looping("two sentences in turn", _two_in_turn),
            _looping("a sentence twice in a row", _said_in_a_row),
            _looping("the same, opened otherwise", _opened_otherwise),
            _looping("the answer under a second heading", _answer_under_headings),
            _looping("copies under new numbers", _numbered_copies),
            _looping("points that come back", _bullets_at_a_distance),
            _looping("a refrain", _refrain),
            _looping("a phrase within a sentence", _phrase_in_a_sentence),
            _looping("one token", _one_token),
            _looping("near-copies", _one_word_differs),
        ),
        frozenset({"cut_off", "readability", "broken_markdown", "unanswered_intent"}),
    ),
}
