"""What source tasks go through before they are sent, and what was dropped and why.

A stream of tasks comes in; the tasks that are kept come out, on disk, with a report of each step.
Open first: `pipeline`.
"""
