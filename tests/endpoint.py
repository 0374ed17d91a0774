"""A loopback endpoint that plays a script: each request takes the next step, the last one repeats."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]


def completion(content: str | None, *, finish: str = "stop", usage: bool = True) -> dict[str, Any]:
    """A chat completion with the given content."""
    body: dict[str, Any] = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
    }  # fmt: skip
    if usage:
        body["usage"] = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
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
    return lambda handler, _: send(handler, 200, json.dumps(completion(content, **more), ensure_ascii=False).encode())


def status(code: int, **headers: str) -> Step:
    """A step that answers with an error status."""
    body = json.dumps({"error": {"message": f"status {code} for key sk-secret-key", "type": "x"}}).encode()
    return lambda handler, _: send(handler, code, body, **headers)


def html(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """A gateway's page instead of JSON."""
    send(handler, 200, b"<html>gateway</html>", **{"Content-Type": "text/html"})


def hang_up(handler: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True
    handler.connection.close()


class Endpoint:
    """A running endpoint: its base URL and the requests that it has seen."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[dict[str, Any]] = []
        self.authorizations: list[str] = []


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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Endpoint(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
