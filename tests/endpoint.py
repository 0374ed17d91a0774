"""A loopback endpoint that plays a script: each request takes the next step, the last one repeats."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from budget_llm.transport import Clock

Step = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


class FakeClock(Clock):
    """A clock that only waiting moves on: what is waited for is noted in `slept`, in seconds."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        """Return the seconds that were waited."""
        return self.time

    def date(self) -> float:
        """Return a date, 14 November 2023 22:13:20 at first."""
        return 1_700_000_000 + self.time

    async def sleep(self, seconds: float) -> None:
        """Let the time pass at once."""
        self.slept.append(seconds)
        self.time += seconds


def completion(
    content: str | None, *, finish: str = "stop", usage: bool = True, refusal: str | None = None, cached: int = 0
) -> dict[str, Any]:
    """A chat completion with the given content."""
    body: dict[str, Any] = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
    }  # fmt: skip
    if refusal is not None:
        body["choices"][0]["message"]["refusal"] = refusal
    if usage:
        body["usage"] = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
        if cached:
            body["usage"]["prompt_tokens_details"] = {"cached_tokens": cached}
    return body


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, **headers: str) -> None:
    """Send one reply."""
    handler.send_response(status)
    for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def answer(content: str | None, **more: Any) -> Step:
    """A step that answers with a completion."""
    return body(json.dumps(completion(content, **more), ensure_ascii=False))


def body(text: str, kind: str = "application/json") -> Step:
    """A step that answers 200 with any text."""
    return lambda handler, _: send(handler, 200, text.encode(), Content_Type=kind)


def status(code: int, *, error: str = "x", **headers: str) -> Step:
    """A step that answers with an error status; its body gives away the key, as some gateways do."""
    text = json.dumps({"error": {"message": f"status {code} for key sk-secret-key", "type": "x", "code": error}})
    return lambda handler, _: send(handler, code, text.encode(), **headers)


def html(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A gateway's page instead of JSON."""
    send(handler, 200, b"<html>gateway</html>", Content_Type="text/html")


def hang_up(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()


def reset(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Reset the connection."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    hang_up(handler, _)


def cut(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Send the beginning of a reply and close the connection."""
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "900")
    handler.end_headers()
    handler.wfile.write(b'{"id":')
    handler.close_connection = True


class Endpoint:
    """A running endpoint: its base URL and the requests that it has seen; `over` is set when it is to end."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str] = []
        self.over = threading.Event()


def hang(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Never answer."""
    handler.server.running.over.wait()  # type: ignore[attr-defined]
    handler.close_connection = True


@contextmanager
def endpoint(*steps: Step) -> Iterator[Endpoint]:
    """Run an endpoint on loopback that plays the steps."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                step = steps[min(len(running.requests), len(steps) - 1)]
                running.requests.append(request)
                running.authorizations.append(self.headers.get("Authorization", ""))
            step(self, request)

        def log_message(self, *_: object) -> None:
            pass

        def finish(self) -> None:
            if not self.wfile.closed:  # a client that has gone away is no fault of the endpoint
                try:
                    super().finish()
                except OSError:
                    return

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Say nothing: clients that hang up are part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    running = Endpoint(f"http://127.0.0.1:{server.server_address[1]}/v1")
    server.running = running  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        running.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
