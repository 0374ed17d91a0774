"""What many documents in one run cost beside the endpoint's own time: wall clock against the ideal, CPU per call.

    python -m tests.benchmarks.orchestration [DOCUMENTS] [IN_FLIGHT]

200 documents (the examples, varied so that no two requests are the same), an endpoint on loopback in a process of its
own that answers after 200 ms with what was recorded, 64 calls in flight. Prints, each on a line of its own: the reading by
rules alone; the calls alone (the model's reading of documents that are split already, answers validated and looked up in
the source: what a library without rules does); and the whole of it.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from budget_llm.batch import _Run, extract_many
from budget_llm.chunks import Chunk, chunk
from budget_llm.document import Document
from budget_llm.model import LanguageModel, Model
from budget_llm.read_by_model import About, read_by_model
from budget_llm.read_by_rule import setting_of
from budget_llm.records import document_record
from budget_llm.sections import Section, split_sections
from tests.conftest import EXAMPLES, ROOT

LATENCY = 0.2
_MARK = re.compile("〔卷[甲乙丙丁戊己庚辛壬癸]+〕")
_DIGITS = str.maketrans("0123456789", "甲乙丙丁戊己庚辛壬癸")

Prepared = tuple[Document, list[Section], tuple[Chunk, ...], About]


def varied(count: int) -> list[Document]:
    """Return so many documents: the examples in turn, each longer line marked with the document's number."""
    texts = [(ROOT / "examples" / f"{name}.txt").read_text("utf-8") for name in EXAMPLES]
    return [
        Document.from_text(
            re.sub(r"(?<=[^\n]{12})\n", f"〔卷{str(n).translate(_DIGITS)}〕\n", texts[n % len(texts)]), str(n)
        )
        for n in range(count)
    ]


def prepared(document: Document) -> Prepared:
    """Return a document as it is before the model is asked."""
    sections = split_sections(document)
    record = document_record(document, sections)
    about = About(record.kind, record.year, setting_of(document, record.kind, record.year).stage)
    return document, list(sections), chunk(document, sections)[0], about


def recorded() -> dict[str, str]:
    """Return the recorded answers by the message that they answer."""
    found = {}
    for path in (ROOT / "cassettes").glob("*.yaml"):
        for interaction in yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))[
            "interactions"
        ]:
            asked = interaction["request"]["body"]["json"]["messages"]
            answer = interaction["response"]["body"]["json"]["choices"][0]["message"]["content"]
            found[next(m["content"] for m in asked if m["role"] == "user")] = answer
    return found


async def serve() -> None:
    """Answer every request after the latency, with the recorded answer where there is one; "/" tells what was counted."""
    answers, seen, counts = recorded(), set[int](), {"requests": 0, "recorded": 0}

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                if head.startswith("GET"):
                    body = json.dumps({**counts, "distinct": len(seen)}).encode()
                else:
                    length = re.search(r"(?i)content-length: ([0-9]+)", head)
                    raw = await reader.readexactly(int(length.group(1)) if length else 0)
                    body = reply(json.loads(raw), raw)
                    await asyncio.sleep(LATENCY)
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
                    + body
                )
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def reply(request: dict[str, Any], raw: bytes) -> bytes:
        user = _MARK.sub("", next(m["content"] for m in request["messages"] if m["role"] == "user"))
        counts["requests"] += 1
        counts["recorded"] += user in answers
        seen.add(hash(raw))
        message = {"role": "assistant", "content": answers.get(user, "{}")}
        usage = {"prompt_tokens": 1500, "completion_tokens": 600, "total_tokens": 2100}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        completion = {
            "id": "1",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [choice],
            "usage": usage,
        }
        return json.dumps(completion, ensure_ascii=False).encode()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, limit=2**22, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def endpoint() -> Iterator[str]:
    """Run the endpoint in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", __spec__.name, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}/v1"
    finally:
        process.terminate()
        process.wait()


def told(url: str) -> dict[str, int]:
    """Return what the endpoint counted."""
    from urllib.request import urlopen

    with urlopen(url.removesuffix("v1")) as response:
        counted: dict[str, int] = json.load(response)
    return counted


def calls_alone(documents: list[Prepared], model: Model, in_flight: int) -> int:
    """Read prepared documents by the model through the pool of a run; return how many sections' requests failed."""

    async def read(source: Any, reader: LanguageModel | None) -> Any:
        document, sections, chunks, about = source
        assert reader is not None
        return await read_by_model(document, sections, chunks, reader, about)

    async def run() -> int:
        begun, failed = _Run(iter(documents), model, in_flight, read), 0  # type: ignore[arg-type]
        while (outcome := await begun.next()) is not None:
            reading: Any = outcome.disclosure
            failed += sum(not told.startswith("read") for told in reading.status.values())
        await begun.stop(close=True)
        return failed

    return asyncio.run(run())


class Clock:
    """Wall clock and CPU of this process between two moments."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), time.process_time()

    def stop(self) -> None:
        """Keep the seconds since the beginning."""
        self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu


def main(count: int, in_flight: int) -> None:
    """Print the figures."""
    documents = varied(count)
    ready = [prepared(document) for document in documents]
    for _ in extract_many(documents[:4], "none"):  # patterns are compiled, modules imported
        pass
    rules = Clock()
    assert not [o.error for o in extract_many(documents, "none") if o.error]
    rules.stop()
    print(f"rules alone: {count} documents, {rules.wall:.1f} s, {1000 * rules.cpu / count:.0f} ms of CPU per document")

    def model(url: str) -> Model:
        return Model("m", base_url=url, api_key="k", concurrency=in_flight)

    with endpoint() as url:
        calls_alone(ready[:4], model(url), in_flight)
        before = told(url)["requests"]
        alone = Clock()
        failed = calls_alone(ready, model(url), in_flight)
        alone.stop()
        counted = told(url)
    calls = counted["requests"] - before
    ideal = calls * LATENCY / in_flight
    print(
        f"endpoint: {calls} calls, {counted['distinct']} of {counted['requests']} requests distinct, {counted['recorded']} with a recorded answer, {failed} failed"
    )
    print(
        f"calls alone: {alone.wall:.1f} s, {alone.wall / ideal:.2f} x ideal ({ideal:.1f} s), {1000 * alone.cpu / calls:.1f} ms of CPU per call"
    )
    with endpoint() as url:
        whole = Clock()
        outcomes = list(extract_many(documents, model(url), concurrency=in_flight))
        whole.stop()
    used = sum(o.disclosure.usage.calls for o in outcomes if o.disclosure)  # second looks among them
    ideal = used * LATENCY / in_flight
    print(
        f"the whole: {used} calls, {whole.wall:.1f} s, {whole.wall / ideal:.2f} x ideal ({ideal:.1f} s), "
        f"{1000 * whole.cpu / used:.1f} ms of CPU per call, of which {1000 * rules.cpu / used:.1f} by rules and "
        f"{1000 * (whole.cpu - rules.cpu) / used:.1f} by the client and the join"
    )


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        numbers = [int(argument) for argument in sys.argv[1:]]
        main(*(numbers + [200, 64][len(numbers) :]))
