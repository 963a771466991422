"""Who works here, for which brand and in which team; and the log of what everybody did."""

from armature.crm.accounts.models.audit import AuditEntry, AuditSeal, AuditValue
from armature.crm.accounts.models.invitation import Invitation, InvitedRole
from armature.crm.accounts.models.team import Brand, BusinessHours, Membership, Promise, Role, Team
from armature.crm.accounts.models.user import Presence, Session, User, Users

__all__ = [
    "AuditEntry", "AuditSeal", "AuditValue", "Brand", "BusinessHours", "Invitation", "InvitedRole", "Membership",
    "Presence", "Promise", "Role", "Session", "Team", "User", "Users",
]  # fmt: skip
