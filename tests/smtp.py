"""A real mail server for the tests: it takes mail, refuses it, or dies at a chosen moment."""

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

# It tells every word it hears.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

BACKEND = "django.core.mail.backends.smtp.EmailBackend"


@dataclass
class Letter:
    """What came, and for whom."""

    sender: str
    receiver: str
    raw: bytes
    message: EmailMessage

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()

    @property
    def html(self):
        return self.message.get_body(("html",)).get_content()


@dataclass
class PostOffice:
    """The server's behaviour, and what it has taken."""

    port: int = 0
    letters: list[Letter] = field(default_factory=list)
    # {"MAIL", "RCPT", "RCPT <address>" or "DATA": what to answer instead}.
    answers: dict[str, str] = field(default_factory=dict)
    # "before DATA", "in the text", "after the text" or "after taking it"; then it forgets.
    dies: str = ""
    # How many mails it takes by one connection; 0 for any number.
    closes_after: int = 0
    connections: int = 0
    # Told what happens, at the moment it does: "EHLO", "MAIL", "RCPT", "DATA", "taken".
    watch: Callable[[str], None] = lambda moment: None

    @property
    def receivers(self):
        return [letter.receiver for letter in self.letters]

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        self.watch("EHLO")
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.watch("MAIL")
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        session.mails = getattr(session, "mails", 0) + 1
        if self.closes_after and session.mails > self.closes_after:
            server.transport.close()
            return "421 enough for one connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.watch("RCPT")
        for key in ("RCPT", f"RCPT {address}"):
            if key in self.answers:
                return self.answers[key]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.watch("DATA")
        if "DATA" in self.answers:
            return self.answers["DATA"]
        if self.die("after the text", server):
            return "250 nobody hears this"
        message = message_from_bytes(envelope.content, policy=policy.default)
        [receiver] = envelope.rcpt_tos
        self.letters.append(Letter(envelope.mail_from, receiver, envelope.content, message))
        self.watch("taken")
        self.die("after taking it", server)
        return "250 OK"

    def die(self, moment, server):
        if self.dies != moment:
            return False
        self.dies = ""
        server.transport.abort()
        return True


class _Server(SMTP):
    async def smtp_DATA(self, arg):
        if self.event_handler.die("before DATA", self):
            return
        if self.event_handler.dies == "in the text":
            await self.push("354 Go on")
            await self._reader.readline()
            self.event_handler.die("in the text", self)
            return
        await super().smtp_DATA(arg)


class _Controller(Controller):
    def factory(self):
        return _Server(self.handler, ident="tests", **self.SMTP_kwargs)

    def _trigger_server(self):
        # The system chose the port.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def open_post_office(port=0):
    """Run a mail server on this machine until the block ends."""
    office = PostOffice()
    with serving(office, port):
        yield office


@contextmanager
def serving(office, port=0):
    """Run the server of ``office``, again perhaps, on the same port."""
    controller = _Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    office.port = controller.port
    try:
        yield office
    finally:
        controller.stop()


def use(settings, port):
    """Let Django hand its mail to the server on this port."""
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = BACKEND, "127.0.0.1", port
