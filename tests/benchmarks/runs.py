"""Whether any text can make the rules slow: long runs of every kind of character, alone and behind a sentence.

    python -m tests.benchmarks.runs [CHARACTERS]

Prints the ten slowest of them with the seconds from text to facts for 100,000 characters (or as many as told) and for
twice as many: a factor near 2 is linear, near 4 quadratic.
"""

from __future__ import annotations

import sys
import time

from tests.benchmarks.reading import facts

RUNS = (
    "1", "1,", "1.", "１", "年", "一", "、", "一、", "（", "（一）", " ", "　", "\n", "\t", "。", "，", "：", "-", "—", "…", "|", "│",
    "a", "W", "<a ", "%", "万元", "增加", "2024年", "基本支出", "单位：", "表", "“三公”经费", "1 ", "1\n", "(1", "[", "项目 ", "合计\t1.00\n",
)  # fmt: skip
OPENINGS = ("预算", "一、收入预算\n2024年收入预算100万元，其中")


def seconds(text: str) -> float:
    """Return the processor time of one reading."""
    begin = time.process_time()
    facts(text)
    return time.process_time() - begin


def main(length: int) -> None:
    """Print the slowest runs."""
    rows = []
    for run in RUNS:
        for opening in OPENINGS:
            once, twice = (seconds(opening + run * (n // len(run))) for n in (length, 2 * length))
            rows.append((twice, once, run, opening))
    print(f"{len(rows)} texts of {length:,} and {2 * length:,} characters")
    for twice, once, run, opening in sorted(rows, key=lambda row: -row[0])[:10]:
        print(f"{once:8.2f} s {twice:8.2f} s  × {twice / max(once, 1e-6):4.1f}  {run!r} behind {opening[:6]!r}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
