import pytest

from sync.quality.text_checks.role_marker import RoleMarker
from tests.sync.quality.text_checks.texts import found

FEE = "A new card costs GBP 5.00."


@pytest.mark.parametrize(
    "answer",
    [
        f"Assistant: {FEE}",
        f"**AI:** {FEE}",
        f"Answer: {FEE}",
        f"{FEE}\n\nUser: And abroad?\nAssistant: 2.75%.",
        f"{FEE}\nHuman: And abroad?",
        f"### Response:\n{FEE}",
        f"{FEE}\n\n### Instruction:\nSay it shorter.",
        f'{FEE}\n{{"role": "user", "content": "And abroad?"}}',
        f"[ASSISTANT] {FEE}",
        f"### Assistant\n{FEE}",
        f"<response>{FEE}</response>",
    ],
)
def test_a_mark_of_who_speaks(answer: str) -> None:
    (fault,) = found(RoleMarker(), answer)
    assert fault.severity == "error"
    assert "marks who speaks" in fault.message


@pytest.mark.parametrize(
    "answer",
    [
        "Answer: B\nExplanation: it is free.",
        "Patient: male, 54.\nHistory: none.",
        "Customer: Ms Okafor\nCard: Basic",
        '```json\n{"role": "user", "content": "Hello"}\n```',
        "The assistant: a word that stands for help.",
        "A: free\nB: GBP 5.00",
    ],
)
def test_labels_that_are_meant(answer: str) -> None:
    assert found(RoleMarker(), answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        # tokens of templates, whole, cut or without their brackets
        "{}<|im_end|>", "{}<|im_", "{}<|", "<|im_start|>assistant\n{}", "{}<|eot_id|><|start_header_id|>assistant<|end_header_id|>", "{}</s", "<s>[INST] And? [/INST] {} </s>",
        "{}\n[INST]", "<<SYS>>\nBe brief.\n<</SYS>>\n{}", "{}<end_of_turn>\n<start_of_turn>user", "<|assistant|>\n{}", "{}<|user", "<｜Assistant｜>{}", "<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>{}",
        "[|assistant|] {} [|endofturn|]", "<bot>: {}", "{}assistant\n\nAnything else?", "{}\nuser\nAnd abroad?", "assistant\n\n{}", "assistantfinal{}", "{}\n###", "{}\n### Input:\nmore", "[end of turn] {}",
        # messages
        '[{{"from": "gpt", "value": "{}"}}]', "{{'role': 'assistant', 'content': '{}'}}", "role: assistant\ncontent: {}", '<message role="assistant">{}</message>', "<answer>{}</answer>",
        # sentences of a prompt
        "You are a helpful assistant.\n\n{}", "Below is an instruction that describes a task.\n\n{}", "System: You are a helpful assistant.\n{}",
    ],
)  # fmt: skip
def test_what_a_chat_template_left(answer: str) -> None:
    (fault,) = found(RoleMarker(), answer.format(FEE))
    assert fault.severity == "error"


