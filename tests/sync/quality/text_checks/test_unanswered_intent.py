"""Parts of a query that nobody answered."""

from collections.abc import Sequence

import pytest

from connectors.embedding import load_encoder
from connectors.reading import read
from sync.quality.checks.check import nothing_reads
from sync.quality.text_checks.by_meaning import which_hold
from sync.quality.text_checks.checked_text import CheckedText, TextFault
from sync.quality.text_checks.unanswered_intent import UnansweredIntent
from tests.sync.quality.text_checks.texts import CLEAN

QUERY = "My card is lost. How do I freeze it, and what does a new one cost?"


def intents(*parts: tuple[str, str]) -> list[str]:
    text = CheckedText(QUERY, QUERY, "…", intents=parts)
    return [fault.message for fault in UnansweredIntent()(text)]


def asked(question: str, answer: str) -> list[str]:
    """What words alone tell."""
    faults = UnansweredIntent()(CheckedText(question, question, answer))
    return [f.message for f in faults if f.only_if is None]


def test_an_intent_without_a_part() -> None:
    (message,) = intents(("cards", "Freeze it in the app."), ("fees", ""))
    assert "'fees'" in message


def test_two_intents_with_one_answer() -> None:
    (message,) = intents(("cards", "Freeze it in the app."), ("fees", "Freeze  it in the app."))
    assert "'cards' and 'fees'" in message


def test_a_part_that_speaks_of_something_else() -> None:
    other = "Mortgage rates follow the base rate that banks publish every quarter."
    assert len(intents(("cards", "Freeze it in the app."), ("fees", other))) == 1
    assert intents(("cards", "Freeze it in the app."), ("mortgage_rates", other)) == []
    assert intents(("cards", "Freeze it in the app."), ("fees", "GBP 5.")) == []


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        ("Freeze it in the app under Cards.", 1),
        ("Freeze it in the app. A new card costs GBP 5.", 0),
        ("Freeze it in the app. It is free of charge.", 0),
    ],
)
def test_a_question_that_is_left_out(answer: str, faults: int) -> None:
    assert len(asked(QUERY, answer)) == faults


def test_enumerated_questions() -> None:
    question = "Please tell me:\n1. What is the overdraft limit?\n2. Who signs the mortgage?"
    assert len(asked(question, "Your overdraft limit is 500.")) == 1
    assert asked(question, "The overdraft limit is 500. Both owners sign the mortgage.") == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What does a new card cost?", "Five pounds."),
        ("Can you help me? What does a new card cost?", "A card costs five pounds."),
        ("Was kostet die Karte? Wann kommt sie?", "Die Karte kostet 5 Euro und kommt morgen."),
        ("البطاقة؟ الرسوم؟", "مجانا"),
    ],
)
def test_what_is_no_left_out_question(question: str, answer: str) -> None:
    assert asked(question, answer) == []


# a query, and what answers each of its parts in other words than it was asked
ASKED = [
    ("My card was stolen. How do I block it, and how long until I get a new one?",
     "Open the app, tap Cards and choose Freeze.", "The replacement reaches you within a week."),
    ("I want to cancel my subscription. Also, could you send me the last three invoices?",
     "Your subscription ends on 31 May.", "The invoices of March, April and May are attached."),
    ("I'd like to know if the warranty covers water damage, and where I can have the phone repaired.",
     "Water damage is excluded from the warranty.", "Any shop of our partner FixIt repairs it."),
    ("Please explain what clause 7 means and tell me whether we can negotiate it.",
     "Clause 7 lets either side end the contract.", "Suppliers often agree to negotiate it."),
    ("Our new colleague can't log in. Also, how many seats do we have left?",
     "Please send your colleague a new invitation. The first login only works with the newest one.", "You have 143 seats."),
    ("1. What is the maximum file size?\n2. Which formats are supported?\n3. Can uploads be resumed?",
     "Files of up to 2 GB are accepted. You can use the formats PDF and PNG.", "A broken upload picks up where it stopped."),
    ("Does the hotel allow dogs? By the way, what time is check-in?",
     "Dogs up to 20 kg are welcome for EUR 10 a night.", "Rooms are ready from 3 pm."),
    ("How do I reset my password? I also can't find the invoice for April.",
     "Choose Forgot password on the sign-in page.", "April's invoice is under Billing."),
    ("How do I export my photos, and can I get an older copy back?",
     "Choose File and then Export. The copy of your photos is a ZIP file.", "Older copies are kept for 60 days. Press History in the folder and choose the one that you want back."),
    ("What is new in version 5.4? And do we have to pay for the update?",
     "The new version opens folders faster.", "The update to 5.4 is free. It installs itself."),
    ("Our colleague can't log in. Also, how many seats are left?",
     "Your colleague needs a new invitation. It is valid for a week.", "You have 143 seats. Under Admin, Seats you see which of them are free."),
    ("When will the bridge reopen? Which detour should trucks take?",
     "The works last until mid October.", "Heavy vehicles go by the B 27."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "one", "other"), ASKED)
def test_parts_of_every_form(question: str, one: str, other: str) -> None:
    assert asked(question, f"{one} {other}") == []
    assert len(asked(question, one)) == 1
    assert len(asked(question, f"{one} We hope this helps.")) == 1


