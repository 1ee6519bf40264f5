"""Sums that sentences, lists and tables tell without an equation."""

import pytest

from sync.quality.text_checks.arithmetic import Arithmetic
from sync.quality.text_checks.checked_text import CheckedText


def found(answer: str) -> list[str]:
    return [fault.message for fault in Arithmetic()(CheckedText("", "", answer))]


@pytest.mark.parametrize(
    "wrong",
    [
        "The sum of 5, 7 and 9 is 22.",
        "€12, €5 and €3 come to €21.",
        "3 and 4 make 8.",
        "12 men and 15 women make 28 patients.",
        "The average of 4, 6 and 8 is 7.",
        "The mean of 4, 6 and 11 is 8.",
        "The difference between 50 and 12 is 39.",
        "The product of 3 and 4 is 13.",
        "12 added to 5 is 18.",
        "Subtracting 12 from 50 leaves 39.",
        "Subtract GBP 12 from GBP 50 and you get GBP 39.",
        "Add 12 to 5 to get 18.",
        "Multiply 12 by 5 and you get 65.",
        "Dividing 60 by 5 gives 13.",
        "20% off €50 is €42.",
        "A 10% discount on €200 makes €190.",
        "A discount of 10 % on €200 leaves €190.",
        "€200 less 10% is €190.",
        "€200 plus 19% VAT is €228.",
        "19% VAT on €200 is €48.",
        "A deposit of 25% on 600 is 160.",
        "€1,000 at 5% for 2 years earns €120.",
        "9 seals at GBP 26 each cost GBP 244.",
        "5 tickets at $12 each come to $65.",
        "You need 9 seals at GBP 36 each: 9 × 26 = 234.",
        "Three nights at €120 per night: €380.",
        "£26 a month for 12 months is £321.",
        "We charge €12 and €5, so €18.",
        "$5, $6 and $7, for a total of $19.",
        "fees of €12, €5 and €3 total €21",
        "twelve euros and five euros make eighteen euros",
    ],
)
def test_a_wrong_sum_in_words(wrong: str) -> None:
    assert found(f"{wrong}\n")


@pytest.mark.parametrize(
    "right",
    [
        "The sum of 5, 7 and 9 is 21.",
        "It is full because 10 plus 9 plus 1 equals 20.",
        "With 3 apples, 4 and 5 make 12.",
        "€12, €5 and €3 come to €20.",
        "3 boxes and 2 bags make 40 kg.",
        "5 apples and 3 pears for 10 people",
        "The average of 4, 6 and 8 is 6.",
        "20% off €50 is €40.",
        "You need 9 seals at GBP 26 each: 9 × 26 = 234.",
        "20% off €50 is €10 less.",
        "A 10% discount on €200 makes €180.",
        "A 10% discount on €200 saves you €20.",
        "€200 plus 19% VAT is €238.",
        "€1,000 at 5% for 2 years earns €100.",
        "€1,000 at 5% for 2 years grows to €1,102.50.",
        "9 seals at GBP 26 each cost GBP 234.",
        "Three nights at €120 per night: €360.",
        "£26 a month for 12 months is £312.",
        "Adults 18 and 25 come to 4 visits each.",
        "Ages 5 and 7 make 2 groups.",
        "Between 3 and 4 makes 5 of 10.",
        "Add 2 to 3 cups of water and you get 4 servings.",
        "Take 2 from 10 and you have 8.",
        "The fee is 3% and the tax 5% in 2 cases.",
        "2 tablets at 500 mg each is 1 g.",
        "$5 and $6, that is $11.",
        "I added 5 and 6 and made 2 cakes.",
        "Take 1 tablet from day 3 and you have 20 left",
    ],
)
def test_a_right_sum_in_words(right: str) -> None:
    assert found(f"{right}\n") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "14 of 50 patients (38%) recovered.",
        "Recovery was seen in 14/50 (38%).",
        "It was 38% (14/50).",
        "In 38% (14 of 50) it failed.",
        "14 out of 50 customers, or 38%, chose it.",
        "14 of 50 is 38%.",
        "1 in 4 (40%) agree.",
        "Sales rose from 40 to 50, an increase of 20%.",
        "The fee rose from €40 to €50 (20%).",
        "The rate fell from 80 to 60, a 20% drop.",
        "The price was cut from £80 to £60, a reduction of 20%.",
        "from €100 to €120, up 15%",
        "It increased by 20% from 40 to 50.",
        "A 20% increase from 40 to 50.",
        "an increase of 20% from 40 to 50",
    ],
)
def test_a_wrong_share(wrong: str) -> None:
    assert found(f"{wrong}\n")


