"""Documents cut by their headings: one task a section.

Markdown, HTML, PDF or text comes in; sections with their titles come out.
Open first: `document_tasks`.
"""
