"""The people whom a visitor of the demonstration can be, and how they sign in."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from tinhso.kernel.identity import api as identity
from tinhso.ui.site import DemoSignIn

PASSWORD = "tinhso-demo"  # noqa: S105  the demonstration's known password, only in databases marked as one


IT = "it"
"""Who looks after the system itself."""


@dataclass(frozen=True, slots=True)
class Part:
    """Who is met in every example. ``name`` is empty for whoever holds the post in the model province."""

    username: str
    name: str
    job: str
    job_en: str
    group: str = "official"
    icon: str = "user"


CAST = (
    Part(
        "tham",
        "Nguyễn Thị Hồng Thắm",
        "Người dân: nộp, theo dõi và nhận kết quả",
        "Citizen: applies, follows, gets the permit",
        "citizen",
    ),
    Part("tam", "Lê Minh Tâm", "Một cửa: tiếp nhận và trả kết quả", "One-stop desk: receives and returns"),
    Part(
        "duc", "Võ Minh Đức", "Trưởng phòng Kinh tế: phân công, xem dự thảo", "Head of the economic office: assigns and reviews"
    ),
    Part("bao", "Trần Quốc Bảo", "Chuyên viên: thẩm định hồ sơ", "Handler: examines dossiers"),
    Part("hoa", "Phạm Văn Hòa", "Chủ tịch UBND: ký số giấy phép", "Chairman: signs permits"),
    Part("lan", "Đỗ Thị Lan", "Văn thư: cấp số, ký số cơ quan", "Clerk: numbers and seals"),
    Part(IT, "Nguyễn Văn Khoa", "Tin học: tài khoản, vai trò, tình trạng hệ thống", "IT: accounts, roles, health"),
    Part("chungthuc", "", "Một cửa: ký chứng thực bản sao", "One-stop desk: certifies copies"),
    Part("tpxahoi", "", "Trưởng phòng Văn hóa – Xã hội: phân công, niêm yết", "Head of the social office: assigns and posts"),
    Part("xahoi", "", "Chuyên viên xã hội: thăm hộ, xác minh, chi trả", "Social official: visits, verifies, pays"),
    Part("hotich", "", "Hộ tịch: đăng ký khai sinh", "Civil status: registers births"),
    Part("congan", "", "Công an: đăng ký thường trú", "Police: registers residence"),
    Part("baohiem", "", "Bảo hiểm xã hội: cấp thẻ", "Social insurance: issues the card"),
    Part("ykien", "", "Nơi được hỏi ý kiến: trả lời", "Consulted agency: gives its opinion"),
)
"""In the order in which a dossier meets them."""
USERNAMES = {part.name: part.username for part in CAST if part.name}


def sign_ins(request: HttpRequest) -> tuple[DemoSignIn, ...]:
    """The one-press sign-ins of the first page; asked for only in a database marked as a demonstration."""
    action = reverse("account_demo")
    found = []
    for part in CAST:
        account = identity.account_by_username(part.username)
        if account is not None:
            found.append(DemoSignIn(account.name, part.job, part.job_en, action, part.username, part.group, part.icon))
    return tuple(found)
