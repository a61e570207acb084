"""A mail server on this machine that takes mail, hangs, or dies at a word of the conversation (SMTP, RFC 5321)."""

import email
import socketserver
from contextlib import contextmanager
from threading import Event, Thread

WELL, HANGS, DIES, TAKES_IT_AND_DIES, REFUSES = "well", "hangs", "dies", "takes it and dies", "refuses"
GREETING, END_OF_MAIL = "GREETING", "."
ANSWERS = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "RSET": "250 ok", "QUIT": "221 bye"}


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        self.heard(GREETING, "220 here")
        while line := self.rfile.readline().decode().strip():
            word = line[:4].upper()
            self.heard(word, ANSWERS.get(word, "250 here"))
            if word == "DATA":
                self.take(b"".join(iter(self.rfile.readline, b".\r\n")))

    def take(self, data):
        """It is taken before the server says so, as RFC 5321 (6.1) wants."""
        if self.server.mood not in {(what, END_OF_MAIL) for what in (HANGS, DIES, REFUSES)}:
            mail = email.message_from_bytes(data)
            self.server.taken.append((mail["To"], mail["Subject"], mail["Message-ID"]))
        self.heard(END_OF_MAIL, "250 taken")

    def heard(self, word, answer):
        what, at = self.server.mood
        if at == word and what == HANGS:
            self.server.awake.wait(60)
        if at == word and what in (HANGS, DIES, TAKES_IT_AND_DIES):
            raise ConnectionAbortedError
        self.wfile.write(f"{'550 no' if at == word and what == REFUSES else answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """`mood` is what it does at which word; `taken` holds to whom, subject and number of each mail it took."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mood, self.taken, self.awake = (WELL, ""), [], Event()
        self.port = self.server_address[1]

    def handle_error(self, request, address):
        """It died on purpose."""


@contextmanager
def mail_server():
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.awake.set()
        server.shutdown()
        thread.join()
