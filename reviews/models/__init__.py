from reviews.models.kinds import ApprovalRoute, KindVersion, Late, RouteStep, SignoffKind
from reviews.models.overrulings import Overruling
from reviews.models.reference_rulings import ReferenceRuling
from reviews.models.refreshes import Refresh, RefreshItem, RefreshReview
from reviews.models.signoffs import Assignment, Conflict, Decision, DecisionWithdrawal, Ruling, Scope, Signoff

__all__ = [
    "ApprovalRoute",
    "Assignment",
    "Conflict",
    "Decision",
    "DecisionWithdrawal",
    "KindVersion",
    "Late",
    "Overruling",
    "ReferenceRuling",
    "Refresh",
    "RefreshItem",
    "RefreshReview",
    "RouteStep",
    "Ruling",
    "Scope",
    "Signoff",
    "SignoffKind",
]
