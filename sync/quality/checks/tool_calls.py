"""Calls of tools in finished work that no tool could take, or that look like a slip."""

from sync.quality.checks.check import CheckResult, WorkToCheck

# a schema lets an argument pass that it does not list; often its name is a slip
DOUBTFUL = 0.5


def check(work: WorkToCheck) -> CheckResult:
    """An error for each task whose calls do not fit their tools' schemas, else a warning.

    A warning, too, where a call that was added within a conversation is the last that is learnt.
    """
    found = []
    for record in work.labelled.records:
        faults = work.interface.call_faults(record.record, record.data)
        short = work.interface.cut_short(record.record, record.data)
        doubts = [] if faults else work.interface.call_doubts(record.record, record.data)
        if faults:
            message = f"{'; '.join(faults)}; correct it, or take the call out"
            found.append(work.finding(record, "tool_call", "error", 0.0, message))
        elif doubts:
            message = f"{'; '.join(doubts)}; correct its name, or accept it as it is"
            found.append(work.finding(record, "tool_call", "warning", DOUBTFUL, message))
        elif short is not None:
            message = f"{short}; take the call out to learn the rest, or accept it as it is"
            found.append(work.finding(record, "tool_call", "warning", DOUBTFUL, message))
    return CheckResult(tuple(found))
