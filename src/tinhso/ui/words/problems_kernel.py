"""Words for the problems that single rooms of the kernel declare. A fault of ours says so and names who must act."""

from django.utils.translation import gettext_lazy as _

from tinhso.ui.words.filling import Text

_OUR_FAULT = _("This is a fault of this installation, not yours. It has been recorded.")
_TELL_US = _("Try again later. If it happens again, call the support line and give the time.")
_OPERATORS = _("Whoever runs the system must bring it back from the backup; the log says which.")
_CHOOSE_AGAIN = _("Choose another file. Files you sent before are kept.")

_LEDGER: dict[str, tuple[Text, Text, Text]] = {
    "ledger.no_actor": (_("Something went wrong on our side"), _OUR_FAULT, _TELL_US),
    "ledger.undeclared": (_("Something went wrong on our side"), _OUR_FAULT, _TELL_US),
    "ledger.key_missing": (_("The key of the ledger is missing"), _OUR_FAULT, _OPERATORS),
    "ledger.stream_conflict": (
        _("Somebody was faster"),
        _("Another person changed this at the same moment."),
        _("Reload the page to see how it stands now, then do what is still needed."),
    ),
    "ledger.request_repeated": (
        _("This was already done"),
        _("The same request has arrived before; it was counted once."),
        _("Open the page again to see the result."),
    ),
}

_ORGANISATION: dict[str, tuple[Text, Text, Text]] = {
    "organisation.area_unknown": (
        _("There is no such place"),
        _("No province or commune has this code on this date; it may have been merged."),
        _("Choose the commune from the list."),
    ),
    "organisation.unit_unknown": (
        _("There is no such office"),
        _("No office of this kind serves this place on this date."),
        _("Choose another place, or ask the administrator of the organisation's data."),
    ),
    "organisation.unit_ambiguous": (
        _("More than one office fits"),
        _("Several offices of this kind serve this place."),
        _("Name the office, or its speciality."),
    ),
    "organisation.official_unknown": (
        _("There is no such official"),
        _("Nobody of this name is on record in the organisation."),
        _("Choose a person from the list."),
    ),
    "organisation.post_taken": (
        _("The post is taken"),
        _("Somebody already holds this post in that time."),
        _("End the present holding first, or choose other dates."),
    ),
    "organisation.post_unknown": (
        _("There is no such post"),
        _("The office has no such post on this date, or this person does not hold it."),
        _("Choose a post from the list."),
    ),
    "organisation.unit_taken": (
        _("This office exists already"),
        _("An office with this key exists or existed; keys are never used again."),
        _("Choose another key."),
    ),
    "organisation.delegation_unknown": (
        _("There is no such delegation"),
        _("The delegation does not exist, or it is over."),
        _("Reload the list."),
    ),
    "organisation.province_taken": (
        _("This system serves a province already"),
        _("A system serves one province; another needs a folder of its own."),
        _("Begin in an empty folder (TINHSO_HOME)."),
    ),
    "organisation.dates_invalid": (
        _("The dates don't fit"),
        _("The end is not after the beginning, or the change comes before what it changes."),
        _("Correct the dates and send again."),
    ),
    "organisation.facts_invalid": (
        _("A data file of the organisation is wrong"),
        _("%(file)s, line %(line)s: %(what)s"),
        _("Correct the file and load it again; nothing was changed."),
    ),
}

