"""The order in which annotators get tasks, and when enough is done.

Label Studio hands out the task whose draft has the lowest score. What is known of open tasks comes
in; one priority a task, a small random share of audits and an estimate of what is left come out.
This room alone writes scores once a draft is made: `labeltune rank` and `gaps --queue` call it.
Open first: `priority`, then `rank_plan`.
"""
