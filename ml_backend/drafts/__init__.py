"""One draft, from a job of the queue to a prediction that the page can show.

A `DraftJob` comes in, a `FinishedDraft` comes out. Here are the reply cache's use, the budget, the
model servers, and the finished tasks of the project that are most like the one to be drafted.
Open first: `draft_maker`.
"""
