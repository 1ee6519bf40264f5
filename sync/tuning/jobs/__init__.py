"""Fine-tuning jobs on other machines: whoever speaks OpenAI's fine-tuning API, or one like it.

`providers` are those we know, `job_journal` what a killed command goes on from, `job_start` sends
a release and makes the job once, `job_watch` waits for the model.
Open first: `endpoint_tuner`.
"""
