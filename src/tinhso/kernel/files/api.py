"""The door of files: storing and serving, setting documents, signing, checking, publishing."""

from tinhso.kernel.files.checking import verify_pdf
from tinhso.kernel.files.operations.publishing import new_verify_code, publish, withdraw_document
from tinhso.kernel.files.operations.signing import (
    create_demo_ca,
    embed_signature,
    issue_demo_certificate,
    issue_demo_token_certificate,
    prepare_signature,
    register_certificate,
    revoke_certificate,
    sign,
)
from tinhso.kernel.files.operations.storing import MAX_BYTES, discard, rescan, store
from tinhso.kernel.files.printing import render_pdf
from tinhso.kernel.files.queries import (
    by_verify_code,
    certificates_of,
    check_upload,
    damages,
    download_headers,
    missing_contents,
    open_bytes,
    page_image,
    ref,
    refs,
    signing_certificate,
)
from tinhso.kernel.files.sweeping import declare_owner, rescan_waiting, sweep

__all__ = [
    "MAX_BYTES",
    "by_verify_code",
    "certificates_of",
    "check_upload",
    "create_demo_ca",
    "damages",
    "declare_owner",
    "discard",
    "download_headers",
    "embed_signature",
    "issue_demo_certificate",
    "issue_demo_token_certificate",
    "missing_contents",
    "new_verify_code",
    "open_bytes",
    "page_image",
    "prepare_signature",
    "publish",
    "ref",
    "refs",
    "register_certificate",
    "render_pdf",
    "rescan",
    "rescan_waiting",
    "revoke_certificate",
    "sign",
    "signing_certificate",
    "store",
    "sweep",
    "verify_pdf",
    "withdraw_document",
]
