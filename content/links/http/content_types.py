"""Content-Type as browsers read it. That of email.message follows RFC 2231, and fails at some of what servers send."""

import re
from email.message import Message

CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE | re.ASCII)


def media_type(headers: Message) -> str:
    return sent(headers).partition(";")[0].strip().lower()


def charset(headers: Message) -> str:
    # Empty where none is named.
    found = CHARSET.search(sent(headers))
    return found[1] if found else ""


def sent(headers: Message) -> str:
    return str(headers.get("Content-Type", ""))
