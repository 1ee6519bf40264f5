"""The worker's jobs: find tasks without a draft, draft them, deliver the drafts.

Label Studio is asked what is missing; jobs go through the queue; predictions go back in batches.
Open first: `jobs`.
"""
