"""Addresses of the company's own process: its maps, its rules, and what they would have done."""

from django.urls import path

from armature.crm.web import process_map
from armature.crm.web.assessments import exchanges, proposing
from armature.crm.web.assessments import pages as assessments
from armature.crm.web.judges import doing as judges_doing
from armature.crm.web.judges import pages as judges
from armature.crm.web.local_time import in_company_time
from armature.crm.web.maps import canvas as map_canvas
from armature.crm.web.maps import draft as map_draft
from armature.crm.web.maps import events, live, overview
from armature.crm.web.maps import pages as maps
from armature.crm.web.maps import step as map_step
from armature.crm.web.replays import alone, otherwise, this_decision
from armature.crm.web.replays import pages as replays
from armature.crm.web.rules import doing, drafting, lists, one_row, trying
from armature.crm.web.rules import pages as rules

urlpatterns = [
    path("case/<int:number>/replay", this_decision.shown, name="case-replay"),
    path("map", process_map.shown, name="map"),
    path("map/live", live.shown, name="map-live"),
    path("map/live/waiting/<path:step>", live.waiting, name="map-waiting"),
    path("map/events", events.shown, name="map-events"),
    path("maps", overview.shown, name="maps"),
    path("maps/start", overview.start, name="map-start"),
    path("maps/bring-in", overview.bring_in, name="map-bring-in"),
    path("maps/in-force", overview.assign, name="map-assign"),
    path("maps/in-force/end", overview.end, name="map-unassign"),
    path("maps/publishing", overview.rule, name="map-rule"),
    path("maps/publishers", overview.publisher, name="map-publisher"),
    path("maps/<slug:key>", maps.shown, name="map-detail"),
    path("maps/<slug:key>/draft.bpmn", overview.draft_file, name="map-draft-file"),
    path("maps/<slug:key>/versions/<int:number>.bpmn", overview.file, name="map-file"),
    path("maps/<slug:key>/draft", in_company_time(map_draft.shown), name="map-draft"),
    path("maps/<slug:key>/draft/begin", map_draft.begin, name="begin-map-draft"),
    path("maps/<slug:key>/draft/change", in_company_time(map_draft.change), name="change-map-draft"),
    path("maps/<slug:key>/draft/give-up", in_company_time(map_draft.give_up), name="give-up-map-draft"),
    path("maps/<slug:key>/draft/publish", in_company_time(map_draft.publish), name="publish-map"),
    path("maps/<slug:key>/draft/canvas", in_company_time(map_canvas.shown), name="map-canvas"),
    path("maps/<slug:key>/draft/canvas/keep", map_canvas.keep, name="keep-map-canvas"),
    path("maps/<slug:key>/draft/canvas/at/<path:step>", map_canvas.bound, name="map-canvas-step"),
    path("maps/<slug:key>/draft/steps/<path:step>", map_step.shown, name="map-step"),
    path("maps/<slug:key>/versions", in_company_time(maps.listed), name="map-versions"),
    path("maps/<slug:key>/versions/<int:number>/back", in_company_time(maps.back), name="map-back"),
    path("tables", rules.listed, name="tables"),
    path("tables/<slug:key>", rules.shown, name="table"),
    path("tables/<slug:key>.<slug:form>", rules.take, name="take-table"),
    path("tables/<slug:key>/versions", in_company_time(rules.history), name="table-versions"),
    path("tables/<slug:key>/begin", rules.begin, name="begin-table"),
    path("tables/<slug:key>/draft", drafting.shown, name="table-draft"),
    path("tables/<slug:key>/draft/row", one_row.row, name="table-row"),
    path("tables/<slug:key>/draft/change", doing.change, name="change-table"),
    path("tables/<slug:key>/draft/bring-in", rules.bring_in, name="bring-in-table"),
    path("tables/<slug:key>/draft/publish", drafting.publish, name="publish-table"),
    path("tables/<slug:key>/draft/try", trying.shown, name="try-table"),
    path("who-judges", judges.shown, name="who-judges"),
    path("who-judges/bound", judges_doing.say, name="say-bound"),
    path("who-judges/checks", judges.checks, name="who-judges-checks"),
    path("who-judges/<slug:key>/change", judges_doing.change, name="change-who-judges"),
    path("who-judges/<slug:key>/publish", judges_doing.publish, name="publish-who-judges"),
    path("lists", lists.listed, name="rule-lists"),
    path("lists/<slug:key>", lists.shown, name="rule-list"),
    path("lists/<slug:key>/carry-on", lists.carry_on, name="carry-on-list"),
    path("assessment", assessments.listed, name="assessments"),
    path("assessment/<int:number>", assessments.one, name="assessment"),
    path("assessment/<int:number>/stop", assessments.cancel, name="stop-assessment"),
    path("assessment/<int:number>/throw-away", assessments.throw_away, name="throw-away-assessment"),
    path("assessment/<int:number>/exchanges", exchanges.listed, name="assessment-exchanges"),
    path("assessment/<int:number>/proposals", proposing.listed, name="assessment-proposals"),
    path("assessment/<int:number>/proposals/<int:proposal>", proposing.answer, name="answer-proposal"),
    path("replays", replays.listed, name="replays"),
    path("replays/begin", replays.begin, name="replay-begin"),
    path("replays/alone", alone.shown, name="replay-alone"),
    path("replays/alone/<slug:key>", alone.differing, name="replay-alone-differing"),
    path("replays/<int:number>", replays.one, name="replay"),
    path("replays/<int:number>/stop", replays.cancel, name="stop-replay"),
    path("replays/<int:number>/throw-away", replays.throw_away, name="throw-away-replay"),
    path("replays/<int:number>/otherwise", otherwise.listed, name="replay-changes"),
    path("replays/<int:number>/otherwise/<int:change>", otherwise.one, name="replay-change"),
]
