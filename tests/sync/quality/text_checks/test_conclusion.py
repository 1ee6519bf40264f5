"""A last step that leads elsewhere."""

import pytest

from sync.quality.text_checks.checked_text import CheckedText
from sync.quality.text_checks.conclusion import ReasoningConclusion


def found(
    step: str, answer: str, check: ReasoningConclusion | None = None, question: str = ""
) -> list[str]:
    text = CheckedText(question, question, answer, reasoning=("Look at the facts.", step))
    return [fault.message for fault in (check or ReasoningConclusion())(text)]


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("She makes 9 * 2 = $<<9*2=18>>18 a day.", "#### 20"),
        ("So the total is 1,200.", "You pay 1,300 in all."),
        ("Therefore, yes, it is covered.", "No, it is not."),
        ("So the answer is (B).", "The answer is C."),
        ("The customer is not eligible.", "You are eligible for the plan."),
        ("The claim should be approved.", "We must decline your claim."),
        ("Hence the result is 12.", r"\boxed{15}"),
    ],
)
def test_another_conclusion_than_the_answer(step: str, answer: str) -> None:
    (message,) = found(step, answer)
    assert "make the answer follow" in message


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        ("She makes 9 * 2 = $<<9*2=18>>18 a day.", "#### 18"),
        # a comma of the sentence or of thousands is no other number (helm 4337, opencompass 2426)
        ("So it is 80,000 + 50,000 = 130,000.", "The total is $130,000, altogether."),
        ("The temperature is 2 - 5 = -3.", "#### -3"),
        ("So the total is 18.", "Eighteen dollars a day."),
        ("The share is 45 / 180 = 0.25.", "25% of them."),
        ("That is = 0.5 hours.", "It takes 30 minutes."),
        ("So it is 33.33.", "About 33."),
        ("Therefore, yes.", "Yes, it is covered."),
        ("So the answer is (B).", "The answer is B."),
        ("The customer is ineligible.", "You are not eligible."),
        ("There is no doubt about it.", "Yes."),
        ("Compare both plans.", "Take plan A, which costs 5."),
        ("Deshalb lautet die Antwort nein.", "Ja, das geht."),
    ],
)
def test_a_step_that_leads_to_the_answer_or_says_nothing(step: str, answer: str) -> None:
    assert found(step, answer) == []


