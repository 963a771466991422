"""Every address of the product."""

from django.urls import path

from armature.crm.web import actions, around, casework, desk, entry, files, health, process_map

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
    path("case/<int:number>/assign", casework.assign, name="assign"),
    path("case/<int:number>/put-back", casework.put_back, name="put-back"),
    path("case/<int:number>/hand-over", casework.hand_over, name="hand-over"),
    path("case/<int:number>/snooze", casework.snooze, name="snooze"),
    path("case/<int:number>/wake", casework.wake, name="wake"),
    path("case/<int:number>/priority", casework.prioritise, name="prioritise"),
    path("case/<int:number>/tag", casework.tag, name="tag"),
    path("case/<int:number>/untag", casework.untag, name="untag"),
    path("case/<int:number>/follow", casework.follow, name="follow"),
    path("case/<int:number>/seen-to", casework.seen_to, name="seen-to"),
    path("case/<int:number>/end", casework.end, name="end"),
    path("case/<int:number>/reopen", casework.reopen, name="reopen"),
    path("case/<int:number>/check", casework.check, name="check"),
    path("case/<int:number>/split", casework.split, name="split"),
    path("case/<int:number>/merge", casework.merge, name="merge"),
    path("merge/<int:number>/undo", casework.undo_merge, name="undo-merge"),
    path("presence", around.present, name="presence"),
    path("response/<int:number>/approve", actions.approve, name="approve"),
    path("response/<int:number>/send-back", actions.send_back, name="send-back"),
    path("interaction/<int:number>/original", files.original, name="original"),
    path("file/<int:number>", files.attachment, name="attachment"),
    path("map", process_map.shown, name="map"),
    path("up", health.up, name="up"),
    path("ready", health.ready, name="ready"),
]
