"""How a dossier fares: which moves, by whom, after how many office hours. Pure; ``play`` makes them happen."""

from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from tinhso.config.demo.hours import DAY

QUESTIONS = (
    "Đề nghị cho ý kiến về tình trạng pháp lý của thửa đất và hành lang an toàn tại vị trí xin phép.",
    "Đề nghị xác nhận ranh giới, diện tích thửa đất theo hồ sơ địa chính và quy hoạch sử dụng đất.",
    "Đề nghị cho biết vị trí xây dựng có vi phạm hành lang an toàn công trình do đơn vị quản lý hay không.",
)
GUIDANCE = (
    "Bản vẽ mặt bằng chưa ghi khoảng cách đến ranh đất phía đông. Nhờ người vẽ ghi thêm kích thước rồi gửi lại bản vẽ.",
    "Mặt bằng thiếu vị trí bể tự hoại và khoảng lùi sau. Bổ sung hai kích thước này trên bản vẽ.",
    "Bản vẽ chưa thể hiện chỉ giới đường đỏ. Nhờ người thiết kế ghi thêm theo giấy chứng nhận.",
)
ANSWERS = (
    ("agree", "Thửa đất không có tranh chấp, không nằm trong quy hoạch lộ giới. Thống nhất cấp phép."),
    ("agree", "Vị trí xây dựng ngoài hành lang an toàn công trình do đơn vị quản lý. Thống nhất."),
    ("agree_if", "Thống nhất, với điều kiện giữ khoảng lùi phía sau tối thiểu 1 m để bảo đảm thoát nước."),
)
APPRAISALS = (
    "Hồ sơ đủ thành phần; thiết kế phù hợp quy hoạch, khoảng lùi, mật độ và chiều cao. Đề nghị cấp giấy phép.",
    "Đã kiểm tra thực địa ngày làm việc trước; hiện trạng đúng hồ sơ. Công trình phù hợp quy hoạch. Đề nghị cấp giấy phép.",
    "Kích thước lô đất khớp bản đồ địa chính; chiều cao và số tầng trong giới hạn cho phép. Đề nghị cấp giấy phép.",
)
REFUSALS = (
    "Thửa đất nằm trong quy hoạch đất giao thông đã công bố, không đủ điều kiện cấp giấy phép có thời hạn.",
    "Đất trong giấy chứng nhận là đất trồng cây lâu năm, chưa chuyển mục đích sang đất ở nên chưa đủ điều kiện cấp phép.",
)
STOPS = (
    "Chủ đầu tư không bổ sung hồ sơ trong thời hạn và có đơn đề nghị dừng giải quyết.",
    "Thửa đất đang có tranh chấp được Tòa án thụ lý, dừng giải quyết theo đề nghị của cơ quan có thẩm quyền.",
)
DELAYS = (
    "Cần xác minh lại ranh giới thửa đất với hộ liền kề tại thực địa.",
    "Phải chờ ý kiến của đơn vị quản lý lưới điện về khoảng cách an toàn.",
)
SECOND_THOUGHTS = (
    "Gia đình đổi phương án thiết kế.",
    "Tôi hoãn việc xây nhà sang năm sau.",
    "Tôi chuyển nhượng thửa đất nên không xin phép nữa.",
)


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that happens: ``by`` is whose turn it is (``applicant``, ``intake``, ``head``, ``handler``, ``signer``,
    ``clerk``, ``consulted``), ``after`` how many office hours later, ``input`` what he gives."""

    move: str
    by: str
    after: float
    input: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """What a visitor must find: these acts, the last of them ``ago`` office hours before the end of the play; or, with
    ``received_ago``, the receipt that many working days before today (or the next working day)."""

    name: str
    acts: tuple[Act, ...]
    ago: float = 2.0
    received_ago: int | None = None


def _opinion(source: Random) -> list[Act]:
    outcome, text = source.choice(ANSWERS)
    return [
        Act("consult", "handler", source.uniform(4, 16), {"unit": "", "question": source.choice(QUESTIONS)}),
        Act("answer_opinion", "consulted", source.uniform(8, 44), {"outcome": outcome, "answer": text}),
    ]


def _supplement(source: Random) -> list[Act]:
    asked = {"items": ["drawing_plan"], "note": source.choice(GUIDANCE)}
    return [
        Act("request_supplement", "handler", source.uniform(6, 20), asked),
        Act("answer_supplement", "applicant", source.uniform(8, 48), {"papers": ["drawing_plan"]}),
    ]


def _draft(source: Random, least: float, most: float) -> Act:
    return Act("draft_result", "handler", source.uniform(least, most), {"appraisal": source.choice(APPRAISALS)})


def _opening(source: Random) -> list[Act]:
    return [Act("receive", "intake", source.uniform(0.3, 6)), Act("assign", "head", source.uniform(0.5, 3.5))]


def _ending(source: Random) -> list[Act]:
    return [
        Act("approve", "head", source.uniform(1, 7)),
        Act("sign", "signer", source.uniform(2, 13)),
        Act("number", "clerk", source.uniform(0.5, 5)),
        Act("settle", "applicant", source.uniform(0.5, 24)),
        Act("collect", "applicant", source.uniform(0.5, 16)),
    ]


def _handling(source: Random, slow: float) -> list[Act]:
    acts: list[Act] = []
    if source.random() < 0.35:
        acts += _opinion(source)
    if source.random() < 0.25:
        acts += _supplement(source)
    if slow > 1 and source.random() < 0.5:
        acts.append(Act("extend", "head", source.uniform(4, 12), {"days": 5, "reason": source.choice(DELAYS)}))
    acts.append(_draft(source, 10 * slow, 44 * slow))
    if source.random() < 0.08:
        note = {"note": "Ghi rõ cốt nền và chỉ giới xây dựng theo quy hoạch."}
        acts += [Act("send_back", "head", source.uniform(1, 6), note), _draft(source, 2, 8)]
    return acts


def _correction(source: Random) -> list[Act]:
    asked = {"items": ["land_right"], "note": "Ảnh chụp giấy chứng nhận bị mờ, thiếu trang 2. Nhờ chụp lại đủ các trang."}
    return [
        Act("ask_correction", "intake", source.uniform(0.5, 5), asked),
        Act("answer_correction", "applicant", source.uniform(3, 24), {"papers": ["land_right"]}),
    ]


def whole(source: Random) -> list[Act]:
    """A dossier's life from hand-in to its end, one of the ways it may go."""
    lot, slow = source.random(), source.choices((1.0, 2.6, 5.0), (80, 5, 15))[0]
    if lot < 0.04:
        return [Act("refuse", "intake", source.uniform(1, 7), {"reason": source.choice(REFUSALS)})]
    acts = _correction(source) if lot < 0.10 else []
    acts += _opening(source)
    if lot > 0.97:
        return [*acts, Act("withdraw", "applicant", source.uniform(6, 40), {"reason": source.choice(SECOND_THOUGHTS)})]
    if lot > 0.955:
        return [*acts, Act("stop", "head", source.uniform(20, 60), {"reason": source.choice(STOPS)})]
    return [*acts, *_handling(source, slow), *_ending(source)]


