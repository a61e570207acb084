"""Everything between an edition and the public."""

from reviews.gate.asking import State, blockers, findings, state_of

__all__ = ["State", "blockers", "findings", "state_of"]
