"""Which sections the model need not be asked about: those that the rules explain and that contradict nothing."""

from __future__ import annotations

from collections.abc import Sequence

from budget_llm.coverage import coverage
from budget_llm.document import Document
from budget_llm.duties import duties
from budget_llm.facts import Fact
from budget_llm.identities import check_identities
from budget_llm.organisations import departments, organisation_name
from budget_llm.sections import Section


def explained(
    document: Document, sections: Sequence[Section], facts: Sequence[Fact], organisation: str | None
) -> frozenset[int]:
    """Return the sections in which every number is explained, no identity fails, and no record is missing.

    Duties are wanted where the rules find none, the body where they find neither name (`organisation` is that of the
    title) nor departments.
    """
    covered = coverage(document, sections, facts)
    findings = check_identities(document, facts, [unread.start for unread in covered.unread if unread.is_money])
    doubtful = {unread.start for unread in covered.unread}
    doubtful |= {place.start for finding in findings if finding.severity != "rounding" for place in finding.places}
    named = (organisation or organisation_name(document)) and departments(document, sections)
    wanted = {"duties"} if not duties(document, sections) else set()
    wanted |= {"organisation"} if not named else set()
    return frozenset(
        section.index
        for section in sections
        if section.topic not in wanted and not any(section.start <= at < section.end for at in doubtful)
    )
