"""Categories as a question: what is asked, what is replied."""

import json
from dataclasses import replace
from typing import Any

import label_configs
from label_configs.multi_intent import MultiIntent
from label_configs.multi_intent_items import Intent, QuerySpan
from sync.dataset.examples.category_question import categories_of, question_of
from sync.dataset.examples.from_record import examples
from sync.dataset.examples.prompt_layout import PromptLayout
from sync.settings.export import ExportSection, Teach
from sync.training_files.example import Completion, Conversation, GradedPrompt, Judgement
from tests.sync.builders import record
from tests.sync.dataset.examples.promises import hold

DIMENSIONS = {"topic": ("fees", "cards"), "tone": ("calm", "cross")}
# a project with two kinds of category, and none in the interface itself
STEPS = label_configs.load("reasoning_steps", dimensions=DIMENSIONS)
CHAT = label_configs.load("chat_response", ["billing", "other"])


def teaching(interface: Any, teach: Teach) -> PromptLayout:
    return PromptLayout(
        ExportSection(teach=teach), "Be kind.", question=question_of(interface, {"topic": "what"})
    )


def test_one_kind_is_answered_by_its_label() -> None:
    asked = record(1, "It is free.", "What is the fee?", category="billing")
    (made,) = examples(Conversation, asked, CHAT, teaching(CHAT, "categories"))
    assert isinstance(made, Conversation)
    hold(made)
    system, user, reply = made.messages
    assert "category: billing, other" in system["content"]
    assert "Be kind." not in system["content"]
    assert user == {"role": "user", "content": "What is the fee?"}
    assert reply == {"role": "assistant", "content": "billing"}


def test_several_kinds_are_answered_as_json() -> None:
    asked = record(1, categories={"topic": "fees", "tone": "cross"})
    (made,) = examples(Conversation, asked, STEPS, teaching(STEPS, "categories"))
    assert isinstance(made, Conversation)
    system = made.messages[0]["content"]
    assert "topic (what): fees, cards\ntone: calm, cross" in system
    assert 'Reply with a JSON object: {"topic": "…", "tone": "…"}' in system
    assert json.loads(made.messages[-1]["content"]) == {"topic": "fees", "tone": "cross"}


def test_only_what_the_task_has_is_asked() -> None:
    asked = record(1, categories={"tone": "cross", "topic": "a label of last year"})
    (made,) = examples(Conversation, asked, STEPS, teaching(STEPS, "categories"))
    assert isinstance(made, Conversation)
    assert "topic" not in made.messages[0]["content"]
    assert json.loads(made.messages[-1]["content"]) == {"tone": "cross"}
    assert not list(examples(Conversation, record(1), STEPS, teaching(STEPS, "categories")))


def test_a_longer_conversation_is_told_with_its_roles() -> None:
    messages = [
        {"role": "system", "content": "Be kind."},
        {"role": "user", "content": "Lost."},
        {"role": "assistant", "content": "Frozen?"},
        {"role": "user", "content": "Yes."},
    ]
    asked = record(1, data={"messages": messages}, category="other")
    (made,) = examples(Completion, asked, CHAT, teaching(CHAT, "categories"))
    assert isinstance(made, Completion)
    assert made.prompt[1]["content"] == "user: Lost.\n\nassistant: Frozen?\n\nuser: Yes."


def test_answers_and_categories() -> None:
    asked = record(1, "It is free.", category="billing")
    both = list(examples(Conversation, asked, CHAT, teaching(CHAT, "both")))
    answers = list(examples(Conversation, asked, CHAT, teaching(CHAT, "answers")))
    categories = list(examples(Conversation, asked, CHAT, teaching(CHAT, "categories")))
    # `Presentation.of` asks no question where only answers are taught
    assert both == [answers[0], categories[0]]
    assert list(examples(Judgement, asked, CHAT, teaching(CHAT, "categories"))) == []


def test_a_rejected_answer_has_a_category_all_the_same() -> None:
    asked = record(1, "No.", verdict="reject", category="billing")
    (made,) = examples(GradedPrompt, asked, CHAT, teaching(CHAT, "both"))
    assert isinstance(made, GradedPrompt)
    assert made.reference == "billing"
    assert made.facts == {"categories": {"category": "billing"}}


def test_a_grader_reads_the_categories() -> None:
    asked = record(1, "It is free.", category="other", categories={"topic": "fees"})
    (made,) = examples(GradedPrompt, asked, CHAT, PromptLayout())
    assert isinstance(made, GradedPrompt)
    assert made.facts == {"categories": {"topic": "fees", "category": "other"}}
    assert made.reference == "It is free."


INTENTS = label_configs.load("multi_intent", ["fees", "cards"])


def test_the_intents_of_a_query_are_a_list() -> None:
    own = MultiIntent(
        (Intent("cards", 2, "", "Blue."), Intent("fees", 1, "", "Free."), Intent("cards", 3)),
        (QuerySpan(0, 4, "Fees", "fees"), QuerySpan(5, 9, "more", "cards")),
    )
    asked = replace(record(1), record=own)
    (made,) = examples(Conversation, asked, INTENTS, teaching(INTENTS, "categories"))
    assert isinstance(made, Conversation)
    assert "intent (any number): fees, cards" in made.messages[0]["content"]
    assert json.loads(made.messages[-1]["content"]) == ["fees", "cards"]
    rejected = replace(asked, record=replace(own, verdict="reject"))
    old = replace(asked, record=MultiIntent((Intent("loans", 1, "", "None."),)))
    for task in (rejected, old):
        assert list(examples(Conversation, task, INTENTS, teaching(INTENTS, "categories"))) == []


def test_intents_beside_other_kinds() -> None:
    interface = label_configs.load("multi_intent", ["fees", "cards"], DIMENSIONS)
    own = MultiIntent((Intent("fees", 1, "", "Free."),))
    asked = replace(record(1), record=own, categories={"tone": "calm"})
    (made,) = examples(Conversation, asked, interface, teaching(interface, "categories"))
    assert isinstance(made, Conversation)
    assert 'JSON object: {"tone": "…", "intent": […]}' in made.messages[0]["content"]
    assert json.loads(made.messages[-1]["content"]) == {"tone": "calm", "intent": ["fees"]}


def test_a_review_has_no_categories_of_its_own() -> None:
    assert question_of(label_configs.load("review")) is None


def test_the_interface_s_own_choice_counts_beside_the_kinds() -> None:
    assert categories_of(record(1, category="other"), CHAT) == {"category": "other"}
    assert categories_of(record(1), CHAT) == {}