@pytest.mark.parametrize(
    "answer",
    [
        # before the answer
        "ChatGPT: {}", "GPT-4: {}", "Support Bot: {}", "Virtual Assistant: {}", "GPT4 Correct Assistant: {}", "Agent: {}", "Agent (Anna): {}", "Support Agent: {}", "Doctor: {}", "Response: {}",
        "AI response: {}", "Suggested answer: {}", "Reply to the customer: {}", "Final Answer: {}", "## Answer:\n{}", "> Assistant: {}", "- Assistant: {}", "Assistant said: {}", "[10:32] Agent: {}", "10:32 AM Support: {}",
        "Antwort: {}", "Assistent: {}", "Réponse : {}", "Respuesta: {}", "Risposta: {}", "Ответ: {}", "答：{}", "助手：{}", "回答：{}",
        # with the question before it
        "Q: What does a card cost?\nA: {}", "Question: What does a card cost?\nAnswer: {}", "Human: What does a card cost?\n\nAssistant: {}", "Customer: What does a card cost?\nAgent: {}", "Customer: What does a card cost?\n{}",
        "Caller: What does a card cost?\nOperator: {}", "Speaker 1: What does a card cost?\nSpeaker 2: {}", "Prompt: What does a card cost?\nCompletion: {}", "Frage: Was kostet die Karte?\nAntwort: {}",
        "Thought: I need the fee.\nAction: lookup\nAction Input: card\nFinal Answer: {}", "ユーザー：いくらですか？\nアシスタント：{}",
        # behind it
        "{}\n\nUser:", "{}\nHuman", "{}\nUSER: And abroad? ASSISTANT: It is the same.", "{} User: And abroad?", "{} Q: And abroad? A: It is the same.", "{}\n---\nUser: next question", "{}\nQ: And abroad?",
        "{}\nCustomer: And abroad?", "{}\nCustomer: Thanks a lot, bye.", "{}\nCustomer:", "{}\nPatient: Does it hurt?\nDoctor: It does not hurt.", "{}\nYou: And abroad?", "{}\nAI: Is there anything else?",
        "{}\nNutzer: Und im Ausland?", "{}\nKunde: Und im Ausland?", "{}\nUtilisateur : Et à l'étranger ?", "{}\nUsuario: ¿Y en el extranjero?", "{}\n用户：国外呢？",
        "{}\n\nOn Mon, 3 May 2026 at 10:00, Anna Okafor wrote:\n> What does it cost?", "-----Original Message-----\nWhat does it cost?\n\n{}",
    ],
)  # fmt: skip
def test_a_speaker_of_a_transcript(answer: str) -> None:
    (fault,) = found(RoleMarker(), answer.format(FEE))
    assert "marks who speaks" in fault.message


@pytest.mark.parametrize(
    "answer",
    [
        # facts, definitions and parts
        "Customer: Ms Okafor\nAgent: Tom Reed\nCard: Basic", "Patient: male, 54.\nDoctor: Dr Lee\nHistory: none.", "Agent: a substance that brings about a change.", "Model: X100\nPrice: GBP 5.00",
        "Question: whether the fee is due.\nRule: it is waived once a year.\nAnswer: it is not due.", "Observation: the valve leaks.\nAction: replace the seal.", "Log in with:\nUser: admin\nPassword: secret",
        "System: Windows 11\nUser: standard", "Input: 5\nOutput: 25", "Q: quality factor\nR: resistance", "10:30 Opening: the doors open.\n11:00 Talk: fees.", "From: Anna\nTo: Tom\nSubject: fees",
        "Two people act. The customer: the one who pays. The bank: the one who is paid.", "Support: Monday to Friday", "AI: artificial intelligence.\nML: machine learning.", "Note to the user: it is free.",
        # signs of other uses
        "|user|role|\n|---|---|\n|Anna|admin|", "Was <s>GBP 6.00</s> GBP 5.00.", "Pipe it: x |> sum |> print.", "Write `<|im_end|>` at the end.", "The token “<|im_end|>” ends a turn.",
        "### Input data\nA list.\n\n### Response times\nFive days.", "An assistant\nhelps you.", "Ask your agent or user group: they know.",
    ],
)  # fmt: skip
def test_names_that_mark_no_speaker(answer: str) -> None:
    assert [fault.message for fault in found(RoleMarker(), answer)] == []


def test_a_dialogue_or_a_token_that_was_asked_for() -> None:
    talk = "Customer: What does a card cost?\nAgent: It costs GBP 5.00."
    assert len(found(RoleMarker(), talk)) == 1
    assert found(RoleMarker(), talk, "Write a dialogue about the fee of a card.") == []
    token = "The token <|im_end|> ends a turn."
    assert len(found(RoleMarker(), token)) == 1
    assert found(RoleMarker(), token, "What does <|im_end|> mean?") == []


def test_a_mark_can_be_allowed() -> None:
    assert found(RoleMarker(allowed=("Answer",)), f"Answer: {FEE}") == []
