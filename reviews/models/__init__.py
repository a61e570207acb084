from reviews.models.kinds import KindVersion, Late, Route, RouteStep
from reviews.models.reference_rulings import ReferenceRuling
from reviews.models.refreshes import Refresh, RefreshItem, RefreshReview
from reviews.models.signoffs import Assignment, Conflict, Decision, Ruling, Scope, Signoff, Withdrawal

__all__ = [
    "Assignment",
    "Conflict",
    "Decision",
    "KindVersion",
    "Late",
    "ReferenceRuling",
    "Refresh",
    "RefreshItem",
    "RefreshReview",
    "Route",
    "RouteStep",
    "Ruling",
    "Scope",
    "Signoff",
    "Withdrawal",
]
