import pytest

from sync.quality.text_checks.toxicity import Toxicity
from tests.sync.quality.text_checks.texts import found


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ("Read the fucking schedule.", "swearing"),
        ("That is bullshit.", "swearing"),
        ("You are an idiot; the fee is GBP 5.00.", "an insult"),
        ("You're just too stupid to read the schedule.", "an insult"),
        ("Only a complete moron would ask that.", "an insult"),
        ("Shut up and pay.", "an insult"),
        ("I will find you and make you pay.", "a threat"),
        ("What an idiot you must be.", "an insult"),
        ("People like you are a waste of time.", "hatred of a group"),
        ("Go kill yourself.", "a threat"),
        ("You deserve to die.", "a threat"),
        ("All immigrants are criminals.", "hatred of a group"),
        ("Du bist ein Idiot.", "an insult"),
        ("Vous êtes stupide.", "an insult"),
        ("Eres un idiota.", "an insult"),
        ("Das ist scheiße.", "swearing"),
    ],
)
def test_what_no_expert_writes(answer: str, kind: str) -> None:
    (fault,) = found(Toxicity(), answer)
    assert fault.message.startswith(f"the answer holds {kind} (")
    assert fault.severity == "error"


@pytest.mark.parametrize(
    "answer",
    [
        "Scunthorpe and Middlesex are in England; cockerels, assessments and classes are fine.",
        "Ask about suicide risk, sex, rape, breast and anal cancer, and whether she feels worthless.",
        "You are not stupid, and nobody should die of it.",
        "The parasite kills the host; the drug kills all the larvae.",
        "He wrote “you are an idiot” to the agent, who hung up.",
        "Growth was retarded, and the bastard toadflax flowers late.",
        "You will be sorry to hear that the offer has ended on 31 May.",
        "Dick Turpin, Dr Cumming and Mr Cockburn of Penistone paid.",
        "Der dumme Zufall und die dicke Karte.",
    ],
)
def test_words_that_clinics_and_towns_need(answer: str) -> None:
    assert [fault.message for fault in found(Toxicity(), answer)] == []


def test_words_of_one_s_own() -> None:
    assert "GOBSHITE" in found(Toxicity(words=("gobshite",)), "What a GOBSHITE.")[0].message
    assert found(Toxicity(allowed=("bullshit",)), "That is bullshit.") == []
