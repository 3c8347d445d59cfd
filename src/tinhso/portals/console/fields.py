"""The questions of the console's forms."""

from datetime import date

from tinhso.kernel.cases.types import FormField, Words
from tinhso.kernel.identity import api as identity
from tinhso.kernel.organisation import api as organisation
from tinhso.ui import formats
from tinhso.ui.forms import Choices

_TEXT = {"type": "string"}
_DAY = {"type": "string", "format": "date"}

PERSON = (
    FormField("name", Words("Họ và tên", "Full name"), _TEXT | {"maxLength": 250}, "text", required=True),
    FormField(
        "username",
        Words("Tên tài khoản", "Account name"),
        _TEXT | {"maxLength": 150},
        "text",
        required=True,
        help=Words("Không dấu, không khoảng trắng: nguyen.van.a", "No accents, no spaces: nguyen.van.a"),
    ),
    FormField(
        "email",
        Words("Thư điện tử công vụ", "Official e-mail"),
        _TEXT,
        "email",
        required=True,
        help=Words("Thông báo và liên kết đặt lại mật khẩu gửi về đây.", "Notices and links for a new password go there."),
    ),
    FormField("phone", Words("Số điện thoại", "Phone number"), _TEXT, "phone"),
)
ROLE = (
    FormField("unit", Words("Đơn vị", "Unit"), _TEXT, "unit", required=True),
    FormField("role", Words("Vai trò", "Role"), _TEXT, "official", required=True),
    FormField("since", Words("Từ ngày", "From"), _DAY, "date", required=True),
    FormField(
        "until",
        Words("Đến trước ngày", "Until"),
        _DAY,
        "date",
        help=Words("Ngày đầu tiên không còn vai trò. Để trống: đến khi có thay đổi.", "The first day without it. Empty: open"),
    ),
)


def choices() -> Choices:
    """Units in force and declared roles, in the reader's language."""
    vietnamese = formats.is_vietnamese()
    roles = sorted((role.vi if vietnamese else role.en, code) for code, role in identity.known_roles().items())
    units = [(unit.key, f"{unit.name} ({unit.code})") for unit in organisation.units()]
    return {"role": [(code, name) for name, code in roles], "unit": units}


def day(text: str | None) -> date | None:
    """A date of a form; None for none."""
    return date.fromisoformat(text) if text else None
