"""The order in which annotators get tasks, and when enough is done.

What is known of open tasks comes in; one priority a task, a small random share of audits and an
estimate of what is left come out.
Open first: `audit`.
"""
