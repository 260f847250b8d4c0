"""A small mail server that can be told to refuse or to take its time."""

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
        self.refuses = False
        self.holds: threading.Event | None = None
        self.receiving = threading.Event()
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
        if server.refuses:
            self._say("451 try again later")
            return
        self._say("354 go on")
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            piece = self.rfile.readline()
            if not piece:
                return
            text += piece
        server.receiving.set()
        if server.holds is not None:
            server.holds.wait(60)
        try:
            self._say("250 taken")
        except OSError:
            return
        server.mails.append(text.decode())

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
        self.wfile.flush()