# question, last step, answers that follow, answers that do not
DECIDED = [
    ("Can I have the late fee back?", "So the late fee of 12 can be waived.",
     ["Yes, we give the fee back.", "The fee of 12 will be refunded to you."],
     ["No, we can't give it back.", "We cannot waive the fee.", "Unfortunately the fee stands.", "The fee of 12 remains due."]),
    ("Who pays for the loss?", "So the bank bears the loss.",
     ["The bank bears it.", "We refund the amount."], ["The customer bears the loss.", "You have to bear the loss yourself.", "We can't refund the amount."]),
    ("Is the claim covered?", "Therefore the water damage is covered by the policy.",
     ["Your policy covers the damage."], ["The damage is excluded.", "Unfortunately, it is not covered.", "The damage falls outside the cover."]),
    ("Is she eligible?", "She meets all the criteria, so she is eligible.", ["She qualifies for the plan."], ["She does not qualify.", "She is ineligible for the plan."]),
    ("Should the loan be approved?", "The ratio is above the limit, so the loan must be declined.", ["Decline the loan."], ["The loan can be approved.", "Yes, approve it."]),
    ("Can the tenant keep a dog?", "The lease forbids pets, so a dog is not allowed.", ["No.", "Dogs are forbidden."], ["Yes.", "The tenant is allowed to keep a dog."]),
    ("May I park here?", "Only residents may park, so you can't park here.", ["No, you can't park here.", "Unfortunately not."], ["Yes, you can park here."]),
    ("May I drive after it?", "So you should not drive for 24 hours.", ["Don't drive for 24 hours."], ["You can drive at once.", "Yes, you may drive."]),
    ("Should I take ibuprofen?", "It raises the risk, so ibuprofen should be avoided.", ["Ibuprofen should not be taken."], ["Yes, ibuprofen can be taken."]),
    ("Do I need a visa?", "So no visa is required.", ["You don't need a visa."], ["You need a visa.", "Yes."]),
    ("Will the bank reverse the charge?", "As nothing came, the charge has to be reversed.", ["We have reversed the charge."], ["No, the charge will not be reversed.", "The charge stands."]),
    ("Did sales grow?", "Sales dropped from 50 to 40, so they did not grow.", ["No, sales fell."], ["Sales grew.", "Yes."]),
    ("Is the site down?", "The page is green, so the site is up.", ["The site is not down."], ["The site is down."]),
    # the same words denied
    ("Is it a prime number?", "It is divisible by 3, so it is not prime.", ["No.", "It is not prime."], ["It is prime.", "Yes, it is a prime number."]),
    ("Should we hire her?", "So we should hire her.", ["Hire her.", "Yes, we should."], ["Do not hire her.", "No, we shouldn't."]),
    ("Does it interact?", "So aspirin interacts with the drug.", ["Aspirin interacts with it."], ["No, aspirin does not interact with the drug."]),
    ("Can I deduct the trip?", "The trip was private, so the costs are not deductible.", ["You can't deduct the trip."], ["Yes, you can deduct the trip.", "The costs are deductible."]),
    ("Is the argument sound?", "One premise is false, so the argument is unsound.", ["No."], ["It is sound.", "Yes."]),
    ("Is 91 prime?", "91 = 7 * 13, so 91 is composite.", ["No, it is composite.", "91 is not prime."], []),
    # one of several
    ("Which plan is cheaper?", "So plan A is cheaper by 5.", ["Plan A."], ["Plan B is cheaper.", "Take plan B."]),
    ("Is it cheaper to rent or to buy?", "Over ten years, buying costs less.", ["Buy."], ["Rent.", "Renting is cheaper."]),
    ("Who is older, Tom or Anna?", "So Anna is older than Tom.", ["Anna."], ["Tom.", "Tom is older."]),
    ("Is x greater than y?", "So x is greater than y.", ["x is greater than y."], ["x is less than y."]),
    ("Who won?", "The court found no breach, so the defendant won.", ["The defendant."], ["The plaintiff.", "The plaintiff won."]),
    ("When does it arrive?", "So it arrives on Friday.", ["On Friday."], ["On Monday."]),
    ("When is the last day?", "Counting 30 days from 1 March gives 31 March.", ["31 March."], ["30 March.", "1 April."]),
    ("What should I choose?", "The best choice is therefore option C.", ["C"], ["B"]),
    # numbers without a sign before them
    ("How many?", "The post office delivered 736 letters.", ["736 letters.", "The answer is 736."], ["The answer is 755.", "75"]),
    ("How many?", "So twelve tablets are left.", ["12 tablets are left."], ["Ten tablets.", "15 tablets."]),
    ("How long?", "That is 30 of 120, or 25 percent.", ["25 %."], ["20 percent."]),
    ("How many?", "He gave away 3, which is 13 - 3 = 10 slices.", ["10"], ["3", "13"]),
    ("How many cents?", "It costs $2.00 / 8 = $0.25 each.", ["25"], ["50"]),
    # the same number of something else, and another one of the same
    ("What do I pay?", "Three months at EUR 8 come to EUR 24 in total.", ["24 euros"], ["You pay EUR 27 for the three months.", "USD 24"]),
    ("How long is the notice?", "So the notice period is 6 weeks.", ["It is six weeks."], ["Your notice period is 6 months.", "The notice period is six months."]),
    ("What dose?", "15 mg/kg for 20 kg makes 300 mg.", ["Give 300 mg.", "0.3 g"], ["Give 300 g."]),
    ("How many miles?", "Adding both legs, 120 + 85 = 205 miles.", ["He drives 205 miles."], ["He drives 205 km."]),
    ("What is it worth?", "So the stock is worth $1.2 million.", ["$1,200,000"], ["It is worth $1.2 billion."]),
    ("When does it leave?", "It leaves 45 minutes after 13:50, so at 14:35.", ["At 14:35.", "At 2:35 pm."], ["At 14:25.", "At 2:35 am."]),
    ("How cold is it?", "2 - 9 = -7 degrees.", ["It is -7 °C.", "Minus 7 degrees.", "7 degrees below zero."], ["It is 7 °C."]),
    ("What is the ratio?", "So the ratio of sand to cement is 3:1.", ["3:1"], ["1:3"]),
    ("How many?", "Twelve minus five leaves seven.", ["Seven.", "7"], ["Eight are left."]),
    # another name, another word of a class, another value
    ("Which is the cheapest?", "Alpha asks 120, Beta 110 and Gamma 130, so Beta is the cheapest.", ["Choose Beta."], ["Choose Gamma.", "Alpha"]),
    ("Who is the tallest: Ann, Bob or Cleo?", "Cleo is taller than Ann, who is taller than Bob, so Cleo is the tallest.", ["Cleo."], ["Ann is the tallest of the three."]),
    ("Which plan?", "Only the Premium plan covers dental care, so she needs Premium.", ["She needs the Premium plan."], ["She needs the Basic plan."]),
    ("Who inherits?", "As there is no will, the daughter inherits the house.", ["The daughter inherits it."], ["The son inherits the house."]),
    ("Which way?", "The bridge is closed, so you must turn left.", ["Turn left."], ["Turn right."]),
    ("What is the priority?", "All users are affected, so the priority is high.", ["High."], ["The priority is low."]),
    ("What is the diagnosis?", "Fever and a stiff neck suggest that the diagnosis is meningitis.", ["Meningitis."], ["The diagnosis is migraine.", "Influenza."]),
    ("Which drug?", "She is allergic to penicillin, so doxycycline is the right drug.", ["Give doxycycline."], ["Give amoxicillin."]),
    ("How many must sign?", "So at least 5 people must sign.", ["At least 5 people must sign."], ["At most 5 people must sign."]),
    ("Did they pass?", "One test failed, so not all of the tests passed.", ["No, one of them failed."], ["All of the tests passed."]),
    ("Will the rate rise?", "Inflation is high, so the bank will raise the rate.", ["It will raise the rate."], ["It will lower the rate."]),
    ("Does the card work?", "The block was lifted, so the card works again.", ["The card works again."], ["The card does not work."]),
    # opposites in other words
    ("Is my visa valid?", "So it ran out.", ["Your visa has run out.", "It is no longer valid."], ["Your visa is still good."]),
    ("Is the driver to blame?", "So the accident was his fault.", ["The driver is to blame."], ["The driver is not to blame."]),
    ("Does he owe her money?", "So his debt is settled.", ["He owes her nothing."], ["He still owes her the money."]),
    ("Do I pay VAT?", "So the sale is exempt from VAT.", ["You don't owe VAT.", "No."], ["You owe VAT on the sale."]),
    ("What do I pay?", "So the normal price applies.", ["You pay the normal price."], ["You get the early-bird price."]),
    ("Is the mushroom edible?", "So it is poisonous.", ["Don't eat it."], ["You can eat it."]),
    ("Is the claim in time?", "Four years have passed, so the claim is barred.", ["The claim is too late."], ["Her claim is in time."]),
    ("Should we hire?", "So one nurse is enough.", ["One nurse is enough."], ["You need a second nurse."]),
    ("Did it earn anything?", "So it lost 10.", ["It made a loss."], ["It made a profit."]),
    ("Should we patch it?", "So it should be patched at once.", ["Patch it at once."], ["Leave it as it is for now."]),
    ("Is the contract over?", "So the contract runs on for a year.", ["The contract goes on."], ["The contract has ended."]),
    # who wins a comparison
    ("Is it cheaper to rent?", "So buying is cheaper.", ["Buying is cheaper.", "Buy."], ["Renting is cheaper."]),
    ("Is Tom taller than Ann?", "So Ann is taller.", ["Ann is taller."], ["Tom is taller.", "Yes, Tom is taller."]),
    # no other day
    ("Will it be here before Friday?", "So it comes on Wednesday.", ["It will be with you before Friday."], ["It comes on Thursday."]),
    ("May I park here on Sunday?", "So parking is free on Sundays.", ["You may park here on Sunday."], []),
    ("Has the fever gone?", "So there is no fever.", ["The fever is gone."], ["She still has a fever."]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "step", "right", "wrong"), DECIDED)
