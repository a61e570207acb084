from uuid import NAMESPACE_URL, UUID, uuid5


def uid(name: str) -> UUID:
    # Found again whatever people rename, and linked to before the row is there.
    return uuid5(NAMESPACE_URL, f"https://demo.example.org/{name}")
