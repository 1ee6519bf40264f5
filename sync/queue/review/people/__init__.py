"""How far each person's answers agree with known truths and with the others', over time.

Open first: `sequential`, then `measured_answers`.
"""