_IDENTITY: dict[str, tuple[Text, Text, Text]] = {
    "identity.account_taken": (
        _("This account exists already"),
        _("Somebody signs in with this name, e-mail address or phone number."),
        _("Sign in with it, or use another."),
    ),
    "identity.identifier_taken": (
        _("This number is already registered"),
        _("Another record with this identification number was checked before."),
        _("Look it up by the number and use that record."),
    ),
    "identity.details_invalid": (
        _("Some details don't look right"),
        _("The phone number, e-mail address or identification number is not in its usual form."),
        _("Compare it with your papers and correct it."),
    ),
    "identity.may_not_look": (
        _("This person's data are not open to you"),
        _("Only those who handle a matter of this person may see the data, and each look is recorded."),
        _("Open the person's data from the dossier that you handle."),
    ),
    "identity.key_missing": (
        _("A key is missing"),
        _("The key that protects identification numbers is not the one they were protected with."),
        _("Whoever runs the system must bring back the folder of keys from its backup."),
    ),
    "identity.unknown_role": (
        _("There is no such role"),
        _("No part of the system knows a role of this name."),
        _("Choose a role from the list."),
    ),
    "identity.no_such_account": (
        _("There is no such account"),
        _("The account does not exist, or it isn't yours to see."),
        _("Check the name and try again."),
    ),
    "identity.no_such_party": (
        _("We can't find this person"),
        _("There is no such person or organisation, or it isn't yours to see."),
        _("Check the number, or register the person first."),
    ),
    "identity.party_erased": (
        _("These data were erased"),
        _("The personal data were erased as the law demands; only figures without names are left."),
        _("Nothing more can be shown."),
    ),
    "identity.not_demo": (
        _("This is not a demonstration"),
        _("A database that holds real accounts can't become a demonstration."),
        _("Make the demonstration in an empty folder."),
    ),
}

_FILES: dict[str, tuple[Text, Text, Text]] = {
    "files.empty": (_("The file is empty"), _("There is nothing in %(name)s."), _CHOOSE_AGAIN),
    "files.draft_full": (
        _("This form holds too much"),
        _("The files of one form may take %(max_bytes)s together."),
        _("Take a file off, or photograph and scan at a lower resolution, and choose it again."),
    ),
    "files.too_much_today": (
        _("Too much was uploaded today"),
        _("One account may upload %(max_bytes)s within 24 hours."),
        _("Hand in what is ready, and go on tomorrow; the one-stop desk takes papers in office hours."),
    ),
    "files.too_large": (
        _("The file is too large"),
        _("%(name)s is larger than the %(max_bytes)s allowed here."),
        _("Photograph or scan it at a lower resolution, or split it, and choose it again."),
    ),
    "files.mislabelled": (
        _("The file is not what its name says"),
        _("%(name)s says it is %(says)s and is really %(is_really)s."),
        _("Save it again in the right format and choose it once more."),
    ),
    "files.encrypted": (
        _("The file wants a password"),
        _("%(name)s is locked with a password, so nobody at the office could read it."),
        _("Save it without a password and choose it again."),
    ),
    "files.damaged": (_("The file is damaged"), _("%(name)s can't be read to its end."), _CHOOSE_AGAIN),
    "files.kind_not_allowed": (
        _("This kind of file can't be handed in"),
        _("%(name)s is of another kind than: %(allowed)s."),
        _("Save it as PDF, or photograph the paper, and choose it again."),
    ),
    "files.disk_full": (
        _("The system has no room left"),
        _("The disk is full, so this file was not kept. Everything sent before is safe."),
        _("Please try again later. The people who run the system have been told in its log."),
    ),
    "files.content_missing": (_("A file can't be found"), _OUR_FAULT, _OPERATORS),
    "files.content_damaged": (_("A file is not what was stored"), _OUR_FAULT, _OPERATORS),
    "files.not_found": (
        _("There is no such file"),
        _("The file does not exist, or it isn't yours to see."),
        _("Go back and open it from its dossier."),
    ),
    "files.quarantined": (
        _("This file is not safe"),
        _("The virus scanner found something in it, so it is never opened for anybody."),
        _("Check your computer or phone, and send a clean copy."),
    ),
    "files.not_scanned_yet": (
        _("The file is still being checked"),
        _("The virus scanner has not answered yet."),
        _("Wait a minute and open it again."),
    ),
    "files.scanner_away": (
        _("The file is still being checked"),
        _("The virus scanner does not answer; the file waits and is not lost."),
        _("Try again later."),
    ),
    "files.in_use": (
        _("This file is in use"),
        _("It belongs to a published document or a dossier, so it can't be removed."),
        _("Send a newer version instead."),
    ),
    "files.no_such_page": (
        _("There is no such page"),
        _("The file has no page of that number, or it can't be drawn."),
        _("Download the file and open it on your device."),
    ),
    "files.template_broken": (_("The document can't be made"), _OUR_FAULT, _TELL_US),
    "files.fonts_missing": (
        _("The document can't be made"),
        _("The fonts of documents are missing on this system."),
        _("Whoever runs the system must run the set-up again."),
    ),
    "files.not_published": (
        _("No document has this code"),
        _("The code may be mistyped, or the document was never issued by this province."),
        _("Compare each letter with the paper, or scan its QR code."),
    ),
    "files.no_certificate": (
        _("There is no certificate to sign with"),
        _("No digital certificate in force is on record here."),
        _("Ask the administrator to register the certificate."),
    ),
    "files.certificate_invalid": (
        _("This is not a certificate"),
        _("What was given can't be read as a digital certificate."),
        _("Ask the administrator to register the certificate."),
    ),
    "files.no_demo_authority": (
        _("There is no demonstration authority"),
        _("Certificates for the demonstration have not been made here."),
        _("Make the demonstration again, or register real certificates."),
    ),
    "files.signer_not_allowed": (
        _("You may not use this signature"),
        _("A personal signature is used by its owner only, a seal by the clerk who keeps it."),
        _("Ask its owner, or choose your own."),
    ),
    "files.key_missing": (
        _("The key of the signature is missing"),
        _("The private key of the certificate is not where it should be."),
        _("Whoever runs the system must bring it back from the backup, or revoke the certificate."),
    ),
    "files.field_not_free": (
        _("The place for this signature is taken"),
        _("The document has no free place of this name to sign in."),
        _("Make a new draft of the document and sign that."),
    ),
    "files.signature_mismatch": (
        _("The signature does not fit the document"),
        _("What came back from the signing device belongs to another document or certificate; nothing was changed."),
        _("Sign once more."),
    ),
    "files.unable_to_sign": (
        _("This document can't be signed"),
        _("It is not a PDF, or it is damaged."),
        _("Make the document again and sign the new one."),
    ),
    "files.timestamp_away": (
        _("The time stamp service does not answer"),
        _("Without its stamp the document was not signed; nothing is lost."),
        _("Try again in a few minutes."),
    ),
}

