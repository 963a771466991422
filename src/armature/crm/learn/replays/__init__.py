"""Replays: drafts run over what was said before, beside what was done then. Nothing else is written."""
