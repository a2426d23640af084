"""Direct debit: one batch that the bank has processed, one draft for a day to come, returns that were handled."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from tests.support.fill.erpnext import (
	COMPANY,
	COMPANY_IBAN,
	FEE,
	collected_on,
	invoice_name,
	party_bank,
	party_iban,
	set_series,
)
from tests.support.fill.logs import add_file
from tests.support.fill.users import CUSTOMERS
from tests.support.fill.verenigingen import mandate_id, member_name, membership_name
from tests.support.sepa_numbers import BICS, creditor_id, target_day

if TYPE_CHECKING:
	from tests.support.sample_site import SampleSite


def done_batch(site: SampleSite) -> str:
	"""The batch that was collected."""
	return f"BATCH-{collected_on(site):%y-%m}-0001"


def draft_batch(site: SampleSite) -> str:
	"""The batch that is being prepared."""
	return f"BATCH-{site.now:%y-%m}-0002"


def next_collection(site: SampleSite) -> date:
	"""The day of the draft batch: on TARGET, and far enough ahead for any lead time."""
	return target_day(site.days_ago(-12).date())


def fill(site: SampleSite) -> None:
	"""Two batches, the mandates' usage rows, one return file that was worked through."""
	_done(site)
	_draft(site)
	_usage(site)
	for prefix, current in {f"BATCH-{collected_on(site):%y-%m}-": 1, f"BATCH-{site.now:%y-%m}-": 2}.items():
		set_series(site, prefix, current)
	site.insert(
		"SEPA Return File Log",
		file_hash=site.new_name("return file") * 4,
		file_name="returns.xml",
		file_size=2048,
		processing_date=site.days_ago(17),
		processed_by="Administrator",
		status="Completed",
		creation=site.days_ago(17),
	)


def _done(site: SampleSite) -> None:
	name, day = done_batch(site), collected_on(site)
	created = site.days_ago(28)
	message = f"{name}-MSG"
	url = add_file(
		site,
		f"SEPA-{name}.xml",
		pain_008(site, message, day),
		"Direct Debit Batch",
		name,
		creation=created,
	)
	_batch(
		site,
		name,
		day,
		status="Processed",
		docstatus=1,
		sepa_file_generated=1,
		sepa_file=url,
		sepa_message_id=message,
		sepa_payment_info_id=f"{name}-PMT",
		sepa_generation_date=created,
		creation=created,
		modified=site.days_ago(19),
	)
	_lines(site, name, first_invoice=1, status="Successful", docstatus=1, creation=created)
	site.update(
		"Bank Transaction",
		{"transaction_id": "bank-line-0001"},
		custom_sepa_batch=name,
		custom_processing_status="Fully Reconciled",
	)
	site.update("Payment Entry", {"mode_of_payment": "SEPA Direct Debit"}, custom_sepa_batch=name)


def _draft(site: SampleSite) -> None:
	name = draft_batch(site)
	created = site.days_ago(1)
	_batch(site, name, next_collection(site), status="Draft", creation=created)
	_lines(site, name, first_invoice=1 + len(CUSTOMERS), status="Pending", docstatus=0, creation=created)


def _batch(site: SampleSite, name: str, day: date, **values: Any) -> None:
	site.insert(
		"Direct Debit Batch",
		name=name,
		batch_date=day,
		batch_description=f"Dues {day:%B %Y}",
		batch_type="CORE",
		total_amount=FEE * len(CUSTOMERS),
		entry_count=len(CUSTOMERS),
		currency="EUR",
		validation_status="Passed",
		**values,
	)


def _lines(site: SampleSite, batch: str, *, first_invoice: int, **values: Any) -> None:
	site.insert_many(
		"Direct Debit Batch Invoice",
		[
			{
				"parent": batch,
				"idx": number + 1,
				"invoice": invoice_name(site, first_invoice + number),
				"membership": membership_name(site, number),
				"member": member_name(site, number),
				"member_name": person.full_name,
				"amount": FEE,
				"currency": "EUR",
				"iban": party_iban(number),
				"bic": BICS[party_bank(number)],
				"mandate_reference": mandate_id(site, number),
				**values,
			}
			for number, person in enumerate(CUSTOMERS)
		],
	)