_PAYMENTS: dict[str, tuple[Text, Text, Text]] = {
    "payments.charge_not_found": (
        _("There is no such fee"),
        _("The fee does not exist, or it isn't yours to see."),
        _("Open it from its dossier."),
    ),
    "payments.nothing_to_charge": (
        _("There is nothing to pay"),
        _("The fees come to nothing, or one of them is not a whole amount."),
        _("Check the fees of this procedure."),
    ),
    "payments.no_collecting_unit": (_("Nobody collects this fee"), _OUR_FAULT, _TELL_US),
    "payments.no_collecting_account": (
        _("There is no account to pay into"),
        _("The office has no bank account on record for this day."),
        _("Pay at the counter; the office must register its account."),
    ),
    "payments.accounts_invalid": (
        _("A data file of accounts is wrong"),
        _("%(file)s, %(entry)s: %(what)s"),
        _("%(remedy)s"),
    ),
    "payments.already_paid": (
        _("This is already paid"),
        _("The fee has been paid; nothing was taken twice."),
        _("You will find the receipt in the dossier."),
    ),
    "payments.already_cancelled": (
        _("This fee was cancelled"),
        _("It need not be paid any more."),
        _("Reload the page to see what is due now."),
    ),
    "payments.not_cashier": (
        _("You may not take money here"),
        _("Taking money for this office needs the cashier's role at it."),
        _("Ask the cashier of the office."),
    ),
    "payments.not_at_counter": (
        _("This can't be recorded by hand"),
        _("Only cash, or a transfer seen at the counter, is recorded by an official."),
        _("Choose cash or transfer."),
    ),
    "payments.qr_invalid": (
        _("The payment code can't be read"),
        _("The QR code is not a valid payment code."),
        _("Scan it again, or pay at the counter."),
    ),
    "payments.unknown_provider": (
        _("There is no such payment service"),
        _("No payment service of this name is connected."),
        _("Choose another way to pay."),
    ),
    "payments.provider_unreachable": (
        _("The payment service does not answer"),
        _("Nothing was taken from your account."),
        _("Try again in a few minutes, or pay at the counter."),
    ),
    "payments.message_not_found": (
        _("There is no such message"),
        _("The payment service has sent no message of this number."),
        _("Go back to the list."),
    ),
    "payments.message_not_waiting": (
        _("This message was dealt with"),
        _("Somebody has already decided about this payment message."),
        _("Reload the list."),
    ),
    "payments.statement_unreadable": (
        _("The bank statement can't be read"),
        _("Line %(line)s is not in the form we understand: %(fault)s"),
        _("Export it from the bank again as CSV, and do not change it by hand."),
    ),
    "payments.callback_too_large": (
        _("This is too large"),
        _("The message is far larger than any we know; it was not kept."),
        _("The payment service must send it again in its usual form."),
    ),
}

