"""Every address of the product."""

from django.urls import path

from armature.crm.web import actions, desk, files, health, process_map, profile, team
from armature.crm.web.door.urls import urlpatterns as door

urlpatterns = [
    path("", desk.start, name="desk"),
    *door,
    path("profile", profile.shown, name="profile"),
    path("profile/keep", profile.keep, name="keep-profile"),
    path("profile/presence", profile.presence, name="presence"),
    path("team", team.people, name="team"),
    path("team/people/<int:number>", team.person, name="colleague"),
    path("team/people/<int:number>/role", team.give_role, name="give-role"),
    path("team/people/<int:number>/close", team.close, name="close-account"),
    path("team/people/<int:number>/open", team.reopen, name="open-account"),
    path("team/people/<int:number>/log-out", team.log_out, name="log-out-everywhere"),
    path("team/people/<int:number>/factors", team.drop_factors, name="drop-factors"),
    path("team/people/<int:number>/password", team.password_link, name="password-link"),
    path("team/role/<int:number>/end", team.end_role, name="end-role"),
    path("team/invite", team.invite, name="invite"),
    path("team/invitation/<int:number>/revoke", team.revoke, name="revoke-invitation"),
    path("team/invitation/<int:number>/again", team.invite_again, name="invite-again"),
    path("team/teams", team.teams, name="teams"),
    path("team/teams/<int:number>", team.change_team, name="change-team"),
    path("team/brands", team.brands, name="brands"),
    path("team/brands/<int:number>", team.change_brand, name="change-brand"),
    path("cases/<slug:view>", desk.cases, name="cases"),
    path("cases/<slug:view>/<int:number>", desk.case, name="case"),
    path("case/<int:number>/claim", actions.claim, name="claim"),
    path("case/<int:number>/intent", actions.judge_intent, name="judge-intent"),
    path("case/<int:number>/draft", actions.draft, name="draft"),
    path("case/<int:number>/write", actions.write, name="write"),
    path("case/<int:number>/note", actions.note, name="note"),
    path("case/<int:number>/looked", actions.looked, name="looked"),
    path("response/<int:number>/approve", actions.approve, name="approve"),
    path("response/<int:number>/send-back", actions.send_back, name="send-back"),
    path("interaction/<int:number>/original", files.original, name="original"),
    path("file/<int:number>", files.attachment, name="attachment"),
    path("map", process_map.shown, name="map"),
    path("up", health.up, name="up"),
    path("ready", health.ready, name="ready"),
]
