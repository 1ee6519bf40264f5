"""Faults of form: what a reader sees without knowing the subject."""

from dataclasses import replace
from random import Random

from benchmarks.quality_measured.cases import Case, Kind, Plant
from benchmarks.quality_measured.faults.planting import amid, first, last, named, whole
from sync.quality.text_checks.checked_text import CheckedText

_ANY = ("pubmedqa", "medquad", "bank", "support")


def _cut_between_words(case: Case, draws: Random) -> CheckedText | None:
    words = case.text.answer.split(" ")
    if len(words) < 12:
        return None
    kept = words[: draws.randint(len(words) // 2, len(words) - 3)]
    if not kept[-1] or kept[-1][-1] in ".!?:)":
        return None
    return case.answering(" ".join(kept))


def _cut_within_word(case: Case, draws: Random) -> CheckedText | None:
    text = case.text.answer
    if len(text) < 80:
        return None
    at = draws.randint(len(text) // 2, len(text) - 20)
    return case.answering(text[:at]) if text[at - 2 : at + 2].isalpha() else None


def _cut_after_comma(case: Case, draws: Random) -> CheckedText | None:
    places = [i + 1 for i, letter in enumerate(case.text.answer) if letter == "," and i > 60]
    return case.answering(case.text.answer[: draws.choice(places)]) if places else None


def _read_at(name: str, slowest: int, fastest: int) -> Plant:
    """Accepted as drafted, at so many words a minute."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        words = len(case.text.answer.split())
        if words < 40:
            return None
        seconds = 60 * words / draws.randint(slowest, fastest)
        return replace(case.text, draft=case.text.answer, lead_time_s=round(seconds, 2))

    return named(name, plant)


def _said_again(name: str, times: int, joint: str) -> Plant:
    """An answer of a thousand words and more to a question of one line."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        if len(case.text.question.split()) > 12:
            return None
        answer = joint.join([case.text.answer] * times)
        asides = (f" As said before, point {i} matters as well." for i in range(times))
        return case.answering(answer + "".join(asides))

    return named(name, plant)


def _short(name: str, answers: tuple[str, ...]) -> Plant:
    """Hardly a word in answer to a question that asks for much."""

    def plant(case: Case, draws: Random) -> CheckedText | None:
        if len(case.text.question.split()) < 14:
            return None
        return case.answering(draws.choice(answers))

    return named(name, plant)


_HEAVY_DEV = (
    "Notwithstanding the aforementioned considerations, the institution reserves unto itself the "
    "unfettered prerogative to undertake a comprehensive reassessment of the contractual "
    "stipulations governing the remuneration of intermediary services, whereupon the beneficiary "
    "shall, without undue procrastination, effectuate the requisite documentation.",
    "The aforesaid reimbursement, contingent upon satisfactory corroboration of the circumstances "
    "precipitating the disputed disbursement, necessitates the preliminary submission of "
    "authenticated documentation substantiating the irregularity, in accordance with the "
    "applicable regulatory provisions and internal administrative procedures.",
)
_HEAVY_REPORTED = (
    "Pursuant to the stipulations promulgated in the general conditions, the implementation of "
    "modifications pertaining to the authorisation parameters of the instrument presupposes an "
    "antecedent verification of the proprietor's identity, the non-fulfilment of which inevitably "
    "occasions the discontinuation of the corresponding procedure.",
    "Insofar as the materialisation of the anticipated remittance is predicated upon the "
    "operational capabilities of correspondent institutions, a definitive determination "
    "concerning the temporal dimension of its consummation remains, regrettably, beyond the "
    "organisation's jurisdictional competence and administrative discretion.",
)


def _heavy(name: str, sentences: tuple[str, ...]) -> Plant:
    """The whole answer is as heavy as this."""
    return named(
        name,
        lambda case, draws: case.answering(
            " ".join([*draws.sample(sentences, 2), f"In the matter of: {case.text.question}"])
        ),
    )


_FENCED_DEV = (
    'Send this:\n\n```json\n{"folder": "2026", "rights": ["read"]}\n',
    "Run the following:\n\n```\nfiledesk export --all\n\nIt takes a minute.",
)
_FENCED_REPORTED = (
    "Use this script:\n\n```python\nfor name in names:\n    print(name)\n\nThen start it.",
    "For example:\n\n```bash\ncurl https://example.com/export\n``\n",
    "As a table:\n\n~~~\na,b\n1,2\n",
)

FORM = {
    "empty": Kind(
        "incomplete",
        _ANY,
        (whole("blank", ("", " ", "\n\n", "\t")),),
        (
            whole("nothing", ("", "  \n")),
            whole("invisible", ("\u200b", "\u00a0", "\ufeff", "\u200b \u200b")),
            whole("markup", ("&nbsp;", "<br>", "<p></p>", "**")),
        ),
        also=frozenset({"broken_markdown", "placeholder", "unanswered_intent"}),
    ),
    "placeholder": Kind(
        "placeholder",
        _ANY,
        (
            first(
                "[name]", ("Dear [Name],", "Dear [Customer Name],", "Hello [insert name],"), "\n\n"
            ),
            amid("todo", ("TODO: check this.", "(TBD)", "XXX")),
            last("template", ("Kind regards, {{agent_name}}", "Call us at {phone_number}.")),
            whole("sign", ("-", "...", "n/a")),
            amid("latin", ("Lorem ipsum dolor sit amet, consectetur adipiscing elit.",)),
        ),
        (
            last(
                "[your name]",
                ("Best regards,\n[Your Name]\n[Your Position]", "[signature here]"),
                "\n",
            ),
            amid(
                "angles",
                ("See <insert link>.", "The fee is <AMOUNT>.", "Contact <department name>."),
            ),
            amid(
                "blanks",
                ("It takes ____ days.", "The number is XXXX-XXXX.", "The price is $XX.XX."),
            ),
            whole("sign", ("\u2014", "\u2026", "N/A", "?")),
            amid(
                "fixme", ("FIXME", "[TO BE COMPLETED]", "[ADD DETAILS HERE]", "(to be filled in)")
            ),
            last("dollars", ("Kind regards, ${agent}", "Your team at %COMPANY_NAME%")),
        ),
        also=frozenset(
            {
                "assistant_phrase",
                "cut_off",
                "unanswered_intent",
                "unsupported_claim",
                "unsupported_fact",
            }
        ),
    ),
    "cut off": Kind(
        "cut_off",
        _ANY,
        (_cut_within_word, last("and", ("It also helps to check the form and",))),
        (
            _cut_between_words,
            _cut_after_comma,
            last("next item", ("You also need:\n1. the form\n2. a copy of\n",), "\n"),
            last(
                "open bracket",
                ("This is described in the terms (see section", "We have to (and this"),
            ),
        ),
        also=frozenset(
            {"broken_markdown", "missing_section", "required_phrase", "unanswered_intent"}
        ),
    ),
    "read too fast": Kind(
        "too_fast",
        ("drafted",),
        (_read_at("1500 to 4000 words a minute", 1500, 4000),),
        (
            _read_at("1000 to 1500 words a minute", 1000, 1500),
            _read_at("1500 to 3000 words a minute", 1500, 3000),
            _read_at("3000 to 9000 words a minute", 3000, 9000),
        ),
    ),
    "too long or short": Kind(
        "unusual_length",
        ("bank", "medquad", "pubmedqa"),
        (
            _said_again("very long", 24, "\n\n"),
            _short("a word", ("Yes.", "No.", "Maybe.")),
        ),
        (
            _said_again("long twice over", 30, "\n\nAnd further:\n\n"),
            _short("two words", ("It depends.", "See above.", "Not sure.", "Ask us.")),
        ),
        also=frozenset(
            {
                "cut_off",
                "empty",
                "repetition",
                "unanswered_intent",
                "unsupported_claim",
                "unsupported_fact",
            }
        ),
    ),
    "hard to read": Kind(
        "readability",
        ("bank",),
        (_heavy("dev", _HEAVY_DEV),),
        (_heavy("reported", _HEAVY_REPORTED),),
        also=frozenset({"cut_off", "unusual_length", "unsupported_claim"}),
    ),
    "open fence": Kind(
        "broken_markdown",
        ("support", "bank"),
        (last("dev", _FENCED_DEV, "\n\n"),),
        (last("reported", _FENCED_REPORTED, "\n\n"),),
        also=frozenset({"cut_off", "unanswered_intent", "unsupported_claim"}),
    ),
    "broken markdown": Kind(
        "broken_markdown",
        _ANY,
        (
            last("open bold", ("**Please note that this may change.", "Mind the **fee.")),
            last(
                "open link",
                (
                    "See [our terms](https://example.com/terms",
                    "See [the form(https://example.com).",
                ),
            ),
        ),
        (
            amid("open bold", ("This is **important, so read on.", "**Note: keep the receipt.")),
            amid(
                "open link",
                (
                    "More is in [the guide](example.com/guide.",
                    "Look at [this page] (https://example.com/a).",
                ),
            ),
            last("open code", ("Then press `Save.", "Type `export and wait.")),
            last(
                "torn table",
                (
                    "| plan | fee |\n|---|---|\n| Plus | 5 | 7 |\n| Basic\n",
                    "| a | b |\n|--\n| 1 | 2 |",
                ),
                "\n\n",
            ),
            last("glued heading", ("##What next\nNothing.", "###Fees\nNone."), "\n\n"),
        ),
        also=frozenset({"cut_off", "unsupported_claim"}),
    ),
}
