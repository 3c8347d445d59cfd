"""Routes of the account pages; the names are those that django-allauth asks for."""

from django.urls import path, re_path

from tinhso.portals.account import views

urlpatterns = [
    path("", views.home, name="account_home"),
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/official/", views.OfficialSignIn.as_view(), name="account_official_login"),
    path("sign-in/demo/", views.demo_sign_in, name="account_demo"),
    path("sign-in/code/", views.GiveCode.as_view(), name="mfa_authenticate"),
    path("sign-up/", views.SignUp.as_view(), name="account_signup"),
    path("sign-out/", views.SignOut.as_view(), name="account_logout"),
    path("closed/", views.Inactive.as_view(), name="account_inactive"),
    path("go-on/", views.resume, name="account_resume"),
    path("unit/", views.choose_unit, name="account_unit"),
    path("confirm/", views.Reauthenticate.as_view(), name="account_reauthenticate"),
    path("confirm/code/", views.GiveCodeAgain.as_view(), name="mfa_reauthenticate"),
    path("password/", views.ChangePassword.as_view(), name="account_change_password"),
    path("password/forgotten/", views.ResetPassword.as_view(), name="account_reset_password"),
    path("password/forgotten/sent/", views.ResetPasswordDone.as_view(), name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.ResetPasswordFromKey.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/new/done/", views.ResetPasswordFromKeyDone.as_view(), name="account_reset_password_from_key_done"),
    path("second-factor/", views.Factors.as_view(), name="mfa_index"),
    path("second-factor/app/", views.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/give-up/", views.DeactivateTotp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/recovery/", views.RecoveryCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", views.NewRecoveryCodes.as_view(), name="mfa_generate_recovery_codes"),
    path("second-factor/recovery/file/", views.DownloadRecoveryCodes.as_view(), name="mfa_download_recovery_codes"),
]
