import pytest

from sync.quality.text_checks.assistant_phrase import AssistantPhrase
from tests.sync.quality.text_checks.texts import found

FEE = "A new card costs GBP 5.00."


@pytest.mark.parametrize(
    ("answer", "severity"),
    [
        (f"As an AI language model, I can't see your account. {FEE}", "error"),
        (f"As a large language model I don't have access to real-time fees. {FEE}", "error"),
        (f"I’m just an AI, but {FEE}", "error"),
        (f"{FEE} My knowledge cutoff is 2023.", "error"),
        (f"As of my last update in 2023, {FEE}", "error"),
        ("I'm sorry, but I can't assist with that request.", "error"),
        (f"Als KI-Sprachmodell kann ich das nicht sagen. {FEE}", "error"),
        (f"En tant que modèle de langage, je ne peux pas. {FEE}", "error"),
        (f"作为一个人工智能,我无法查看您的账户。{FEE}", "error"),
        (f"AIとして、口座は見られません。{FEE}", "error"),
        (f"{FEE}\n\nCopy code", "error"),
        (f"{FEE} :contentReference[oaicite:0]{{index=0}}", "error"),
        (f"{FEE}【4†source】", "error"),
        (f"Here is the revised version of the answer:\n\n{FEE}", "warning"),
        (f"Based on the provided context, {FEE}", "warning"),
        (f"{FEE}\n\nNote: I have kept the answer short.", "warning"),
        (f"The user is asking about fees. {FEE}", "warning"),
        (f"Below is the answer to your question. {FEE}", "warning"),
        (f"I apologize for the confusion. {FEE}", "warning"),
        (f"I am not a lawyer, but {FEE}", "warning"),
        (f"Sure! Here is the answer: {FEE}", "warning"),
        (f"Certainly! {FEE}", "warning"),
        (f"Great question! {FEE}", "warning"),
        (f"{FEE} I hope this helps!", "warning"),
        (f"{FEE} Let me know if you have any other questions.", "warning"),
        (f"{FEE} Ich hoffe, das hilft Ihnen weiter.", "warning"),
        (f"{FEE} 希望对您有所帮助。", "warning"),
    ],
)
def test_a_phrase_of_a_model(answer: str, severity: str) -> None:
    (fault,) = found(AssistantPhrase(), answer)
    assert fault.severity == severity
    assert fault.message.startswith("the answer holds “")


@pytest.mark.parametrize(
    "answer",
    [
        f"{FEE} Sure footing is needed in the hall; of course it is free.",
        "The prompt treatment of malaria helps. Follow the instructions on the leaflet.",
        "Our bot says “as an AI language model” when it is lost.",
        "Patients hope that this helps them sleep.",
        "The AI in the pump doses insulin as an automated system would.",
        "`Copy code` stands on the button.",
    ],
)
def test_words_that_are_meant(answer: str) -> None:
    assert found(AssistantPhrase(), answer) == []


def test_a_question_about_models_is_answered_so() -> None:
    answer = "It may say: as an AI language model, I can't do that."
    assert found(AssistantPhrase(), answer, "Why does ChatGPT refuse?") == []


def test_own_people_may_be_courteous() -> None:
    check = AssistantPhrase(closings=False)
    assert found(check, f"Certainly! {FEE} I hope this helps.") == []
    assert len(found(check, f"As an AI, I know that {FEE}")) == 1


def test_a_phrase_can_be_allowed() -> None:
    check = AssistantPhrase(allowed=("I hope this helps",))
    assert found(check, f"{FEE} I hope this helps.") == []
