"""Mail without a mail server: shown in the terminal as its reader would see it, not as a machine would."""

import sys
from textwrap import indent
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Beside the log: what a command prints as its result may be read by a program.
        super().__init__(*args, **{"stream": sys.stderr, **kwargs})

    def write_message(self, message: EmailMessage) -> None:
        body = indent(message.body.strip(), "    ")
        self.stream.write(f"\nMail to {', '.join(message.recipients())}: {message.subject}\n{body}\n\n")