def _usage(site: SampleSite) -> None:
	for number in range(len(CUSTOMERS)):
		mandate = site.value("SEPA Mandate", {"mandate_id": mandate_id(site, number)}, "name")
		site.insert(
			"SEPA Mandate Usage",
			parent=mandate,
			usage_date=collected_on(site),
			reference_doctype="Sales Invoice",
			reference_name=invoice_name(site, number + 1),
			sequence_type="RCUR",
			batch_reference=done_batch(site),
			amount=FEE,
			status="Collected",
			processing_date=collected_on(site),
			creation=site.days_ago(28),
			modified=site.days_ago(19),
		)


def pain_008(site: SampleSite, message: str, day: date) -> str:
	"""The collection file (pain.008.001.08) of the batch that was done."""
	total = f"{FEE * len(CUSTOMERS):.2f}"
	transactions = "".join(_transaction(site, number) for number in range(len(CUSTOMERS)))
	return (
		'<?xml version="1.0" encoding="UTF-8"?>\n'
		'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"><CstmrDrctDbtInitn>'
		f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{day - timedelta(days=8)}T10:00:00</CreDtTm>"
		f"<NbOfTxs>{len(CUSTOMERS)}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
		f"<InitgPty><Nm>{escape(COMPANY)}</Nm></InitgPty></GrpHdr>"
		f"<PmtInf><PmtInfId>{message}-1</PmtInfId><PmtMtd>DD</PmtMtd><BtchBookg>true</BtchBookg>"
		f"<NbOfTxs>{len(CUSTOMERS)}</NbOfTxs><CtrlSum>{total}</CtrlSum>"
		"<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl><LclInstrm><Cd>CORE</Cd></LclInstrm><SeqTp>RCUR</SeqTp></PmtTpInf>"
		f"<ReqdColltnDt>{day}</ReqdColltnDt><Cdtr><Nm>{escape(COMPANY)}</Nm></Cdtr>"
		f"<CdtrAcct><Id><IBAN>{COMPANY_IBAN}</IBAN></Id></CdtrAcct>"
		f"<CdtrAgt><FinInstnId><BICFI>{BICS['TRIO']}</BICFI></FinInstnId></CdtrAgt><ChrgBr>SLEV</ChrgBr>"
		f"<CdtrSchmeId><Id><PrvtId><Othr><Id>{creditor_id()}</Id>"
		"<SchmeNm><Prtry>SEPA</Prtry></SchmeNm></Othr></PrvtId></Id></CdtrSchmeId>"
		f"{transactions}</PmtInf></CstmrDrctDbtInitn></Document>\n"
	)


def _transaction(site: SampleSite, number: int) -> str:
	person = CUSTOMERS[number]
	invoice = invoice_name(site, number + 1)
	return (
		f"<DrctDbtTxInf><PmtId><EndToEndId>E2E-{invoice}</EndToEndId></PmtId>"
		f'<InstdAmt Ccy="EUR">{FEE:.2f}</InstdAmt>'
		f"<DrctDbtTx><MndtRltdInf><MndtId>{mandate_id(site, number)}</MndtId>"
		f"<DtOfSgntr>{site.days_ago(180).date()}</DtOfSgntr></MndtRltdInf></DrctDbtTx>"
		f"<DbtrAgt><FinInstnId><BICFI>{BICS[party_bank(number)]}</BICFI></FinInstnId></DbtrAgt>"
		f"<Dbtr><Nm>{escape(person.full_name)}</Nm></Dbtr>"
		f"<DbtrAcct><Id><IBAN>{party_iban(number)}</IBAN></Id></DbtrAcct>"
		f"<RmtInf><Ustrd>{invoice}</Ustrd></RmtInf></DrctDbtTxInf>"
	)
