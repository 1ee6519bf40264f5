import pytest

from sync.quality.text_checks.placeholder import PlaceholderAnswer
from tests.sync.quality.text_checks.texts import found


@pytest.mark.parametrize(
    "answer",
    ["TBD", "**TODO**", "n/a", "...", "—", "???", "Lorem ipsum dolor sit amet.", "[insert answer here]",
     "\u200b", "to be completed", "idk", "zzzz", "See attachment.", "Write your answer here.", "{{answer}}", "(TBD)", "bitte ergänzen", "à remplir", "siehe oben", "This is a placeholder.", "Answer to be provided later.", "blah blah blah", "待补充", "See above."],
)  # fmt: skip
def test_an_answer_that_says_nothing(answer: str) -> None:
    (fault,) = found(PlaceholderAnswer(), answer)
    assert (fault.severity, fault.score) == ("error", 0.0)
    assert "the answer says nothing" in fault.message


@pytest.mark.parametrize(
    "answer", ["", "  \n", "No.", "None", "42", "5 > 3", "<PERSON_1>", "III", "(B)", "-1", "[1]"]
)
def test_a_short_answer_is_one(answer: str) -> None:
    assert found(PlaceholderAnswer(), answer) == []


@pytest.mark.parametrize(
    ("answer", "held"),
    [
        ("Dear [Customer Name], your card was sent.", "[Customer Name]"),
        ("Dear [insert name], your card was sent.", "[insert name]"),
        ("Your card costs $XX and comes soon.", "$XX"),
        ("Take XX mg twice a day.", "XX mg"),
        ("Call us on XXX-XXXX.", "XXX-XXXX"),
        ("Hello {{first_name}}, your card was sent.", "{{first_name}}"),
        ("The fee is TBD, and the card comes soon.", "is TBD"),
        ("TODO: look up the fee. The card comes soon.", "TODO:"),
        ("Sehr geehrte Frau [Name einfügen], die Karte ist da.", "[Name einfügen]"),
        ("Sign here: ________", "________"),
        ("Take TBD once a day.", "TBD"),
        ("Dose: XXX, with food.", "XXX"),
    ],
)
def test_an_answer_that_holds_a_placeholder(answer: str, held: str) -> None:
    (fault,) = found(PlaceholderAnswer(), answer)
    assert held in fault.message
    assert fault.severity == "warning"


@pytest.mark.parametrize(
    "answer",
    ["The cause remains to be determined.", "Tick-borne disease (TBD) is rising in TBD regions.",
     "See the report [PDF, 3 pages] and [the site](https://a.example) [1].", "45,XX and 47,XXX occur.",
     "Bullcoming v. New Mexico, 564 U.S. ____ (2011).", "Run `echo {{name}}` and `[your name]`."],
)  # fmt: skip
def test_what_is_meant_is_none(answer: str) -> None:
    assert found(PlaceholderAnswer(), answer) == []


@pytest.mark.parametrize(
    "mark",
    [
        # between brackets and the marks of templates
        "[Name]", "[NAME]", "[name of the customer]", "[Your Name Here]", "[first_name]", "[[name]]", "[XX]", "[●]", "[TBD]",
        "<name>", "<Customer Name>", "<<First Name>>", "<insert name>", "&lt;name&gt;", "((name))", "«First_Name»",
        "{name}", "{customerName}", "{customer.first_name}", "{amount:.2f}", "{0}", "{{ customer.name | title }}", "{{{name}}}",
        "${name}", "$customer_name", "#{name}", "{count, plural", "%NAME%", "%%FirstName%%", "%s", "%(name)s", "<%= name %>", "{% if name %}",
        "*|FNAME|*", "@@NAME@@", "##NAME##", "__NAME__", "{!Contact.FirstName}",
        "[Ihr Name]", "[Name des Kunden]", "[Betrag eintragen]", "[Prénom du client]", "[à compléter]", "[insertar nombre]",
        "[por completar]", "[nome do cliente]", "[naam]", "[bedrag invullen]", "[имя]", "【客户姓名】", "[お名前]", "[이름]", "[الاسم]",
        "[details to follow]", "[needs review]", "[source?]", "[???]", "[DD Month YYYY]", "[link to the fees]", "[age]",
    ],
)  # fmt: skip
def test_a_blank_between_marks(mark: str) -> None:
    (fault,) = found(
        PlaceholderAnswer(), f"A new card was sent to, as we know, {mark} a day later."
    )
    assert mark in fault.message


