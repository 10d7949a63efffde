"""Signs letters with pyHanko in many ways. Usage: good.py FOLDER

Writes one PDF each, the roots, and `list.json`: what each file is called, whom to trust, and what to expect.
"""

import datetime as dt
import json
import sys
from io import BytesIO
from pathlib import Path

from asn1crypto import algos
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID
from pyhanko.keys.internal import translate_pyca_cryptography_cert_to_asn1 as to_cert
from pyhanko.keys.internal import translate_pyca_cryptography_key_to_asn1 as to_key
from pyhanko.pdf_utils import generic, writer
from pyhanko.pdf_utils.generic import pdf_name as name
from pyhanko.pdf_utils.generic import pdf_string as text
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter as Update
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata as Metadata
from pyhanko.sign.signers import PdfSigner, PdfTimeStamper, SimpleSigner
from pyhanko.stamp import TextStampStyle
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore as Store

NOW = dt.datetime.now(dt.timezone.utc).replace(microsecond=0)
FOLDER = Path(sys.argv[1])
LIST = []


def certificate(common_name, key, issuer=None, issuer_key=None, authority=False, usages=(), critical=False, path=None):
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "VN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "UBND tỉnh Mẫu"),
        x509.NameAttribute(NameOID.COMMON_NAME, common_name),
    ])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=400))
        .not_valid_after(NOW + dt.timedelta(days=4000))
        .add_extension(x509.BasicConstraints(authority, path), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.KeyUsage(not authority, not authority, False, False, False, authority, authority, False, False), True
        )
    )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical)
    signing = issuer_key or key
    digest = None if isinstance(signing, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(signing, digest)


def revocations(issuer, key):
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.subject)
        .last_update(NOW - dt.timedelta(days=1))
        .next_update(NOW + dt.timedelta(days=30))
        .add_extension(x509.CRLNumber(1), False)
    )
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def curve(which=None):
    return ec.generate_private_key(which or ec.SECP256R1())


ROOT_KEY = curve()
ROOT = certificate("Gốc Mẫu", ROOT_KEY, authority=True)
BETWEEN_KEY = rsa.generate_private_key(65537, 2048)
BETWEEN = certificate("Chứng thực Mẫu", BETWEEN_KEY, ROOT, ROOT_KEY, authority=True, path=0)
CLOCK_KEY = rsa.generate_private_key(65537, 2048)
CLOCK = certificate("Giờ Mẫu", CLOCK_KEY, ROOT, ROOT_KEY, usages=[Usage.TIME_STAMPING], critical=True)
STAMPER = timestamps.DummyTimeStamper(
    to_cert(CLOCK), to_key(CLOCK_KEY), certs_to_embed=Store.from_certs([to_cert(ROOT)])
)
LISTS = [revocations(ROOT, ROOT_KEY), revocations(BETWEEN, BETWEEN_KEY)]


def signer(key=None, between=False, usages=(Usage.EMAIL_PROTECTION,), **more):
    key = key or curve()
    issuer, issuer_key = (BETWEEN, BETWEEN_KEY) if between else (ROOT, ROOT_KEY)
    own = certificate("Nguyễn Văn Mẫu", key, issuer, issuer_key, usages=list(usages))
    chain = [to_cert(BETWEEN), to_cert(ROOT)] if between else [to_cert(ROOT)]
    return SimpleSigner(
        signing_cert=to_cert(own), signing_key=to_key(key), cert_registry=Store.from_certs(chain), **more
    )


def context():
    from asn1crypto import crl

    return ValidationContext(
        trust_roots=[to_cert(ROOT)], other_certs=[to_cert(BETWEEN)],
        crls=[crl.CertificateList.load(der) for der in LISTS], allow_fetching=False, revocation_mode="require",
    )


DESCRIPTION = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" pdf:Producer="Mau" xmp:ModifyDate="2026-11-23T09:00:00+07:00">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Quyết định</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>UBND tỉnh Mẫu</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>"""


