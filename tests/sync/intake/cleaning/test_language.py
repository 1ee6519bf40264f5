"""Languages, told by the real model."""

import pytest

from sync.common.errors import ConfigError
from sync.intake.cleaning.steps.language import TOO_SHORT, UNCLEAR, Language
from tests.sync.intake.cleaning.desk import ask, cleaned, kept, settings, source

SAID = {
    "en": "I am still waiting for my new card. Where is it?",
    "de": "Ich warte immer noch auf meine neue Karte. Wo bleibt sie?",
    "fr": "J'attends toujours ma nouvelle carte. Où est-elle ?",
    "es": "Todavía estoy esperando mi nueva tarjeta. ¿Dónde está?",
    "it": "Sto ancora aspettando la mia nuova carta. Dov'è?",
    "nl": "Ik wacht nog steeds op mijn nieuwe kaart. Waar blijft die?",
    "pl": "Wciąż czekam na moją nową kartę. Gdzie ona jest?",
    "ru": "Я всё ещё жду свою новую карту. Где она?",
    "ar": "ما زلت أنتظر بطاقتي الجديدة. أين هي؟",
    "he": "אני עדיין מחכה לכרטיס החדש שלי. איפה הוא?",
    "hi": "मैं अभी भी अपने नए कार्ड का इंतजार कर रहा हूं।",
    "zh": "我还在等我的新卡,它在哪里?",
    "ja": "新しいカードをまだ待っています。どこですか?",
    "tr": "Yeni kart henüz gelmedi, ne zaman gelecek?",
}


@pytest.mark.parametrize("code", SAID)
def test_each_language_and_no_other_is_kept(code: str) -> None:
    tasks = source(*SAID.values())
    assert kept(tasks, settings(language={"wanted": [code]})) == [SAID[code]]


def test_several_are_wanted() -> None:
    step = Language(("en", "de"), least=0.9, shortest=20)
    judged = {code: step.judge(ask(text))[0] for code, text in SAID.items()}
    assert [code for code, reason in judged.items() if reason is None] == ["en", "de"]
    assert judged["fr"] is not None
    assert judged["fr"].startswith("in fr (")
    assert "not in en, de (0.0" in judged["fr"]


@pytest.mark.parametrize(
    "said",
    ["Hallo!", "1234567890 1234567890 1234567890", "?", "Wo? https://example.com/ein/langer/pfad"],
)
def test_too_short_to_judge(said: str) -> None:
    assert Language(("en",), 0.1, 20).judge(ask(said)) == (None, TOO_SHORT)


def test_a_character_counts_by_its_bytes() -> None:
    assert Language(("en",), 0.1, 20).judge(ask("你好,我的卡在哪里?"))[0] is not None


def test_code_and_addresses_have_no_language() -> None:
    code = "```\nwährend der Karte ist nicht gültig und wird bald ersetzt\n```"
    named = (
        "Why is there nothing at all in `Rechnungsempfängerbezeichnung`? <EMAIL_1> wer@irgendwo.de"
    )
    step = Language(("en",), 0.5, 20)
    assert step.judge(ask(f"What is wrong with this invoice code here?\n{code}")) == (None, None)
    assert step.judge(ask(named)) == (None, None)
    assert step.judge(ask(code)) == (None, TOO_SHORT)


@pytest.mark.parametrize(
    "said",
    [
        "sjdkfh skdjfh ksjdfh kjsdhf kjsdhf",
        "ERROR 0x8007045D sys32.dll kernel32.dll ntdll.dll",
        "Do I get Visa or Mastercard?",
    ],
)
def test_no_clear_language_is_no_reason(said: str) -> None:
    assert Language(("pl",), 1.0, 20).judge(ask(said)) == (None, UNCLEAR)


def test_only_what_the_user_said_is_judged() -> None:
    task = ask(SAID["en"], documents=[{"title": "Karte", "text": SAID["de"]}])
    task["messages"].insert(0, {"role": "system", "content": SAID["de"]})
    assert Language(("en",), 0.5, 20).judge(task) == (None, None)


def test_what_could_not_be_judged_is_counted() -> None:
    with cleaned(source("Hi", SAID["de"], "Ok", SAID["en"]), settings(language={})) as done:
        step = done.report.steps[0]
    assert (step.seen, step.dropped, dict(step.notes)) == (4, 1, {TOO_SHORT: 2})


def test_an_unknown_language_is_refused_before_anything_is_read() -> None:
    def unread() -> object:
        raise AssertionError("read")
        yield

    section = settings(language={"wanted": ["en", "deu"]})
    with (
        pytest.raises(ConfigError, match=r"cleaning\.language\.wanted: unknown .*'deu'.*'de'"),
        cleaned(unread(), section),  # type: ignore[arg-type]
    ):
        pass
