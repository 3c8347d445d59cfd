"""Signing up, in and out, second factors, and one's own account: the pages before any other portal, for citizens and officials.

A portal of its own because both the citizens' portal and the desk need it and portals do not know each other. The
machinery is django-allauth; what it writes to our tables goes through ``identity.api``. Words: *sign in* (đăng nhập),
*second factor* (xác thực hai lớp: a code from the phone besides the password), *recovery codes* (mã dự phòng).
"""
