"""Routes of reports from the street. Addresses are Vietnamese: people read and share them."""

from django.urls import path

from tinhso.apps.feedback.views import desk, public, reporter

app_name = "feedback"
urlpatterns = [
    path("phan-anh/", public.board, name="board"),
    path("phan-anh/cong-khai/<str:code>/", public.one, name="public"),
    path("phan-anh/cong-khai/<str:code>/anh-<int:number>.png", public.photo, name="public_photo"),
    path("phan-anh/gui/", reporter.report, name="report"),
    path("phan-anh/gui/<slug:type_code>/", reporter.guide, name="guide"),
    path("phan-anh/tim/", reporter.find, name="find"),
    path("phan-anh/theo-doi/<str:code>/<str:secret>/", reporter.follow, name="follow"),
    path("phan-anh/theo-doi/<str:code>/<str:secret>/<slug:move_id>/", reporter.follow_move, name="follow_move"),
    path("phan-anh/cua-toi/<str:code>/", reporter.own, name="own"),
    path("phan-anh/cua-toi/<str:code>/<slug:move_id>/", reporter.own_move, name="own_move"),
    path("lam-viec/phan-anh/<str:code>/", desk.case_page, name="desk_case"),
    path("lam-viec/phan-anh/<str:code>/tep/<str:file_id>/", desk.download, name="desk_file"),
    path("lam-viec/phan-anh/<str:code>/tep/<str:file_id>/<int:page>.png", desk.page_image, name="desk_page"),
    path("lam-viec/phan-anh/<str:code>/<slug:move_id>/", desk.move, name="desk_move"),
]
