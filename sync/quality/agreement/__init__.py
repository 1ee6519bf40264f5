"""How far annotators agree where several labelled the same tasks: control by control, and in words.

Shared tasks come in; an `AgreementReport` comes out. docs/agreement.md says what each figure means.
Open first: `figures`, then `measure`.
"""