@pytest.mark.parametrize(
    "right",
    [
        "14 of 50 patients (28%) recovered.",
        "2 of 3 (67%) and 2 of 3 (66%) and 2/3 (66.7%)",
        "14 of 50 (95% CI 10-40)",
        "Sales rose from 40 to 50, an increase of 25%.",
        "The rate rose from 40% to 50%, an increase of 10 percentage points.",
        "The rate rose from 40% to 50%, an increase of 25%.",
        "The rate rose from 40% to 50%, an increase of 10%.",
        "From 2010 to 2015, an increase of 20% was seen.",
        "0.5 rose from 0.5 to 0.7, by 44%",
        "Of 50 patients 14 (28%) and 20 (40%).",
        "It fell from 80 to 60, 20% of them in May",
    ],
)
def test_a_right_share(right: str) -> None:
    assert found(f"{right}\n") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "15 mg/kg for a 20 kg child is 350 mg.",
        "A dose of 15 mg/kg in a child of 20 kg makes 0.35 g.",
        "A 20 kg child at 15 mg/kg needs 350 mg.",
        "10 mg per kg for 70 kg (800 mg)",
        "500 mg three times a day (2 g daily)",
        "500 mg twice daily, i.e. 1.5 g per day",
        "250 mg every 6 hours = 1.5 g a day",
        "£25 a month is £310 a year.",
        "€60,000 per year, which is €6,000 per month",
        "In all that is 234 + 135 = 369, so GBP 379.",
        "9 × 26 = 234, i.e. GBP 243.",
        "The card costs €12 and delivery €5, €18 in total.",
        "GBP 234 for the parts and GBP 135 for the work, a total of GBP 379.",
        "In total: €12, €5 and €3 are €21.",
        "9 seals at GBP 26 each and GBP 135 for the work, GBP 379 in total.",
        "12 men and 15 women, 28 in total",
        "The parts cost GBP 234. The work costs GBP 135. In total that is GBP 379.",
        "2 + 3 = 5\nThe answer is 6.",
        "2 + 3 = 5\n#### 15",
    ],
)
def test_a_wrong_rate_and_result_told_again(wrong: str) -> None:
    assert found(f"{wrong}\n")


@pytest.mark.parametrize(
    "right",
    [
        "15 mg/kg for a 20 kg child is 300 mg.",
        "15 mg/kg/day for a 20 kg child, divided in 3 doses (100 mg)",
        "500 mg three times a day (1.5 g daily)",
        "500 mg three times a day (maximum 4 g daily)",
        "£25 a month is £300 a year.",
        "€10 a month or €100 a year",
        "In all that is 234 + 135 = 369, so GBP 369.",
        "5 + 3 = 8, so 4 each.",
        "5 + 7 = 12 eggs, so 1 dozen.",
        "The card costs €12 and delivery €5, €17 in total.",
        "9 seals at GBP 26 each and GBP 135 for the work, GBP 369 in total.",
        "In 3 studies with 12 patients, 40 in total",
        "2 of 12 patients, 15 in total",
        "The parts cost GBP 234. The work costs GBP 135. In total that is GBP 369.",
        "The limit is GBP 500. A fee of GBP 3 is due. In total you may spend GBP 1,500.",
        "2 + 3 = 5\nThe answer is 5.",
        "4 * 2 = 8, so it took three days.\n#### 3",
        "1/2 + 1/4 = 3/4 = 0.75. The answer is 75%.",
        "$20 an hour is $800 a week",
        "£600 a week is £2,600 a month.",
    ],
)
def test_a_right_rate_and_result_told_again(right: str) -> None:
    assert found(f"{right}\n") == []


@pytest.mark.parametrize(
    "wrong",
    [
        "- Rent: $500\n- Food: $200\n\nTotal: $750",
        "Rent: $500\nFood: $200\nTotal: $750",
        "| Rent | 1.500,00 |\n| Food | 200,00 |\n| Total | 1.800,00 |",
        "- 2 seals at GBP 26: GBP 52\n- work: GBP 100\n- **Total: GBP 162**",
        "1. 3 × €5.00 = €15.00\n2. Delivery: €4.00\nTotal: €20.00",
        "Subtotal: €200\nVAT (19%): €38\nTotal: €248",
        "- A: €20\n- B: €30\nSubtotal: €50\nDiscount: €5\nTotal: €55",
        "| Item | Qty | Price | Amount |\n|---|---|---|---|\n| Seal | 9 | €26.00 | €244.00 |\n| Work | 1 | €100.00 | €100.00 |\n| Total | | | €344.00 |",
        "| Item | Qty | Price | Amount |\n|---|---|---|---|\n| Seal | 9 | €26.00 | €234.00 |\n| Work | 1 | €100.00 | €100.00 |\n| **Total** | | | **€344.00** |",
        "| Item | Cost |\n|---|---|\n| a | $5 |\n| b | $6 |\n| Total | $12 |",
        "- Rent — €500\n- Food — €200\n- In total: €710",
        "- 5 men\n- 7 women\n- Total: 13",
        "- Hotel, 3 nights: €360\n- Food: €40\n- Total: €420",
    ],
)
def test_a_wrong_list_and_table(wrong: str) -> None:
    assert found(f"{wrong}\n")


@pytest.mark.parametrize(
    "right",
    [
        "- Rent: $500\n- Food: $200\n\n**Total:** $700",
        "1. Rent: $500\n2. Food for 3: $200\nTotal: $700",
        "- Rent: $500\nTotal: $750",
        "Subtotal: €200\nVAT (19%): €38\nTotal: €238",
        "- A: €20\n- B: €30\nSubtotal: €50\nDiscount: €5\nTotal: €45",
        "| Item | Qty | Price | Amount |\n|---|---|---|---|\n| Seal | 9 | €26.00 | €234.00 |\n| Work | 1 | €100.00 | €100.00 |\n| **Total** | 10 | | **€334.00** |",
        "| Age | Share |\n|---|---|\n| 5 | 10% |\n| 7 | 20% |\n| Total | 30% |",
        "Total of 5 patients: 3\n",
        "- Take 5 mg\n- Wait 10 minutes\n- Total: 20",
        "| Year | n |\n|---|---|\n| 2010 | 5 |\n| 2011 | 7 |\n| Total | 12 |",
        "- Step 1: 5\n- Step 2: 6\nThe sum of it: 3 things",
    ],
)
def test_a_right_list_and_table(right: str) -> None:
    assert found(f"{right}\n") == []