def letter(stream_xrefs=False, form=False, described=False):
    out = writer.PdfFileWriter(stream_xrefs=stream_xrefs)
    font = out.add_object(generic.DictionaryObject({
        name("/Type"): name("/Font"), name("/Subtype"): name("/Type1"), name("/BaseFont"): name("/Helvetica"),
    }))
    pages = []
    for number in (1, 2):
        content = generic.StreamObject(stream_data=f"BT /F 14 Tf 72 700 Td (Trang {number}) Tj ET".encode())
        page = writer.PageObject(
            contents=out.add_object(content), media_box=(0, 0, 595, 842),
            resources=generic.DictionaryObject({name("/Font"): generic.DictionaryObject({name("/F"): font})}),
        )
        pages.append(out.insert_page(page))
    if form:
        field = out.add_object(generic.DictionaryObject({
            name("/Type"): name("/Annot"), name("/Subtype"): name("/Widget"), name("/FT"): name("/Tx"),
            name("/T"): text("HoTen"), name("/V"): text("cu"), name("/P"): pages[0],
            name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (72, 600, 200, 620))),
        }))
        pages[0].get_object()["/Annots"] = generic.ArrayObject([field])
        out.root["/AcroForm"] = out.add_object(generic.DictionaryObject({
            name("/Fields"): generic.ArrayObject([field]),
        }))
    if described:
        out.set_info(generic.DictionaryObject({name("/Title"): text("Quyết định")}))
        description = generic.StreamObject(
            {name("/Type"): name("/Metadata"), name("/Subtype"): name("/XML")}, stream_data=DESCRIPTION.encode()
        )
        out.root["/Metadata"] = out.add_object(description)
    buffer = BytesIO()
    out.write(buffer)
    return buffer.getvalue()


def update(pdf):
    return Update(BytesIO(pdf))


def sign(pdf, who=None, field="Ky1", clock=None, style=None, box=None, page=0, existing=False, **meta):
    spec = None if existing else SigFieldSpec(field, on_page=page, box=box)
    meta.setdefault("subfilter", SigSeedSubFilter.PADES)
    pdf_signer = PdfSigner(
        Metadata(field_name=field, reason="Ký", location="Phú Thọ", **meta), who or signer(),
        timestamper=clock, stamp_style=style, new_field_spec=spec,
    )
    return pdf_signer.sign_pdf(update(pdf)).getvalue()


def with_field(pdf, field, **more):
    changed = update(pdf)
    fields.append_signature_field(changed, SigFieldSpec(field, **more))
    out = BytesIO()
    changed.write(out)
    return out.getvalue()


def fill(pdf):
    changed = update(pdf)
    field = changed.root["/AcroForm"]["/Fields"][0]
    field["/V"] = text("moi")
    shown = generic.StreamObject({
        name("/Type"): name("/XObject"), name("/Subtype"): name("/Form"),
        name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 128, 20))),
    }, stream_data=b"BT (moi) Tj ET")
    field["/AP"] = generic.DictionaryObject({name("/N"): changed.add_object(shown)})
    changed.update_container(field)
    out = BytesIO()
    changed.write(out)
    return out.getvalue()


def stamp(pdf):
    return PdfTimeStamper(STAMPER).timestamp_pdf(update(pdf), "sha256").getvalue()


def keep(file, pdf, signatures=1, **expect):
    (FOLDER / f"{file}.pdf").write_bytes(pdf)
    LIST.append({"file": f"{file}.pdf", "signatures": signatures, **expect})


def pss(salt):
    return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": algos.RSASSAPSSParams({
        "hash_algorithm": {"algorithm": "sha256"},
        "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
        "salt_length": salt,
    })})


def keys():
    plain = letter()
    for bits in (2048, 3072, 4096):
        keep(f"rsa-{bits}", sign(plain, signer(rsa.generate_private_key(65537, bits))))
    own = rsa.generate_private_key(65537, 2048)
    keep("rsa-pss", sign(plain, signer(own, signature_mechanism=pss(32))))
    keep("rsa-pss-longest-salt", sign(plain, signer(own, prefer_pss=True)))
    keep("rsa-sha512", sign(plain, signer(own), md_algorithm="sha512"))
    keep("p256", sign(plain))
    keep("p384", sign(plain, signer(curve(ec.SECP384R1())), md_algorithm="sha384"))
    keep("p384-sha256", sign(plain, signer(curve(ec.SECP384R1())), md_algorithm="sha256"))
    keep("ed25519", sign(plain, signer(ed25519.Ed25519PrivateKey.generate()), md_algorithm="sha512"))
    keep("between", sign(plain, signer(between=True)))
    keep("no-extended-usage", sign(plain, signer(usages=())))
    keep("document-signing", sign(plain, signer(usages=(x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),))))


