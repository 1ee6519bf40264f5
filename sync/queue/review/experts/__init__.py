"""Who does what: tasks are matched with the people who may do them, in the project and its queues.

Label Studio Community has no assignment, so a task holds the e-mail of whom it is meant for, and a
tab of the table of tasks shows each expert their own.
Open first: `assign`, then `matching`.
"""
