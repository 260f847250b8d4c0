"""A small mail server that can be told to refuse or to take its time."""

import contextlib
import socketserver
import threading


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails on the loopback address; `mails` are those that it said yes to."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[str] = []
        self.attempts = 0
        self.sessions = 0
        self.refuses = False
        self.refuses_at_the_end = False
        self.holds: threading.Event | None = None
        self.holds_at: int | None = None  # None: every mail
        self.holding = threading.Event()
        self.receiving = threading.Event()
        # Reads mails to their end and keeps them even where nobody waits for its answer any more.
        self.keeps_what_it_read = False
        # Waits before it lets a mail begin, from this mail on; `waiting` says that it does.
        self.waits_at: int | None = None
        self.waiting = threading.Event()
        self.go_on = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.sessions += 1
        self._say("220 hello")
        for line in self.rfile:
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self._take()
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        server = self.server
        server.attempts += 1
        number = server.attempts
        if server.refuses:
            self._say("451 try again later")
            return
        if server.waits_at == number:
            server.waiting.set()
            server.go_on.wait(60)
        text = self._read()
        if text:
            self._answer(text, number)

    def _read(self) -> str:
        """The mail up to its end, or "" where the sender went away before."""
        with contextlib.suppress(OSError):
            self._say("354 go on")
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            piece = self.rfile.readline()
            if not piece:
                return ""
            text += piece
        return text.decode()

    def _answer(self, text: str, number: int) -> None:
        server = self.server
        if server.refuses_at_the_end:
            self._say("554 not this one")
            return
        if server.keeps_what_it_read:
            server.mails.append(text)
        server.receiving.set()
        if server.holds is not None and server.holds_at in {None, number}:
            server.holding.set()
            server.holds.wait(60)
        try:
            self._say("250 taken")
        except OSError:
            return
        if not server.keeps_what_it_read:
            server.mails.append(text)

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()
