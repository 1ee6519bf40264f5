"""The report of a project's checks as one HTML page, for people who did not run them.

The findings of the last check, figures of the pulled work, and what others say of targets and of
the ranking come in; a page that needs nothing else comes out.
Open first: `project_report`.
"""
