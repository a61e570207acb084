"""Everything between an edition and the public."""

from reviews.gate.gate import blockers, blocking, findings, is_readable, of_draft
from reviews.gate.state import State, state_of

__all__ = ["State", "blockers", "blocking", "findings", "is_readable", "of_draft", "state_of"]
