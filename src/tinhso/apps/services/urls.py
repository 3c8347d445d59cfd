"""Routes of administrative procedures. Addresses are Vietnamese: people read and share them."""

from django.urls import path

from tinhso.apps.services.views import desk, filing, own

app_name = "services"
urlpatterns = [
    path("thu-tuc/<slug:type_code>/", filing.guide, name="guide"),
    path("thu-tuc/<slug:type_code>/dieu-kien/", filing.conditions, name="conditions"),
    path("thu-tuc/<slug:type_code>/nop/", filing.start, name="start"),
    path("don/<str:draft_id>/", filing.draft, name="draft"),
    path("don/<str:draft_id>/bo-giay-to/", filing.remove_paper, name="remove_paper"),
    path("don/<str:draft_id>/xoa/", filing.discard, name="discard"),
    path("don/<str:draft_id>/<slug:page>/", filing.draft_page, name="draft_page"),
    path("ho-so/<str:code>/", own.own, name="own"),
    path("ho-so/<str:code>/da-nop/", own.done, name="done"),
    path("ho-so/<str:code>/bo-sung/", own.answer, name="answer"),
    path("ho-so/<str:code>/rut/", own.withdraw, name="withdraw"),
    path("ho-so/<str:code>/nhan/", own.collect, name="collect"),
    path("ho-so/<str:code>/tep/<str:file_id>/", own.file, name="own_file"),
    path("lam-viec/tiep-nhan/", filing.intake, name="intake"),
    path("lam-viec/tiep-nhan/<slug:type_code>/", filing.intake_start, name="intake_start"),
    path("lam-viec/ho-so/<str:code>/", desk.case_page, name="desk_case"),
    path("lam-viec/ho-so/<str:code>/thu-phi/<str:charge_id>/", desk.take_payment, name="desk_pay"),
    path("lam-viec/ho-so/<str:code>/tep/<str:file_id>/", desk.download, name="desk_file"),
    path("lam-viec/ho-so/<str:code>/tep/<str:file_id>/<int:page>.png", desk.page_image, name="desk_page"),
    path("lam-viec/ho-so/<str:code>/<slug:move_id>/", desk.move, name="desk_move"),
]