def scenes(source: Random) -> list[Scene]:
    """One dossier for each thing that a visitor of the seat must find, in the order in which the work goes."""
    opened, drafted = _opening(source), _draft(source, 12, 30)
    asked, answered = _opinion(source)
    wanted, given = _supplement(source)
    unclear, cleared = _correction(source)
    approve, sign, number, settle, collect = _ending(source)
    extend = Act("extend", "head", 4 * DAY, {"days": 5, "reason": source.choice(DELAYS)})
    by_then = [*opened, drafted, approve, sign, number]
    refuse = Act("refuse", "intake", 3.0, {"reason": source.choice(REFUSALS)})
    stop = Act("stop", "head", 30.0, {"reason": source.choice(STOPS)})
    withdraw = Act("withdraw", "applicant", 12.0, {"reason": source.choice(SECOND_THOUGHTS)})
    return [
        Scene("received today", (), ago=0.6),
        Scene("received today, again", (), ago=1.7),
        Scene("to be completed", (unclear,)),
        Scene("completed", (unclear, cleared), ago=1.0),
        Scene("to assign", (replace(opened[0], after=1.0),), ago=0.8),
        Scene("to assign since yesterday", (opened[0],), ago=6.0),
        Scene("in handling", tuple(opened), ago=10.0),
        Scene("due in two days", tuple(opened), received_ago=13),
        Scene("due today", tuple(opened), received_ago=15),
        Scene("overdue", tuple(opened), received_ago=18),
        Scene("opinion asked", (*opened, asked), ago=9.0),
        Scene("opinion given", (*opened, asked, answered), ago=2.5),
        Scene("waiting for the citizen", (*opened, wanted), ago=14.0),
        Scene("supplemented", (*opened, wanted, given), ago=1.5),
        Scene("extended", (*opened, extend), received_ago=12),
        Scene("in review", (*opened, drafted), ago=1.2),
        Scene("in review, after an opinion", (*opened, asked, answered, drafted), ago=3.0),
        Scene("to sign", (*opened, drafted, approve), ago=1.0),
        Scene("to sign, since yesterday", (*opened, drafted, approve), ago=7.0),
        Scene("to number", (*opened, drafted, approve, sign), ago=0.9),
        Scene("fee to pay", tuple(by_then), ago=5.0),
        Scene("ready", (*by_then, settle), ago=4.0),
        Scene("returned", (*by_then, settle, collect), ago=3.0),
        Scene("refused", (refuse,), ago=12.0),
        Scene("withdrawn", (*opened, withdraw), ago=20.0),
        Scene("stopped", (*opened, stop), ago=20.0),
    ]


def thams(source: Random) -> list[Scene]:
    """What the citizen Nguyễn Thị Hồng Thắm has going on: a permit to download, a case in handling, and a request to answer."""
    opened, drafted = _opening(source), _draft(source, 12, 30)
    asked, answered = _opinion(source)
    wanted = Act("request_supplement", "handler", 9.0, {"items": ["drawing_plan"], "note": GUIDANCE[0]})
    approve, sign, number, settle, _ = _ending(source)
    return [
        Scene("tham: result", (*opened, asked, answered, drafted, approve, sign, number, settle), ago=6.0),
        Scene("tham: in progress", tuple(opened), ago=18.0),
        Scene("tham: supplement", (*opened, wanted), ago=11.0),
    ]