def test_decisions(question: str, step: str, right: list[str], wrong: list[str]) -> None:
    assert [a for a in right if found(step, a, question=question)] == []
    assert [a for a in wrong if not found(step, a, question=question)] == []


@pytest.mark.parametrize(
    ("question", "step", "answer"),
    [
        ("Is it safe?", "If it is not cooled, it is unsafe.", "It is safe."),
        ("Does it help?", "There may be an effect on sleep.", "No."),
        ("Is the fee due?", "No doubt the fee is due.", "Yes."),
        ("What happens?", "No fee is due.", "Yes, and the card is free."),
        ("Does diet predict weight?", "Weight was not found to depend on sleep.", "Yes."),
        ("When?", "It takes 3 hours from 2:00 pm.", "5"),
        ("How many?", "He can skip 4 because 10 - 4 = 6.", "4"),
        ("Which one?", "Take plan A or plan B.", "Plan C."),
        ("How much?", "Her regular pay is $10 x 40 = $400.", "In all she gets $400 + $60 = $460."),
    ],
)
def test_what_decides_nothing(question: str, step: str, answer: str) -> None:
    assert found(step, answer, question=question) == []


def test_an_answer_that_tells_the_reasoning_once_more() -> None:
    steps = "Anna has 2 * 2 = 4 pens.\nSo Ben has 12 - 4 = 8 pens."
    last = steps.splitlines()[-1]
    assert found(last, f"{steps}\n#### 8") == []
    assert len(found(last, f"{steps}\n#### 9")) == 1


def test_without_reasoning_there_is_nothing_to_compare() -> None:
    assert list(ReasoningConclusion()(CheckedText("", "", "#### 20"))) == []


def test_options_leave_kinds_out() -> None:
    assert found("So it is 12.", "#### 15", ReasoningConclusion(numbers=False)) == []
    assert found("So yes.", "No.", ReasoningConclusion(decisions=False)) == []
