"""What a call costs the client: processor time and wall time over many requests in flight.

    python -m tests.benchmarks.calls [CALLS [IN_FLIGHT [LATENCY]]]

An endpoint in a process of its own answers after LATENCY seconds (0.2); only the client's processor time is
counted. Prints milliseconds of processor time per call, and wall time against CALLS ÷ IN_FLIGHT × LATENCY.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import sys
import time
from contextlib import suppress
from typing import Any

from budget_llm.model import Model, Request
from budget_llm.schemas import Expenditure
from tests.endpoint import completion

ITEM = {"label": "基本支出", "concept": "expenditure.basic", "amount": "1234.56万元", "share": "12.34%"}
REPLY = json.dumps(completion(json.dumps({"items": [ITEM] * 20}, ensure_ascii=False)), ensure_ascii=False).encode()
HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(REPLY)}\r\n\r\n".encode()


def serve(latency: float, ready: Any) -> None:
    """Answer every request after `latency` seconds, until the process is ended."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):
            await answer(reader, writer)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(int(length.split(b":")[1]))
            await asyncio.sleep(latency)
            writer.write(HEAD + REPLY)

    async def run() -> None:
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=1024)
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


async def measure(port: int, calls: int, in_flight: int) -> tuple[float, float]:
    """Return the seconds of processor time and of wall time for `calls` requests; connections are warm."""
    async with Model("m", f"http://127.0.0.1:{port}/v1", "key", concurrency=in_flight) as model:

        async def ask(number: int) -> None:
            answer = await model.ask(Request(Expenditure, "提示" * 400, f"第{number}段" + "基本支出1234.56万元，" * 60))
            assert answer.failure is None, answer.failure

        await asyncio.gather(*(ask(-n) for n in range(in_flight)))
        cpu, wall = time.process_time(), time.perf_counter()
        await asyncio.gather(*(ask(n) for n in range(1, calls + 1)))
        return time.process_time() - cpu, time.perf_counter() - wall


def main(calls: int = 1280, in_flight: int = 64, latency: float = 0.2) -> None:
    """Print the figures."""
    receiving, sending = multiprocessing.Pipe()
    server = multiprocessing.Process(target=serve, args=(latency, sending), daemon=True)
    server.start()
    cpu, wall = asyncio.run(measure(receiving.recv(), calls, in_flight))
    server.terminate()
    ideal = calls / in_flight * latency
    print(f"{calls} calls, {in_flight} in flight, latency {latency:g} s")
    print(f"client CPU {1000 * cpu / calls:.2f} ms per call")
    print(f"wall {wall:.2f} s, {wall / ideal:.2f} × ideal {ideal:.2f} s")


if __name__ == "__main__":
    numbers = sys.argv[1:]
    main(*(kind(text) for kind, text in zip((int, int, float), numbers, strict=False)))
