"""Armature: a social CRM that runs the ARM process (action, reaction, management)."""

__version__ = "0.1.0"
