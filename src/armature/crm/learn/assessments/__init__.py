"""Assessments: what happened so far, counted, and what could be drawn because of it."""
