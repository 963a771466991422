"""The product's table of contents."""

from django.urls import include, path

urlpatterns = [path("", include("armature.crm.web.urls"))]

handler500 = "armature.crm.web.health.failed"
