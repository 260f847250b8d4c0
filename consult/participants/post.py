"""Handing a mail over in two steps, so that the moment of doubt is as short as it can be.

A mail server takes a mail when it has read the line with the single dot that ends it (RFC 5321,
section 4.1.1.4). Before that line it forgets everything when the connection ends; after it nobody
can tell without its answer (RFC 1047). `begin` does all that comes before, `finish` sends the dot.
"""

import contextlib
import re
import smtplib
from collections.abc import Iterator
from typing import Protocol

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

_LEADING_DOT = re.compile(rb"(?m)^\.")
_CHARSET = "utf-8"


class MailRefused(Exception):
    """The mail was certainly not taken."""


class Post(Protocol):
    """Where mails are handed over, one after the other."""

    def begin(self, message: EmailMessage) -> None:
        """Say everything but the end. Whatever is raised: the mail was not taken."""

    def finish(self) -> None:
        """End the mail. Raises MailRefused for a no; any other exception leaves us in doubt."""


@contextlib.contextmanager
def open_post() -> Iterator[Post]:
    """The post of the settings; one connection carries all mails until the end of the block."""
    backend = get_connection()
    try:
        yield SmtpPost(backend) if isinstance(backend, EmailBackend) else WholePost(backend)
    finally:
        with contextlib.suppress(OSError):
            backend.close()


class SmtpPost:
    """A mail server, spoken to step by step."""

    def __init__(self, backend: EmailBackend) -> None:
        self._backend = backend

    def begin(self, message: EmailMessage) -> None:
        """Name sender and recipient and send the mail up to its last line."""
        try:
            self._begin(message)
        except Exception:
            self._drop()
            raise

    def finish(self) -> None:
        """Send the dot and wait for the answer."""
        try:
            self._smtp.send(b".\r\n")
            code, said = self._smtp.getreply()
        except Exception:
            self._drop()
            raise
        if code != 250:
            self._drop()
            raise MailRefused(f"{code} {said.decode(errors='replace')}")

    @property
    def _smtp(self) -> smtplib.SMTP:
        return self._backend.connection

    def _begin(self, message: EmailMessage) -> None:
        self._backend.open()
        smtp = self._smtp
        smtp.ehlo_or_helo_if_needed()
        _expect(smtp.mail(sanitize_address(message.from_email, _CHARSET)), {250})
        for address in message.recipients():
            _expect(smtp.rcpt(sanitize_address(address, _CHARSET)), {250, 251})
        _expect(smtp.docmd("DATA"), {354})
        body = message.message().as_bytes(linesep="\r\n")
        smtp.send(_LEADING_DOT.sub(b"..", body.rstrip(b"\r\n") + b"\r\n"))

    def _drop(self) -> None:
        # A connection that stopped in the middle of a mail is good for no other one.
        if self._smtp is not None:
            self._smtp.close()
            self._backend.connection = None


class WholePost:
    """Any other way to send: it takes a mail as a whole or not at all."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self._backend = backend
        self._message = EmailMessage()

    def begin(self, message: EmailMessage) -> None:
        """Put the mail together, so that one which cannot be written fails here."""
        message.message()
        self._message = message

    def finish(self) -> None:
        """Give it away."""
        try:
            self._backend.send_messages([self._message])
        except Exception as problem:
            raise MailRefused(f"{type(problem).__name__}: {problem}") from problem


def _expect(answer: tuple[int, bytes], wanted: set[int]) -> None:
    code, said = answer
    if code not in wanted:
        raise MailRefused(f"{code} {said.decode(errors='replace')}")