_MESSAGES: dict[str, tuple[Text, Text, Text]] = {
    "messages.bad_recipient": (_("Something went wrong on our side"), _OUR_FAULT, _TELL_US),
    "messages.unknown_language": (
        _("We don't speak this language yet"),
        _("Notices are written in Vietnamese or English."),
        _("Choose one of the two."),
    ),
    "messages.not_keeper": (
        _("You may not look after deliveries"),
        _("This needs the role of the keeper of deliveries."),
        _("Ask whoever gives out rights at your office."),
    ),
    "messages.delivery_not_found": (
        _("There is no such delivery"),
        _("It does not exist, or it has been removed."),
        _("Reload the list."),
    ),
    "messages.not_failed": (
        _("This delivery has not failed"),
        _("Only a failed delivery is tried again by hand; the others are sent by themselves."),
        _("Reload the list to see how it stands now."),
    ),
}

_CASES: dict[str, tuple[Text, Text, Text]] = {
    "cases.move_refused": (
        _("This step is not possible any more"),
        _("The dossier has moved on, or the step is not yours to take."),
        _("Reload the page to see how the dossier stands now."),
    ),
    "cases.may_not_file": (
        _("You can't hand this in"),
        _("This procedure can't be handed in by you, in this way or for this person."),
        _("Sign in as the applicant, or come to the counter of the commune."),
    ),
    "cases.no_such_case": (
        _("There is no such dossier"),
        _("The code may be mistyped, or the dossier isn't yours to see."),
        _("Compare the code with your receipt slip."),
    ),
    "cases.no_such_list": (
        _("There is no such list"),
        _("The list does not exist, or it isn't yours."),
        _("Choose a list on the left."),
    ),
    "indicators.no_such_figure": (
        _("There is no such figure"),
        _("Nothing of this name is counted here; the address may be mistyped or old."),
        _("Choose a figure on the first page of the operations centre."),
    ),
    "codes.dossier_invalid": (
        _("This is no dossier code"),
        _("A code looks like H53.24-20261102-0000418."),
        _("Compare the code with your receipt slip."),
    ),
    "codes.agency_invalid": (
        _("This is no agency code"),
        _("An agency code looks like H53.24.1."),
        _("Correct the code and send again."),
    ),
    "services.idempotency_key_missing": (
        _("The request has no Idempotency-Key"),
        _("Without it a repeat can't be told from a second wish."),
        _("Send a header Idempotency-Key with a value of your own, and the same value when you repeat."),
    ),
    "services.if_match_missing": (
        _("The request has no If-Match"),
        _("Without it a change could overwrite what its sender has not seen."),
        _("Read the dossier, and send its ETag back in the header If-Match."),
    ),
    "cases.no_such_draft": (
        _("This form is not here any more"),
        _("It was handed in already, or it was thrown away."),
        _("Look among your dossiers, or begin again."),
    ),
    "cases.no_such_type": (
        _("There is no such procedure"),
        _("The procedure does not exist, or can't be begun on this day."),
        _("Search for it on the home page."),
    ),
    "cases.no_unit": (
        _("Nobody receives this here yet"),
        _("No office is on record that receives this procedure for the place you chose."),
        _("Check the place, or call the support line."),
    ),
    "cases.pack_invalid": (
        _("A declaration is wrong"),
        _("%(file)s, line %(line)s: %(what)s"),
        _("%(remedy)s"),
    ),
}

OF_THE_KERNEL: dict[str, tuple[Text, Text, Text]] = {
    **_LEDGER,
    **_ORGANISATION,
    **_IDENTITY,
    **_FILES,
    **_PAYMENTS,
    **_MESSAGES,
    **_CASES,
}
