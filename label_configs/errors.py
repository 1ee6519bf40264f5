"""Errors of the contract between a label config and its typed record."""


class LabelConfigError(Exception):
    """A label config, a task or a result list that does not fit its interface."""


class UnknownInterfaceError(LabelConfigError):
    """No interface of that name; names the ones there are."""
