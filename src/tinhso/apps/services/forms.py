"""What no procedure declares of its forms: who applies, asked at the counter."""

from tinhso.kernel.cases.types import FormField, Words

APPLICANT_FIELDS = (
    FormField("name", Words("Họ và tên", "Full name"), {"type": "string"}, "text", required=True),
    FormField(
        "identifier", Words("Số định danh cá nhân", "Personal identification number"), {"type": "string"}, "identifier", True
    ),
    FormField("phone", Words("Số điện thoại", "Phone number"), {"type": "string"}, "phone", required=True),
    FormField("address", Words("Nơi ở hiện nay", "Present address"), {"type": "string"}, "text", required=True),
    FormField("email", Words("Thư điện tử", "E-mail"), {"type": "string"}, "email"),
)
"""Name, identifier, phone, address, e-mail: the facts of ``identity.Party``."""
