from reviews.models.kinds import KindVersion, Late, Route, RouteStep
from reviews.models.signoffs import Assignment, Conflict, Decision, Ruling, Scope, Signoff, Withdrawal

__all__ = [
    "Assignment",
    "Conflict",
    "Decision",
    "KindVersion",
    "Late",
    "Route",
    "RouteStep",
    "Ruling",
    "Scope",
    "Signoff",
    "Withdrawal",
]
