"""The one place that talks to the mail server, word by word.

Django's own way of sending says only that something went wrong. Whether a mail may be sent again
depends on when: before its text was handed over it has not left, after the server's last answer it
has, and in between nobody knows.
"""

import re
from contextlib import suppress
from email.utils import parseaddr

from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

SERVICE_NOT_AVAILABLE = 421


class NotDelivered(Exception):
    """The mail has not left; later it may."""


class ServerAway(NotDelivered):
    """Nothing can leave now: there is no connection to the server."""


class ReceiverRefused(Exception):
    """The server will never take mail for this address."""


class FateUnknown(Exception):
    """The connection broke while the text was on its way: it may or may not have left."""


class MailServer:
    """A connection, opened when it is first needed and kept for several mails."""

    def __enter__(self):
        self.backend = get_connection()
        return self

    def __exit__(self, *failure):
        # What was answered stays answered, however badly the server says goodbye.
        with suppress(OSError):
            self.backend.close()

    def open(self):
        """Make sure of a connection. Raises ServerAway."""
        try:
            self.backend.open()
            if self.speaks_smtp:
                self.backend.connection.ehlo_or_helo_if_needed()
        except OSError as error:
            self._forget()
            raise ServerAway(f"{type(error).__name__}: {error}") from error

    def hand_over(self, message):
        """Give ``message`` to the server; to have come back is to have been taken.

        Raises NotDelivered, ReceiverRefused or FateUnknown.
        """
        if not self.speaks_smtp:
            # The console, a file, or nothing at all: what fails there is not known to have failed.
            try:
                self.backend.send_messages([message])
            except OSError as error:
                raise FateUnknown(str(error)) from error
            return
        sender, receiver = envelope(message)
        text = message.message().as_bytes(linesep="\r\n")
        try:
            self._name(sender, receiver)
        except _Gone:
            # A server that closes a connection after so many mails is asked anew, once.
            self.open()
            try:
                self._name(sender, receiver)
            except _Gone as error:
                raise NotDelivered(str(error)) from error
        self._give(text)

    @property
    def speaks_smtp(self):
        return isinstance(self.backend, EmailBackend)

    def _name(self, sender, receiver):
        """Say from whom and to whom. Raises _Gone if the connection broke."""
        self._ask("mail", sender)
        try:
            self._ask("rcpt", receiver)
        except NotDelivered as error:
            with suppress(OSError):
                self.backend.connection.rset()
            if error.args[0].startswith("5"):
                raise ReceiverRefused(*error.args) from None
            raise

    def _ask(self, command, address):
        try:
            code, words = getattr(self.backend.connection, command)(address)
        except OSError as error:
            self._forget()
            raise _Gone(f"{type(error).__name__}: {error}") from error
        if code == SERVICE_NOT_AVAILABLE:
            self._forget()
            raise _Gone(answer(code, words))
        if not 200 <= code < 300:
            raise NotDelivered(answer(code, words))

    def _give(self, text):
        smtp = self.backend.connection
        try:
            code, words = smtp.docmd("DATA")
        except OSError as error:
            self._forget()
            raise NotDelivered(f"{type(error).__name__}: {error}") from error
        if code != 354:
            raise NotDelivered(answer(code, words))
        try:
            # A line that begins with a dot would end the mail.
            smtp.send(re.sub(rb"(?m)^\.", b"..", text).removesuffix(b"\r\n") + b"\r\n.\r\n")
            code, words = smtp.getreply()
        except OSError as error:
            self._forget()
            raise FateUnknown(f"{type(error).__name__}: {error}") from error
        if not 200 <= code < 300:
            raise NotDelivered(answer(code, words))

    def _forget(self):
        """Drop the connection without another word."""
        if self.speaks_smtp and self.backend.connection:
            self.backend.connection.close()
        self.backend.connection = None


class _Gone(Exception):
    """The connection broke before anything was handed over."""


def envelope(message):
    """Return from whom and to whom, as the server is told. Raises ValueError for no address."""
    given = (message.from_email, message.to[0])
    addresses = [parseaddr(sanitize_address(each, "utf-8"))[1] for each in given]
    if not all("@" in address for address in addresses):
        raise ValueError("There is no address to send from, or to.")
    return addresses


def answer(code, words):
    return f"{code} {words.decode('utf-8', 'replace')}"
