"""Tables that the rules cannot map: asked about once per layout, read by the map, refused where the map cannot be true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from budget_llm.document import Document
from budget_llm.facts import Finding
from budget_llm.facts import Place as Operand
from budget_llm.layouts.answers import TableMap, TableMaps
from budget_llm.layouts.asking import request_about
from budget_llm.layouts.checks import Refusal, refusal
from budget_llm.layouts.lines import lines
from budget_llm.layouts.memory import KeptMap, LayoutMemory
from budget_llm.layouts.read_by_map import Place, facts_of, unit_of
from budget_llm.layouts.unknown_tables import section_of, shown
from budget_llm.model import Request
from budget_llm.read_by_model import About, ModelFact
from budget_llm.sections import Section
from budget_llm.tables import Table

_LONGEST_REQUEST = 4000
_NO_TITLE = "无表名"


@dataclass(frozen=True, slots=True)
class Batch:
    """Tables (their numbers) that are asked about in one request."""

    tables: tuple[int, ...]
    request: Request


def batches(document: Document, asked: Sequence[int], about: About) -> list[Batch]:
    """Return the requests about tables, several short ones in each."""
    groups: list[list[int]] = []
    size = 0
    texts = {number: shown(document.tables[number], number) for number in asked}
    for number in asked:
        if not groups or size + len(texts[number]) > _LONGEST_REQUEST:
            groups.append([])
            size = 0
        groups[-1].append(number)
        size += len(texts[number])
    return [
        Batch(
            tuple(group),
            request_about("tables", TableMaps, "待说明的各表", "\n\n".join(texts[n] for n in group), about),
        )
        for group in groups
    ]


def maps_in(batch: Batch, answer: TableMaps) -> dict[int, TableMap]:
    """Return the map of each table of a batch that an answer gives just one for."""
    found: dict[int, list[TableMap]] = {}
    for mapped in answer.tables:
        found.setdefault(mapped.table, []).append(mapped)
    return {number: maps[0] for number, maps in found.items() if number in batch.tables and len(maps) == 1}


def read_mapped(
    document: Document, sections: Sequence[Section], number: int, kept: KeptMap, about: About
) -> tuple[list[ModelFact], Refusal | None]:
    """Return the facts of a table by a map, or none and why the map is refused."""
    table = document.tables[number]
    if kept.refused:
        return [], Refusal(kept.refused)
    if refused := refused_for(document, table, kept.map):
        return [], refused
    place = Place(number, section_of(table, sections).index, kept.year)
    return list(facts_of(document, kept.map, list(lines(table, kept.map)), about, place)), None


def refused_for(document: Document, table: Table, mapped: TableMap) -> Refusal | None:
    """Return why a map must not be used for a table, None where it may."""
    # the columns are looked at before the rows are read by them
    inside = all(1 <= column.column <= table.width for column in mapped.columns)
    rows = list(lines(table, mapped)) if inside else []
    return refusal(table, mapped, rows, lambda column: unit_of(document, table, column))


def learn(memory: LayoutMemory, signature: str, document: Document, number: int, mapped: TableMap, year: int | None) -> KeptMap:  # fmt: skip
    """Keep a map that the model gave for a table, as refused where it cannot be true; return what is kept."""
    refused = refused_for(document, document.tables[number], mapped)
    kept = KeptMap(map=mapped, year=year, refused=refused.reason if refused else None)
    memory.keep_map(signature, kept)
    return kept


def rejected(document: Document, number: int, refused: Refusal, *, earlier: bool) -> Finding:
    """Return the warning that a table's map was refused and its numbers stay unread."""
    table = document.tables[number]
    asked = "同一版式此前的列映射已被否定，未再询问模型" if earlier else "模型给出的列映射未通过校验，未采用"
    message = f"表“{_title(table)}”：{asked}：{refused.reason}{refused.shown}；该表的数字未由映射读取，请人工核对"
    whole = refused.operands[0].value if refused.operands else None
    return Finding(
        "layout_map_rejected", "warning", message, tuple(str(n.value) for n in refused.operands),
        None if refused.expected is None else str(refused.expected), None if whole is None else str(whole),
        None if whole is None or refused.expected is None else str(whole - refused.expected),
        tuple(
            Operand(n.cell.start, n.cell.start + len(n.written), document.line(n.cell.start), n.written, refused.label, page=document.page(n.cell.start))
            for n in refused.operands
        ),
        english=f"table “{_title(table)}”: the model's map of its columns failed a check and is not used ({refused.reason}{refused.shown}); "
        "no number of the table was read by a map, check it by hand",
        fault="model",
    )  # fmt: skip


def not_mapped(document: Document, reasons: Mapping[int, str]) -> list[Finding]:
    """Return a warning for each table (by number) that no map could be had for, with the reason."""
    return [
        Finding(
            "layout_not_mapped",
            "warning",
            f"表“{_title(document.tables[number])}”：表头不在词表中，列映射未能取得（{reason}）；该表的数字未由映射读取，请人工核对",
            (), None, None, None, (),
            english=f"table “{_title(document.tables[number])}”: its header is not in the lexicon and no map of its columns could be had ({reason}); "
            "no number of the table was read by a map, check it by hand",
            fault="model",
        )
        for number, reason in sorted(reasons.items())
    ]  # fmt: skip


def _title(table: Table) -> str:
    return "".join((table.title or "/".join(path[0] for path in table.columns if path) or _NO_TITLE).split())[:40]
