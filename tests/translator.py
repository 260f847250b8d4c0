"""A server that speaks LibreTranslate's interface, for tests."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class TranslationServer:
    """`answer` gets what was asked and returns the words, a status, or any JSON."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.answer: Callable[[dict], Any] = lambda asked: f"[{asked['target']}] {asked['q']}"
        translator = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                translator.asked.append({**sent, "path": self.path})
                said = translator.answer(sent)
                self.send_response(said if isinstance(said, int) else 200)
                self.send_header("Location", "http://127.0.0.1:9/elsewhere")
                self.end_headers()
                body = {"translatedText": said} if isinstance(said, str) else said
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Give the port back."""
        self.server.shutdown()
        self.server.server_close()
