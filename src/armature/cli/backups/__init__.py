"""`armature backup` and `armature restore`: a whole company in one file, and back on a blank machine."""

from armature.cli.backups.commands import backup, restore

__all__ = ["backup", "restore"]
