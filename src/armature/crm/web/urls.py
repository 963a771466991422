"""Every address of the product."""

from django.urls import path

from armature.crm.web import actions, desk, entry, files, health, hours, process_map, search
from armature.crm.web.visitor import pages

urlpatterns = [
    path("", desk.start, name="desk"),
    path("log-in", entry.log_in, name="log-in"),
    path("log-out", entry.log_out, name="log-out"),
    path("start/<str:token>", entry.first_run, name="first-run"),
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
    path("hours", hours.shown, name="hours"),
    path("map", process_map.shown, name="map"),
    path("search", search.shown, name="search"),
    path("talk/<slug:slug>", pages.begin, name="talk-begin"),
    path("talk/<slug:slug>/<str:token>", pages.shown, name="talk"),
    path("talk/<slug:slug>/<str:token>/say", pages.say, name="talk-say"),
    path("talk/<slug:slug>/<str:token>/understood", pages.understood, name="talk-understood"),
    path("talk/<slug:slug>/<str:token>/rate", pages.rate, name="talk-rate"),
    path("talk/<slug:slug>/<str:token>/file/<int:number>", pages.file, name="talk-file"),
    path("up", health.up, name="up"),
    path("ready", health.ready, name="ready"),
]
