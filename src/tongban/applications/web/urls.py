"""Addresses of applications."""

from django.urls import path

from tongban.applications.web import beginning, form, handing_over, materials, registers, review, supplement, window

app_name = "applications"
urlpatterns = [
    path("apply/<slug:code>/", beginning.begin, name="begin"),
    path("drafts/<uuid:draft_id>/", form.resume, name="draft"),
    path("drafts/<uuid:draft_id>/form/<slug:step>/", form.step, name="step"),
    path("drafts/<uuid:draft_id>/registers/<slug:part>/", registers.choose, name="registers"),
    path("drafts/<uuid:draft_id>/materials/", materials.overview, name="materials"),
    path("drafts/<uuid:draft_id>/materials/<slug:key>/files/", materials.upload, name="upload"),
    path("drafts/<uuid:draft_id>/materials/<slug:key>/word/", materials.word, name="word"),
    path("drafts/<uuid:draft_id>/files/<uuid:row_id>/remove/", materials.remove, name="remove"),
    path("drafts/<uuid:draft_id>/delivery/", form.delivery, name="delivery"),
    path("drafts/<uuid:draft_id>/review/", review.review, name="review"),
    path("drafts/<uuid:draft_id>/discard/", review.discard, name="discard"),
    path("my/drafts/", review.drafts, name="drafts"),
    path("cases/<str:number>/receipt/", review.receipt, name="receipt"),
    path("my/cases/<str:number>/supplement/", supplement.supplement, name="supplement"),
    path("my/cases/<str:number>/supplement/<slug:key>/files/", supplement.upload, name="supplement-upload"),
    path("office/cases/<str:number>/registers/<slug:key>", registers.ask_again, name="ask-again"),
    path("office/window/", window.desk, name="window"),
    path("office/window/enterprises/<uuid:enterprise_id>/hand-over", handing_over.hand_over, name="hand-over"),
    path("office/window/<slug:code>/", window.take_in, name="take-in"),
]
