from reviews.models.kinds import ApprovalRoute, KindVersion, Late, RouteStep, SignoffKind
from reviews.models.reference_rulings import ReferenceRuling
from reviews.models.refreshes import Refresh, RefreshItem, RefreshReview
from reviews.models.signoffs import Assignment, Conflict, Decision, DecisionWithdrawal, Ruling, Scope, Signoff

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
    "ApprovalRoute",
    "RouteStep",
    "Ruling",
    "Scope",
    "Signoff",
    "SignoffKind",
    "DecisionWithdrawal",
]
