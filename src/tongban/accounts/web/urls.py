"""Addresses of the account pages."""

from django.urls import path

from tongban.accounts.web import again, family, operators, profile, second_factor, signing_in, signing_up, window

app_name = "accounts"
urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-in/code", signing_in.second_factor_code, name="second-factor-code"),
    path("sign-in/app", second_factor.first_second_factor, name="first-second-factor"),
    path("sign-in/again", again.again, name="again"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("sign-up", signing_up.sign_up, name="sign-up"),
    path("recover", signing_up.recover, name="recover"),
    path("recover/password", signing_up.new_password, name="new-password"),
    path("demo/sign-in", signing_in.demo_sign_in, name="demo-sign-in"),
    path("profile", profile.profile, name="profile"),
    path("profile/password", profile.password, name="password"),
    path("profile/sessions", again.sessions, name="sessions"),
    path("profile/sessions/<uuid:session_id>/end", again.end_one, name="end-session"),
    path("profile/sessions/end", again.end_others, name="end-sessions"),
    path("profile/username", profile.username, name="username"),
    path("profile/language", profile.language, name="language"),
    path("profile/address/<str:channel>", profile.address, name="address"),
    path("profile/verify/<str:channel>", profile.verify, name="verify"),
    path("profile/consents", profile.consents, name="consents"),
    path("profile/second-factor", second_factor.second_factor, name="second-factor"),
    path("profile/wards", family.wards, name="wards"),
    path("profile/wards/add", family.add_ward, name="add-ward"),
    path("profile/wards/<uuid:ward_id>/release", family.release_ward, name="release-ward"),
    path("profile/enterprises", family.enterprises, name="enterprises"),
    path("profile/enterprises/add", family.add_enterprise, name="add-enterprise"),
    path("office/accounts", window.desk, name="window"),
    path("office/accounts/person", window.person, name="window-person"),
    path("office/accounts/person/app", window.reset_second_factor, name="window-reset-second-factor"),
    path("office/accounts/officials", operators.officials, name="operator-officials"),
    path("office/accounts/wards/<uuid:ward_id>/confirm", window.confirm_guardianship, name="confirm-guardianship"),
]
