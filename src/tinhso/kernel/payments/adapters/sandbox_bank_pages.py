"""The pages of the sandbox bank: plain HTML in Vietnamese and English, no script. Nothing of ours is on them."""

from collections.abc import Mapping, Sequence
from html import escape
from string import Template

CSS = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: #14213d; background: #eef2f7; }
header { background: #0b3d5c; color: #fff; padding: .75rem 1rem; display: flex; justify-content: space-between; }
header a { color: #fff; }
main { max-width: 30rem; margin: 1rem auto; padding: 1rem; background: #fff; border-radius: .5rem; }
h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
.play { background: #fff3cd; border: 1px solid #d9a400; border-radius: .25rem; padding: .5rem .75rem; font-size: .875rem; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1rem; margin: 1rem 0; }
dt { color: #56657a; } dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; }
label { display: block; margin: .75rem 0 .25rem; }
.row { display: flex; gap: .5rem; align-items: baseline; } .row input { flex: none; } .row label { margin: .5rem 0; }
input[type=number], textarea { width: 100%; font: inherit; padding: .5rem; border: 1px solid #7a8798; border-radius: .25rem; }
button, .go { display: block; width: 100%; margin-top: 1rem; padding: .75rem; border: 0; border-radius: .25rem;
  background: #0b6e4f; color: #fff; font: inherit; font-weight: 600; text-align: center; text-decoration: none; }
:focus-visible { outline: 3px solid #f4a000; outline-offset: 2px; }
table { width: 100%; border-collapse: collapse; font-size: .875rem; } td, th { text-align: left; padding: .25rem; }
.amount { text-align: right; font-variant-numeric: tabular-nums; }
"""

_WORDS = {
    "vi": {
        "bank": "Ngân hàng thử nghiệm",
        "play": "Đây là ngân hàng giả lập để dùng thử. Không có tiền thật nào được chuyển.",
        "other": "English",
        "confirm_title": "Xác nhận chuyển khoản",
        "holder": "Người thụ hưởng",
        "account": "Số tài khoản",
        "bank_code": "Mã ngân hàng",
        "reference": "Nội dung",
        "amount": "Số tiền (đồng)",
        "silent": "Không báo lại cho cổng (thử trường hợp mất tin báo)",
        "pay": "Chuyển tiền",
        "paid_title": "Đã chuyển tiền",
        "transaction": "Mã giao dịch",
        "at": "Thời điểm",
        "back": "Quay lại cổng dịch vụ công",
        "told": "Tin báo cho cổng",
        "home_title": "Quét hoặc dán nội dung mã VietQR",
        "paste": "Nội dung mã QR",
        "next": "Tiếp tục",
        "recent": "Giao dịch gần đây",
        "none": "Chưa có giao dịch nào.",
        "bad_title": "Không thực hiện được",
        "bad_qr": "Mã QR này không hợp lệ. Hãy quét lại mã trên trang thanh toán.",
        "bad_amount": "Số tiền phải là số nguyên lớn hơn 0.",
        "missing": "Không có trang này.",
        "too_large": "Nội dung gửi lên quá lớn.",
    },
    "en": {
        "bank": "Sandbox bank",
        "play": "This is a make-believe bank for trying things out. No real money moves.",
        "other": "Tiếng Việt",
        "confirm_title": "Confirm the transfer",
        "holder": "Beneficiary",
        "account": "Account",
        "bank_code": "Bank code",
        "reference": "Message",
        "amount": "Amount (đồng)",
        "silent": "Do not tell the portal (to try a lost message)",
        "pay": "Transfer",
        "paid_title": "Transferred",
        "transaction": "Transaction",
        "at": "Time",
        "back": "Back to the public service portal",
        "told": "Message to the portal",
        "home_title": "Scan or paste a VietQR code's content",
        "paste": "Content of the QR code",
        "next": "Continue",
        "recent": "Recent transactions",
        "none": "No transactions yet.",
        "bad_title": "That did not work",
        "bad_qr": "This QR code is not valid. Scan the one on the payment page again.",
        "bad_amount": "The amount must be a whole number above 0.",
        "missing": "There is no such page.",
        "too_large": "What was sent is too large.",
    },
}

_FRAME = Template("""<!doctype html>
<html lang="$lang"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · $bank</title><link rel="stylesheet" href="/bank.css"></head>
<body><header><a href="/?lang=$lang">$bank</a><a href="$switch" lang="$other_lang">$other</a></header>
<main><h1>$title</h1><p class="play">$play</p>$body</main></body></html>
""")

_CONFIRM = Template("""<dl>$facts</dl>
<form method="post" action="/pay">$hidden
<label for="amount">$amount</label><input type="number" id="amount" name="amount" min="1" step="1" required value="$value">
<div class="row"><input type="checkbox" id="silent" name="silent" value="1"><label for="silent">$silent</label></div>
<button type="submit">$pay</button></form>
""")

_HOME = Template("""<form method="get" action="/pay"><input type="hidden" name="lang" value="$lang">
<label for="qr">$paste</label><textarea id="qr" name="qr" rows="4" required></textarea>
<button type="submit">$next</button></form><h2>$recent</h2>$table
""")


def language(asked: str, accept: str) -> str:
    """``vi`` unless English was asked for, by the link or by the browser."""
    if asked in _WORDS:
        return asked
    return "en" if accept.lower().startswith("en") else "vi"


def confirm(lang: str, switch: str, facts: Mapping[str, str], amount: int | None, hidden: Mapping[str, str]) -> str:
    """Before paying: what the QR says, and the button."""
    words = _WORDS[lang]
    fields = {**hidden, "lang": lang}
    body = _CONFIRM.substitute(
        facts=_facts(lang, facts),
        hidden="".join(f'<input type="hidden" name="{escape(k)}" value="{escape(v)}">' for k, v in fields.items()),
        amount=words["amount"],
        value="" if amount is None else amount,
        silent=words["silent"],
        pay=words["pay"],
    )
    return _page(lang, switch, "confirm_title", body)


def paid(lang: str, switch: str, facts: Mapping[str, str], back: str | None) -> str:
    """After paying: the receipt of the bank, and the way back."""
    link = f'<a class="go" href="{escape(back)}">{_WORDS[lang]["back"]}</a>' if back else ""
    return _page(lang, switch, "paid_title", f"<dl>{_facts(lang, facts)}</dl>{link}")


def home(lang: str, switch: str, recent: Sequence[tuple[str, str, int]]) -> str:
    """Paste a payload; what was paid lately (transaction, reference, amount)."""
    words = _WORDS[lang]
    rows = "".join(
        f'<tr><td><a href="/paid/{escape(t)}?lang={lang}">{escape(t)}</a></td><td>{escape(r)}</td>'
        f'<td class="amount">{money(a)}</td></tr>'
        for t, r, a in recent
    )
    heads = "".join(f"<th>{words[key]}</th>" for key in ("transaction", "reference", "amount"))
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>" if rows else f"<p>{words['none']}</p>"
    body = _HOME.substitute(lang=lang, paste=words["paste"], next=words["next"], recent=words["recent"], table=table)
    return _page(lang, switch, "home_title", body)


def bad(lang: str, fault: str) -> str:
    """What went wrong."""
    return _page(lang, "/?lang=" + _other(lang), "bad_title", f"<p>{_WORDS[lang][fault]}</p>")


def money(amount: int) -> str:
    """``75.000 đ``."""
    return f"{amount:,}".replace(",", ".") + " đ"


def _facts(lang: str, facts: Mapping[str, str]) -> str:
    return "".join(f"<dt>{_WORDS[lang][key]}</dt><dd>{escape(value)}</dd>" for key, value in facts.items() if value)


def _other(lang: str) -> str:
    return "en" if lang == "vi" else "vi"


def _page(lang: str, switch: str, title: str, body: str) -> str:
    words = _WORDS[lang]
    return _FRAME.substitute(
        lang=lang,
        title=words[title],
        bank=words["bank"],
        switch=escape(switch),
        other=words["other"],
        other_lang=_other(lang),
        play=words["play"],
        body=body,
    )