@pytest.mark.parametrize(("question", "one", "other"), ASKED[-4:-1])
def test_a_first_part_that_is_left_out(question: str, one: str, other: str) -> None:
    (message,) = asked(question, other)
    assert question.split()[0] in message


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("She has 3 boxes. If each holds 12 eggs, how many eggs are there?", "The answer is 36."),
        ("Is it free? If not, what does it cost?", "It is free of charge."),
        ("Can I pay by card? And by cheque?", "Yes, both are fine."),
        ("My fee was charged twice. I also moved last month. Who pays it back?", "We refund it."),
        ("Hello! How are you? What does a new card cost?", "A new card costs GBP 5."),
        ("Where is my order and when will it arrive?", "It is on the truck and arrives today."),
        ("What is photosynthesis? Explain it simply.", "Plants turn light and water into sugar."),
        ("What is a deductible? I don't understand my policy.", "It is the part that you pay."),
        ("How much space is left? Where is it?", "Your plan holds 40 GB. The files are in Leeds."),
    ],
)
def test_one_answer_for_all(question: str, answer: str) -> None:
    assert asked(question, answer) == []


@pytest.mark.parametrize("part", ["TBD", "n/a", "See above.", "We will get back to you.", "what does a new one cost?", "Sure!", "Thank you for your question.", "fees"])  # fmt: skip
def test_a_part_that_says_nothing(part: str) -> None:
    (message,) = intents(("cards", "Freeze it in the app."), ("fees", part))
    assert "'fees'" in message


def test_parts_that_were_turned() -> None:
    one, other = "The new one costs GBP 5, cost by cost.", "Freeze it in the app."
    (message,) = intents(("cards", one), ("fees", other))
    assert "each other's answer" in message


def test_parts_that_were_turned_share_a_word() -> None:
    query = "How do I export my photos, and can I get an older copy back?"
    export = "To export your photos, choose Export. The copy is a ZIP file."
    older = "Older copies are kept for 60 days. Choose the day that you want back."
    right = (("export", export), ("restore", older))
    assert list(UnansweredIntent()(CheckedText(query, query, "…", intents=right))) == []
    turned = (("export", older), ("restore", export))
    (fault,) = UnansweredIntent()(CheckedText(query, query, "…", intents=turned))
    assert "each other's answer" in fault.message


def test_a_question_without_an_intent() -> None:
    query = f"{QUERY} And when does the branch in Leeds open?"
    parts = (("cards", "Freeze it in the app."), ("fees", "A new one costs GBP 5."))
    answer = " ".join(part for _, part in parts)
    (fault,) = UnansweredIntent()(CheckedText(query, query, answer, intents=parts))
    assert "the branch in Leeds" in fault.message


def test_plain_questions_can_be_left_alone() -> None:
    text = CheckedText(QUERY, QUERY, "Freeze it in the app under Cards.")
    assert list(UnansweredIntent(questions=False)(text)) == []


# each part in two sentences that share no word with it
IN_OTHER_WORDS = [
    ("Is the museum open on Monday? Are children free?",
     "It is closed on that day. On all others you can come from ten o'clock.",
     "Anybody under 12 gets in without a ticket. School classes should register a week before."),
    ("How do I descale the kettle? How often should I do it?",
     "Boil water with two spoons of citric acid and leave it for an hour. Rinse it well.",
     "Once a month where the water is hard. Elsewhere twice a year will do."),
    ("Where do I find my customer number? And can I pay by direct debit?",
     "It stands at the top right of each letter from us. It has eight digits and begins with a 4.",
     "Fill in the mandate in your profile and we collect the sum every month. You can stop that."),
    ("How do I set up two-factor login? What if I lose my phone?",
     "Under Security scan the code with an authenticator. Then type the six digits it shows.",
     "The ten backup codes that you printed let you in. Each of them works once."),
    ("Can I freeze cooked rice? Which pan is best for steak?",
     "Yes, let it cool and put it away in small portions. Thaw them in hot water.",
     "Cast iron holds the heat. Stainless steel does as well."),
]  # fmt: skip


def test_what_words_leave_open_is_told_by_meaning() -> None:
    whole = [(question, f"{one} {other}") for question, one, other in IN_OTHER_WORDS]
    first = [(question, one) for question, one, _ in IN_OTHER_WORDS]
    clean = [*CLEAN.values(), *whole]
    told = by_meaning([*clean, *first])
    assert not any(told[: len(clean)])
    found = [faults for faults in told[len(clean) :] if faults]
    assert len(found) >= len(first) - 1, "all but one, at least"
    assert all(fault.severity == "info" for (fault,) in found)
    (of_steak,) = told[-1]
    assert 'speak of "Which pan is best for steak?"' in of_steak.message


def test_what_a_model_cannot_read_is_no_fault() -> None:
    question, one, _ = IN_OTHER_WORDS[-1]
    faults = list(UnansweredIntent()(CheckedText(question, question, one)))
    conditions = [fault.only_if for fault in faults if fault.only_if is not None]
    assert conditions
    assert not any(which_hold(conditions, nothing_reads).values())


def test_one_question_asks_for_no_meaning() -> None:
    question = "Which pan is best for steak, in your view?"
    assert list(UnansweredIntent()(CheckedText(question, question, "Cast iron. Or steel."))) == []


def by_meaning(asked: Sequence[tuple[str, str]]) -> list[list[TextFault]]:
    """Of each question and answer what the embedding model tells where words don't."""
    said = [list(UnansweredIntent()(CheckedText(q, q, answer))) for q, answer in asked]
    conditions = [fault.only_if for faults in said for fault in faults]
    assert None not in conditions
    encoder = load_encoder()
    holds = which_hold(filter(None, conditions), lambda texts: read(encoder, list(texts)))
    return [[f for f in faults if f.only_if is not None and holds[f.only_if]] for faults in said]
