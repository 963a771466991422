"""The routes of the company's own process, for the matrix: reader, maps, rules, who judges, replays, assessments."""

import matrix_given as there
from matrix_given import Route, for_admins, theirs

DRAWN = ("begin-table", "table-draft", "table-row", "change-table", "bring-in-table", "publish-table", "try-table",
         "rule-list", "carry-on-list", "change-who-judges", "publish-who-judges")  # fmt: skip
"""Every lead draws rules, of whatever team: here is nothing drawn. Their own tests say who may."""
MAPS = ("map-detail", "map-versions", "map-draft", "begin-map-draft", "change-map-draft", "give-up-map-draft",
        "publish-map", "map-draft-file", "map-canvas", "keep-map-canvas")  # fmt: skip
"""A map is for everybody to see, its draft for all who lead anywhere: what they drew last is what they must send."""


ROUTES: dict[str, Route] = {
    **{name: Route("lists") for name in ("reader", "reader-behind", "label")},
    "reader-learn": for_admins(),
    "reader-use": for_admins(lambda world: {"number": 0}),
    "give-label": Route("foreign", there.said, there.label),
    "take-back-label": theirs(there.said),
    "map": Route("lists"),
    "map-live": Route("lists"),
    "map-waiting": Route("lists", lambda world: {"step": "Judge"}),
    "map-events": Route("own"),
    **{name: Route("lists", lambda world: {"key": "reactive"}) for name in MAPS},
    "map-step": Route("lists", lambda world: {"key": "reactive", "step": "Judge"}),
    "map-canvas-step": Route("lists", lambda world: {"key": "reactive", "step": "Judge"}),
    "map-back": Route("lists", lambda world: {"key": "reactive", "number": 1}),
    "map-file": Route("lists", lambda world: {"key": "reactive", "number": 1}),
    **{
        name: Route("lists")
        for name in ("maps", "map-start", "map-bring-in", "map-assign", "map-unassign", "map-rule", "map-publisher")
    },
    **{name: Route("lists") for name in ("tables", "rule-lists", "who-judges")},
    "say-bound": Route("lists", given=lambda world: {"bound": "60"}),
    "who-judges-checks": Route("foreign"),
    **{name: Route("lists", lambda world: {"key": "business_rules"}) for name in ("table", "table-versions")},
    "take-table": Route("lists", lambda world: {"key": "business_rules", "form": "csv"}),
    **{name: theirs(lambda world: {"key": "nothing"}, revision="1", name="Theirs") for name in DRAWN},
    "assessments": Route("lists", given=lambda world: {"since": "some", "what": "past"}),
    **{
        name: theirs(there.assessment)
        for name in (
            "assessment",
            "stop-assessment",
            "throw-away-assessment",
            "assessment-exchanges",
            "assessment-proposals",
        )
    },
    "answer-proposal": theirs(lambda world: {**there.assessment(world), "proposal": 0}, do="away", team="support"),
    "replays": Route("lists"),
    "replay-alone": Route("lists"),
    "replay-alone-differing": Route("lists", lambda world: {"key": "rules"}),
    "case-replay": theirs(there.case),
    "replay-begin": Route("lists", given=lambda world: {"last": "some"}),
    **{name: theirs(there.replay) for name in ("replay", "stop-replay", "throw-away-replay", "replay-changes")},
    "replay-change": theirs(there.change),
}
