"""The command line: `budget-llm extract PATH…`, also `python -m budget_llm`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from contextlib import nullcontext
from decimal import Decimal, InvalidOperation
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from budget_llm.errors import BudgetLLMError, ModelError

if TYPE_CHECKING:
    from budget_llm.disclosure import Disclosure
    from budget_llm.formats.limits import Limits
    from budget_llm.lexicon import Lexicon
    from budget_llm.model import LanguageModel
    from budget_llm.usage import Prices

DONE, FAILED, INTERRUPTED = 0, 1, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 1 an input failed, 2 usage, 130 interrupted."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.base_url and not (options.model or os.environ.get("BUDGET_LLM_MODEL") or options.cassette):
        parser.error("--base-url needs a model: name it by --model or BUDGET_LLM_MODEL")
    try:
        return _extract(options)
    except BudgetLLMError as error:
        _say(f"error: {error}")
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="budget-llm",
        description="Checked facts from Chinese departmental disclosures (部门预算, 部门决算, 绩效自评).",
        epilog="Environment: OPENAI_API_KEY, OPENAI_BASE_URL, BUDGET_LLM_MODEL. Exit codes: 0 done, 1 an input failed, 2 usage.",
    )
    parser.add_argument("--version", action="version", version=f"budget-llm {version('budget-llm')}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    extract = commands.add_parser("extract", help="read disclosures and print or write their checked facts")
    _add_reading(extract)
    _add_writing(extract)
    return parser


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
    extract.add_argument("--base-url", metavar="URL", help="an OpenAI-compatible endpoint (default: OPENAI_BASE_URL)")
    extract.add_argument(
        "--price", type=_price, metavar="IN/OUT", help="CNY per million prompt/completion tokens, to tell the cost: 2/8"
    )
    extract.add_argument(
        "--timeout",
        type=_seconds,
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


def _add_writing(extract: argparse.ArgumentParser) -> None:
    """Add what is written, and where."""
    extract.add_argument(
        "--format", choices=("table", "json"), default="table", help="how to show the result (default: table)"
    )
    extract.add_argument(
        "--limit",
        type=_limit,
        action="append",
        default=[],
        metavar="NAME=NUMBER",
        help="raise a bound on one input: bytes, expanded_bytes, pages, cells or characters",
    )
    extract.add_argument(
        "--lexicon", type=Path, metavar="FILE", help="wordings of your own (TOML) that go before the package's"
    )
    extract.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to FILE instead of standard output")


def _price(written: str) -> Prices:
    """Read "2/8": the prices of a million prompt and of a million completion tokens."""
    from budget_llm.usage import Prices

    try:
        prompt, completion = (Decimal(part) for part in written.split("/"))
    except (ValueError, InvalidOperation):
        raise argparse.ArgumentTypeError(f"expected two numbers such as 2/8, found {written!r}") from None
    return Prices(prompt, completion)


def _limit(written: str) -> tuple[str, int]:
    """Read "pages=5000": a bound of `Limits` and its value."""
    from budget_llm.formats.limits import Limits

    name, _, number = written.partition("=")
    if name not in Limits.__slots__ or not number.isascii() or not number.isdigit():
        raise argparse.ArgumentTypeError(
            f"expected one of {', '.join(Limits.__slots__)} with a number, found {written!r}"
        )
    return name, int(number)


def _seconds(written: str) -> float:
    """Read a time that can be waited."""
    try:
        seconds = float(written)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"expected a number of seconds above 0, found {written!r}")
    return seconds


def _extract(options: argparse.Namespace) -> int:
    from budget_llm.cassettes import cassette
    from budget_llm.export import write_whole
    from budget_llm.formats.limits import Limits
    from budget_llm.lexicon import Lexicon

    if options.output is not None and not os.access(options.output.absolute().parent, os.W_OK):
        raise BudgetLLMError(f"{options.output}: cannot be written: no such folder, or no right to write in it")
    model = _model(options)
    lexicon = Lexicon(options.lexicon) if options.lexicon else None
    done: list[Disclosure] = []
    code = DONE
    try:
        with cassette(options.cassette) if options.cassette is not None else nullcontext():
            for path in options.paths:
                disclosure, answered = _one(path, model, Limits(**dict(options.limit)), lexicon)
                done += [disclosure] if disclosure else []
                code = code if answered else FAILED
    except KeyboardInterrupt:
        _say(f"interrupted: {len(done)} of {len(options.paths)} inputs were finished; what follows is of these")
        code = INTERRUPTED
    if done and options.output is not None:
        write_whole(options.output, _shown(done, options))
    elif done:
        sys.stdout.write(_shown(done, options))
    return code


def _one(
    path: Path, model: LanguageModel | str, limits: Limits, lexicon: Lexicon | None
) -> tuple[Disclosure | None, bool]:
    """Return the disclosure of one input (None where it failed) and whether all went well; the rest goes to stderr."""
    from budget_llm.extraction import extract

    try:
        disclosure = extract(path, model, limits=limits, lexicon=lexicon)
    except ModelError:
        raise
    except BudgetLLMError as error:
        _say(f"error: {path}: {str(error).removeprefix(f'{path}: ')}")
        return None, False
    for reason, sections in disclosure.failures().items():
        _say(f"warning: {path}: {len(sections)} of {len(disclosure.sections)} sections {reason}")
    if disclosure.document.kind is None:
        _say(f"warning: {path}: this does not look like a 部门预算, 部门决算 or 绩效自评; check what was read")
    if disclosure.model is not None and not any(s.model.startswith("read") for s in disclosure.sections):
        _say(f"error: {path}: the model answered for no section; what follows was read by rules alone")
        return disclosure, False
    return disclosure, True


def _model(options: argparse.Namespace) -> LanguageModel | str:
    """Return the model to ask; says on standard error where none is configured."""
    from budget_llm.cassettes import model_of
    from budget_llm.model import REPLAY_URL, Model

    name = options.model or os.environ.get("BUDGET_LLM_MODEL")
    if options.cassette is not None and options.cassette.exists():
        return Model(
            options.model or model_of(options.cassette),
            base_url=REPLAY_URL,
            api_key="replay",
            attempts=1,
            prices=options.price,
        )
    endpoint = options.base_url or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_KEY")
    if name == "none" or (name is None and options.cassette is None):
        if name is None:
            missing = "no model is named (--model or BUDGET_LLM_MODEL)" if endpoint else "no endpoint is configured"
            _say(f"note: {missing}: reading by rules alone")
        return "none"
    if name is None:
        raise ModelError(
            f"{options.cassette} does not exist: to record it, name a model (--model) and an endpoint (--base-url)"
        )
    return Model(
        name,
        base_url=options.base_url,
        timeout=options.timeout,
        deadline=max(300.0, 2 * options.timeout),
        prices=options.price,
    )


def _shown(done: list[Disclosure], options: argparse.Namespace) -> str:
    """Return the output: tables one below the other; JSON as one object, or an array for several paths."""
    if options.format == "table":
        return "\n".join(map(str, done))
    values: list[dict[str, Any]] = [d.to_dict() for d in done]
    return json.dumps(values[0] if len(options.paths) == 1 else values, ensure_ascii=False, indent=1) + "\n"


def _say(message: str) -> None:
    print(f"budget-llm: {message}", file=sys.stderr)
