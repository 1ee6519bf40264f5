"""What makes a draft: prompt, samples of a model, score, few-shot examples.

A task's data and a project's settings come in, a `Draft` comes out: a typed record with its score.
Label Studio, queues and money are `ml_backend`'s part. `project_settings` is the contract between
`labeltune push`, which writes it, and the backend, which reads it.
Open first: `draft_task`.
"""