def forms():
    plain, style = letter(), TextStampStyle(stamp_text="Ký bởi: %(signer)s\n%(ts)s")
    keep("visible", sign(plain, style=style, box=(50, 50, 250, 120)))
    keep("visible-page-two", sign(plain, style=style, box=(50, 50, 250, 120), page=1))
    keep("xref-stream", sign(letter(stream_xrefs=True)))
    keep("adobe", sign(plain, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED))
    keep("empty-field", sign(with_field(plain, "Ky1", box=(50, 50, 250, 120)), existing=True, style=style))
    two = sign(sign(plain, style=style, box=(50, 50, 250, 120)), field="Ky2", style=style, box=(300, 50, 500, 120))
    keep("two", two, 2)
    keep("three", sign(two, field="Ky3"), 3)
    streams = sign(sign(letter(stream_xrefs=True), style=style, box=(9, 9, 99, 99)), field="Ky2", box=(99, 9, 199, 99))
    keep("two-xref-stream", streams, 2)
    keep("two-described", sign(sign(letter(described=True)), field="Ky2"), 2)
    fields_there = with_field(with_field(plain, "Ky1", box=(9, 9, 99, 99)), "Ky2", box=(200, 9, 299, 99))
    keep("two-empty-fields", sign(sign(fields_there, existing=True), field="Ky2", existing=True), 2)
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, ["HoTen"])
    locked = with_field(letter(form=True), "Ky1", field_mdp_spec=lock)
    keep("locked", sign(sign(locked, existing=True), field="Ky2"), 2)


def certifications():
    plain = letter(form=True)
    for level, permission in ((1, MDPPerm.NO_CHANGES), (2, MDPPerm.FILL_FORMS), (3, MDPPerm.ANNOTATE)):
        certified = sign(plain, certify=True, docmdp_permissions=permission)
        keep(f"certified-{level}", certified, certifies=level)
        if level > 1:
            keep(f"certified-{level}-filled-signed", sign(fill(certified), field="Ky2"), 2, certifies=level)
    keep("certified-1-stamped", stamp(sign(plain, certify=True, docmdp_permissions=MDPPerm.NO_CHANGES)), 2)
    two = sign(with_field(plain, "Ky2", box=(9, 9, 99, 99)), certify=True, docmdp_permissions=MDPPerm.FILL_FORMS)
    keep("certified-2-signed", sign(two, field="Ky2", existing=True), 2)
    filled = fill(sign(plain, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS))
    keep("certified-2-filled", filled, accepted=False)


def times():
    plain = letter()
    keep("stamped", sign(plain, clock=STAMPER), proven=True)
    keep("document-stamped", stamp(sign(plain)), 2, proven=True)
    keep("only-document-stamped", stamp(plain), 1, proven=True)
    long_term = dict(clock=STAMPER, embed_validation_info=True)
    keep("lt", sign(plain, signer(between=True), validation_context=context(), **long_term), proven=True, checked=True)
    archived = sign(plain, signer(between=True), validation_context=context(), use_pades_lta=True, **long_term)
    keep("lta", archived, 2, proven=True, checked=True)
    again = PdfTimeStamper(STAMPER).update_archival_timestamp_chain(PdfFileReader(BytesIO(archived)), context(), in_place=False)
    keep("lta-again", again.getvalue(), 3, proven=True, checked=True)
    keep("adobe-archived", sign(
        plain, signer(between=True), subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
        validation_context=context(), **long_term,
    ), proven=True, checked=True)
    both = sign(plain, signer(between=True), validation_context=context(), **long_term)
    keep("lt-two", sign(both, signer(between=True), field="Ky2", validation_context=context(), **long_term), 2)


FOLDER.mkdir(parents=True, exist_ok=True)
for make in (keys, forms, certifications, times):
    make()
(FOLDER / "root.pem").write_bytes(ROOT.public_bytes(serialization.Encoding.PEM))
at = NOW + dt.timedelta(minutes=5)
(FOLDER / "list.json").write_text(json.dumps({"at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "files": LIST}))