@pytest.mark.parametrize(
    "answer",
    [
        # a number, a date, somebody to be greeted
        "It costs GBP ___ a month.", "It costs $X.XX.", "It costs EUR XX,XX.", "It costs £?? more.", "It costs XX euros.", "It costs EUR ... a month.",
        "It is X% of the sum.", "It comes in X days.", "It comes in ## days.", "It comes within __ working days.", "It is ????.", "Die Karte kommt in XX Tagen.",
        "Take X mg twice a day.", "She is an X-year-old patient.", "Between X and Y days.", "费用为XX元。", "手数料は○○円です。",
        "It comes on DD/MM/YYYY.", "Sie kommt am TT.MM.JJJJ.", "It comes on __/__/____.", "It began in 20XX.", "It comes on XX May.", "It ended in June XX.", "Open from XX:XX, see [HH:MM].",
        "Call 0800 XXX XXX.", "Call +44 XXXX XXXXXX.", "Call 123-456-7890.", "See page XX.", "See § XX of the terms.", "It came with version X.Y.",
        "Dear Customer Name, it was sent.", "Hello XYZ, it was sent.", "Dear (name), it was sent.", "Hi undefined, it was sent.", "Dear , it was sent.", "Cher Nom, la carte est partie.",
        "Fee: ???", "Fee: [ ]", "The capital of ___ is Paris.", "There are:\n- ...\n- ...", "Your card is [object Object].", "It costs $NaN.", "The sum is #REF!",
        # notes
        "todo: look up the fee.", "FIXME it is another fee.", "TODO(anna): ask.", "It comes soon. @@@ check", "NOTE TO SELF: ask the bank.", "It comes soon.\n<!-- insert the fees -->",
        "The fee is tbd.", "The fee is TBC.", "Fee: to be confirmed", "The fee (to be confirmed) is low.", "The fee (TBD) is low.", "Fee: noch offen", "It is low.\n\nTo be completed.",
        "It is low.\n\nDetails to follow.", "I will add this later.", "It is low (source?).", "This is so [citation needed].", "It is low (check with legal).", "Rest of the answer here.",
        "This is placeholder text.", "Placeholder for the fees.", "Write to your company name here.", "Regards, INSERT NAME HERE", "Regards, Your Name Here", "insert the fee amount here", "The text goes here.",
        "It is low (insert fee here).", "It is low (bitte ergänzen).", "Hier Text einfügen.", "insérer le montant ici", "insertar el texto aquí", "Gruß, Max Mustermann",
        # what fills a page
        "Ut enim ad minim veniam, quis nostrud exercitation.", "Sed ut perspiciatis unde omnis iste natus error.", "Pellentesque habitant morbi tristique senectus.",
        "It is, blah blah blah, low.", "asdf asdf", "The quick brown fox jumps over the lazy dog.", "- Item 1\n- Item 2", "Thank you for writing to XYZ Bank.",
        "See www.your-company.com for more.", "Write to support@yourbank.com.", "Write to name@domain.com.",
    ],
)  # fmt: skip
def test_a_blank_or_a_note_without_marks(answer: str) -> None:
    (fault,) = found(PlaceholderAnswer(), f"We make a new card for you.\n\n{answer}")
    assert "the answer still holds" in fault.message


@pytest.mark.parametrize(
    "answer",
    [
        # brackets of quotations, sources, lists, formulas, code
        "“[T]he court [sic] held so [emphasis added]” [12, 13], see [citation omitted] and [95% CI 1.2-3.4].", "- [ ] Freeze the card\n- [x] Call us",
        "See [our fees][1] and [the name](https://bank.example/name).\n\n[name]: https://bank.example/name", "The ratio [Na+]/[Cl-] is high.",
        "<b>Bold</b>, H<sub>2</sub>O, <address>12 Station Road</address>, a List<String>, and a < b > c.", "The set {1, 2} and {x}, $\\frac{name}{x}$, $x_{max}$.",
        "Ask for https://api.example.com/{id}/cards.", "The <PERSON_1> of <DATE_TIME_2> and [PERSON_1] called.",
        # signs and capitals
        "Between 5% and 10% of them, $5 to $10, 100 % sure.", "__Note__: **insert** the card.", "Factor X, generation X, Malcolm X, Section X, Article XX, Super Bowl XX.",
        "Sex chromosomes are XX or XY; X days were not counted.", "A function $X$ of $Y$, where $X > 0$.", "Really?? Well ... it came #1.", "It was held in ___ U.S. ___ (2026).",
        "# Days of the week\n## Fees", "Call 555-0123.", "Is the result undefined, null or None? The null hypothesis holds.", "The total blood count (TBC) is low; TBC was taken.",
        # words of a how-to
        "Write your name here.", "Insert the card here and wait.", "Have your account number ready (name, date and amount).", "Enter your date of birth as DD/MM/YYYY.",
        "We will add the fee to your account.", "The details follow below.", "This is to be confirmed by the bank.", "Todo el mundo lo sabe.", "Hello, your card was sent.", "Dear customer,\nit was sent.",
        "Check with your doctor (ask this before the test).", "The text here says so.", "A placeholder is shown in the field.", "La culpa in contrahendo, nulla poena sine lege.",
    ],
)  # fmt: skip
def test_what_looks_like_a_blank(answer: str) -> None:
    whole = f"We make a new card for you.\n\n{answer}"
    assert [fault.message for fault in found(PlaceholderAnswer(), whole)] == []


def test_a_blank_that_the_task_holds_is_meant() -> None:
    answer = "Put {{first_name}} after Dear, and [Customer Name] below."
    assert len(found(PlaceholderAnswer(), answer)) == 1
    assert (
        found(PlaceholderAnswer(), answer, "Where do {{first_name}} and [Customer Name] go?") == []
    )
    assert found(PlaceholderAnswer(), "See [NAME].", context={"customer": "[NAME]"}) == []


def test_one_that_is_meant_can_be_allowed() -> None:
    letter = "Dear [Your Name],\n\nthank you for your order."
    assert found(PlaceholderAnswer(allowed=("[Your Name]",)), letter) == []


def test_the_question_is_no_answer() -> None:
    question = "What does a new card cost, and when does it come?"
    (fault,) = found(
        PlaceholderAnswer(), "What does a new card cost and when does it come", question
    )
    assert "repeats the question" in fault.message
    assert (
        found(PlaceholderAnswer(), f"{question} It costs GBP 5.00, and comes in 5 days.", question)
        == []
    )
