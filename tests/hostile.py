"""A web server that does whatever a test wants, down to the byte; and certificates for it."""

import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def answer(body=b"", status="200 OK", *, kind="text/plain", length=None, **headers):
    """Return the bytes of an answer; ``x_y=…`` becomes the header “x-y”."""
    lines = [f"HTTP/1.1 {status}"]
    if kind:
        lines.append(f"Content-Type: {kind}")
    lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


class HostileServer:
    """Answers by path: with bytes, or with what a function does to the connection.

    `asked` lists the requests as (path, headers). A path nobody set answers 404.
    """

    def __init__(self, tls=None):
        self.answers, self.asked = {}, []
        self.tls = tls
        self.at_once = self.most_at_once = 0
        self._counting = threading.Lock()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = self._listening.getsockname()[1]
        self.is_open = True
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path="/", host="127.0.0.1", scheme="http"):
        return f"{scheme}://{host}:{self.port}{path}"

    def paths(self):
        return [path for path, _headers in self.asked]

    def close(self):
        self.is_open = False
        self._listening.close()

    def _serve(self):
        while self.is_open:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=[connection], daemon=True).start()

    def _answer(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.settimeout(30)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            try:
                # Counted until the last bytes leave: whoever has them may come with another.
                with self._counted():
                    last_bytes = self._answer_one(connection)
                if last_bytes:
                    connection.sendall(last_bytes)
            finally:
                connection.close()

    @contextlib.contextmanager
    def _counted(self):
        with self._counting:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            yield
        finally:
            with self._counting:
                self.at_once -= 1

    def _answer_one(self, connection):
        """Read the request, do what is to be done, and return what is left to send."""
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return b""
            request += piece
        first, *lines = request.decode("latin-1").split("\r\n")
        path = first.split(" ")[1]
        headers = dict(line.split(": ", 1) for line in lines if ": " in line)
        self.asked.append((path, headers))
        what = self.answers.get(path, answer(status="404 Not Found"))
        return what(connection, headers) if callable(what) else what


@contextlib.contextmanager
def hostile_server(tls=None):
    server = HostileServer(tls)
    try:
        yield server
    finally:
        server.close()


def make_certificate(folder, *, names=("127.0.0.1", "feeds.test"), valid_days=30):
    """Write a certificate that signs itself, and its key. Return the context of a server."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0])])
    until = datetime.now(UTC) + timedelta(days=valid_days)
    alternatives = x509.SubjectAlternativeName([x509.DNSName(each) for each in names])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .add_extension(alternatives, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
