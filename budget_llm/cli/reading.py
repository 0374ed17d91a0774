"""`budget-llm extract PATH…`: disclosures in, tables or JSON out; one document, or many in one run."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budget_llm.cli import written
from budget_llm.cli.asked import add_prices, model_of_options
from budget_llm.cli.wording import (
    DONE,
    FAILED,
    INCOMPLETE,
    INTERRUPTED,
    budget,
    limit,
    say,
    seconds,
    whole_number,
)
from budget_llm.errors import BudgetLLMError, ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from budget_llm.batch import Outcome
    from budget_llm.disclosure import Disclosure
    from budget_llm.model import LanguageModel


def add_to(commands: Any) -> None:
    """Add the command."""
    extract = commands.add_parser("extract", help="read disclosures and print or write their checked facts")
    extract.set_defaults(run=run)
    _add_reading(extract)
    _add_spending(extract)
    _add_keeping(extract)
    _add_writing(extract)


def _add_reading(extract: argparse.ArgumentParser) -> None:
    """Add what is read, and how."""
    extract.add_argument(
        "paths", nargs="+", type=Path, metavar="PATH", help="a disclosure: PDF, DOCX, XLSX, XLS, HTML or text"
    )
    extract.add_argument(
        "--model",
        metavar="NAME",
        help='the model to ask, or "none" for rules alone (default: BUDGET_LLM_MODEL)',
    )
    extract.add_argument(
        "--read",
        choices=("all", "doubtful"),
        default="all",
        help="ask the model about every section (default), or only where the rules leave a doubt",
    )
    extract.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint (default: OPENAI_BASE_URL)")
    extract.add_argument(
        "--timeout",
        type=seconds,
        default=120.0,
        metavar="SECONDS",
        help="how long to wait for an answer (default: 120)",
    )
    extract.add_argument(
        "--cassette",
        type=Path,
        metavar="FILE",
        help="replay recorded answers; record them where FILE does not exist",
    )


def _add_keeping(extract: argparse.ArgumentParser) -> None:
    """Add what is kept from one run to the next."""
    extract.add_argument(
        "--cache", type=Path, metavar="FOLDER", help="keep answers and layouts here: a second run makes no call"
    )


def _add_spending(extract: argparse.ArgumentParser) -> None:
    """Add what the reading may cost, and how much of it happens at once."""
    add_prices(extract)
    extract.add_argument(
        "--budget",
        type=budget,
        metavar="AMOUNT",
        help="stop before the call that would cost more in all: 200000tokens, or 5CNY where a price is known",
    )
    extract.add_argument(
        "--concurrency",
        type=whole_number,
        default=32,
        metavar="N",
        help="calls in flight over all inputs (default: 32)",
    )


def _add_writing(extract: argparse.ArgumentParser) -> None:
    """Add what is written, and where."""
    extract.add_argument(
        "--format", choices=("table", "json"), help="how to show the result (default: table, in a folder json)"
    )
    extract.add_argument(
        "--language", choices=("zh", "en"), default="zh", help="the language of the findings' messages (default: zh)"
    )
    extract.add_argument(
        "--limit",
        type=limit,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="raise a bound on one input: bytes, expanded_bytes, pages, cells or characters",
    )
    extract.add_argument(
        "--lexicon", type=Path, metavar="FILE", help="wordings of your own (TOML) that go before the package's"
    )
    extract.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="write to FILE instead of standard output; to a folder (FOLDER/): a JSON file for each input, as it is finished",
    )
    extract.add_argument(
        "--force", action="store_true", help="read inputs again that are written in the folder already"
    )


def complaint(options: argparse.Namespace) -> str | None:
    """Return what is wrong with options that do not go together."""
    if options.base_url and not (options.model or os.environ.get("BUDGET_LLM_MODEL") or options.cassette):
        return "--base-url needs a model: name it by --model or BUDGET_LLM_MODEL"
    if written.is_folder(options.output) and options.format == "table":
        return (
            "--format table: expected a FILE with -o, found a folder, in which every input has a JSON file of its own"
        )
    return None


def run(options: argparse.Namespace) -> int:
    """Read the inputs, write what was read, and return the exit code."""
    from budget_llm.cassettes import cassette

    folder = Path(options.output) if written.is_folder(options.output) else None
    paths = list(dict.fromkeys(options.paths))
    targets = written.targets(folder, paths) if folder else {}
    if options.output is not None and folder is None and not os.access(Path(options.output).absolute().parent, os.W_OK):
        raise BudgetLLMError(f"{options.output}: cannot be written: no such folder, or no right to write in it")
    model = model_of_options(options)
    name = None if isinstance(model, str) else model.name
    kept = [] if options.force else [path for path, target in targets.items() if written.is_kept(path, target, name)]
    if kept:
        say(f"note: {len(kept)} of {len(paths)} inputs are written in {folder} already; --force reads them again")
    waiting = [path for path in paths if path not in kept]
    done: dict[Path, Disclosure] = {}
    code, finished, late = DONE, 0, 0
    try:
        with cassette(options.cassette) if options.cassette is not None else nullcontext():
            for outcome in _outcomes(waiting, model, options):
                disclosure, answered = _told(outcome)
                code = code if answered else FAILED
                finished += disclosure is not None
                late += disclosure is not None and disclosure.incomplete
                if disclosure and folder:
                    written.write(targets[Path(str(outcome.source))], disclosure)
                elif disclosure:
                    done[Path(str(outcome.source))] = disclosure
    except ModelError as error:
        say(f"error: {error}")
        code = FAILED
    except KeyboardInterrupt:
        where = (
            f"they are in {folder}; the same command goes on with the others" if folder else "what follows is of these"
        )
        say(f"interrupted: {finished} of {len(waiting)} inputs were finished; {where}")
        code = INTERRUPTED
    if late and code == DONE:
        say(f"note: {late} of {len(waiting)} inputs were read in part only; the same command reads what is missing")
        code = INCOMPLETE
    _show([done[path] for path in options.paths if path in done], options)
    return code


def _outcomes(paths: list[Path], model: LanguageModel | str, options: argparse.Namespace) -> Iterator[Outcome]:
    """Yield what becomes of each input; afterwards tells what several of them cost together."""
    from budget_llm.batch import extract_many
    from budget_llm.formats.limits import Limits
    from budget_llm.lexicon import Lexicon
    from budget_llm.model import Model
    from budget_llm.prices import prices_of
    from budget_llm.report import cost_line

    def tell(done: int, total: int | None, outcome: Outcome) -> None:
        if len(paths) > 1 and sys.stderr.isatty():
            say(f"{done} of {total}: {outcome.source}")

    try:
        yield from extract_many(
            paths,
            model,
            concurrency=options.concurrency,
            budget=options.budget,
            on_progress=tell,
            read=options.read,
            limits=Limits(**dict(options.limit)),
            lexicon=Lexicon(options.lexicon) if options.lexicon else None,
            language=options.language,
        )
    finally:
        if isinstance(model, Model) and len(paths) > 1:
            say(f"the run: {cost_line(model.spent, prices_of(model))}")


def _told(outcome: Outcome) -> tuple[Disclosure | None, bool]:
    """Return the disclosure of one input (None where it failed) and whether all went well; the rest goes to stderr."""
    from budget_llm.usage import BUDGET_REACHED

    path, disclosure = outcome.source, outcome.disclosure
    if disclosure is None:
        error = outcome.error
        if not isinstance(error, BudgetLLMError):
            say(f"error: {path}: {type(error).__name__}: {error} (a fault of budget-llm itself: please report it)")
        else:
            say(f"error: {path}: {str(error).removeprefix(f'{path}: ')}")
        return None, False
    for reason, sections in disclosure.failures().items():
        say(f"warning: {path}: {len(sections)} of {len(disclosure.sections)} sections {reason}")
    late = [section.model for section in disclosure.sections if BUDGET_REACHED in section.model]
    if late:
        reason = late[0][late[0].index(BUDGET_REACHED) :]
        say(f"warning: {path}: {len(late)} of {len(disclosure.sections)} sections {reason}")
    if disclosure.document.kind is None:
        say(f"warning: {path}: this does not look like a 部门预算, 部门决算 or 绩效自评; check what was read")
    answered = any(s.model.startswith("read") for s in disclosure.sections)
    if disclosure.failed_sections and not late and not answered:
        say(f"error: {path}: the model answered for no section; what follows was read by rules alone")
        return disclosure, False
    return disclosure, True


def _show(done: list[Disclosure], options: argparse.Namespace) -> None:
    """Write the output: tables one below the other; JSON as one object, or an array for several paths."""
    from budget_llm.export import write_whole

    if not done:
        return
    if options.format == "json":
        values: list[dict[str, Any]] = [disclosure.to_dict() for disclosure in done]
        shown = json.dumps(values[0] if len(options.paths) == 1 else values, ensure_ascii=False, indent=1) + "\n"
    else:
        shown = "\n".join(map(str, done))
    if options.output is not None:
        write_whole(options.output, shown)
    else:
        sys.stdout.write(shown)
