"""The armature command."""
