//! One document of each type, long enough for a second page, with something in every box.

use base::Date;
use contracts::print::{
    Block, Copy, CopyForm, DocumentType, Head, Issue, OfficialDocument, PrintRequest, SignatureBlock,
    Urgency, Words,
};

pub(crate) const PARAGRAPH: &str = "Thực hiện Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về \
    công tác văn thư, Ủy ban nhân dân tỉnh yêu cầu các cơ quan, đơn vị khẩn trương rà soát việc gửi, nhận văn bản \
    điện tử; chữ thử: ẵ ẳ ậ ễ ự ợ ỹ ỵ, ƯỚNG KHUỶU NGOẴNG; báo cáo kết quả trước ngày 20 tháng 3 năm 2026.";
pub(crate) const SUBJECT: &str =
    "Về việc rà soát, chuẩn hóa việc gửi, nhận văn bản điện tử giữa bốn cấp chính quyền";

/// What an issuing agency would ask for, by the slug of its type.
pub(crate) fn all() -> Vec<(String, PrintRequest)> {
    let documents = DocumentType::ALL
        .iter()
        .map(|kind| (kind.slug().to_owned(), PrintRequest::Document(Box::new(document(*kind)))));
    let copies = [CopyForm::SaoY, CopyForm::TrichSao, CopyForm::SaoLuc].map(|form| {
        let copy = Copy {
            form,
            head: Head {
                agency: "Ủy ban nhân dân xã Hùng Lô".to_owned(),
                notation: format!("{}-UBND", form.abbreviation()),
                ..head("")
            },
            recipients: texts(&["Các thôn", "Lưu: VT"]),
            signers: vec![signer(&["TL. Chủ tịch", "Chánh Văn phòng"], "Đỗ Thị Thử")],
            original: Some(document(DocumentType::Notice)),
        };
        (format!("copy-{}", form.abbreviation()), PrintRequest::Copy(Box::new(copy)))
    });
    documents.chain(copies).collect()
}

/// The model of a type, filled in.
pub(crate) fn document(kind: DocumentType) -> OfficialDocument {
    let model: PrintRequest = serde_json::from_str(&print::letter(kind)).unwrap();
    let PrintRequest::Document(mut document) = model else { panic!("a model is a document") };
    document.head = head(kind.abbreviation());
    document.subject = String::from(SUBJECT);
    document.authority = String::from("Chủ tịch Ủy ban nhân dân tỉnh Phú Thọ");
    for ground in &mut document.basis {
        ground.push_str(" Luật Tổ chức chính quyền địa phương ngày 19 tháng 6 năm 2015");
    }
    document.body.iter_mut().for_each(fill);
    for number in 1..=9 {
        document.body.push(Block::Paragraph(Words { text: format!("Đoạn {number}. {PARAGRAPH}") }));
    }
    for (place, addressee) in document.addressees.iter_mut().enumerate() {
        *addressee = format!("Cơ quan nhận thứ {}", place + 1);
    }
    document.recipients = texts(&["Như trên", "CT, các PCT UBND tỉnh", "Lưu: VT, KGVX (05b)"]);
    if document.signers.len() == 1 {
        document.signers =
            vec![signer(&["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"], "Nguyễn Văn Mẫu")];
    }
    for one in &mut document.signers {
        one.name = String::from("Nguyễn Văn Mẫu");
    }
    if document.issued_with.is_some() {
        document.issued_with = Some(Issue {
            name: String::from("Quyết định"),
            symbol: String::from("15/QĐ-UBND"),
            date: document.head.date,
            agency: document.head.agency.clone(),
        });
    }
    document.urgency = Some(match kind.slug().len() % 3 {
        0 => Urgency::Urgent,
        1 => Urgency::VeryUrgent,
        _ => Urgency::Express,
    });
    document.typist = String::from("PL.(300)");
    document.address = texts(&["Số 1 đường Trần Phú, tỉnh Phú Thọ", "ĐT: 0210 3846 000"]);
    *document
}

fn fill(block: &mut Block) {
    match block {
        Block::Article(one) | Block::Chapter(one) if one.text.is_empty() => {
            one.text = String::from(PARAGRAPH);
        }
        Block::Field(one) => one.value = String::from("nội dung điền vào mẫu"),
        Block::Paragraph(one) if one.text.is_empty() => one.text = String::from(PARAGRAPH),
        _ => {}
    }
}

fn head(abbreviation: &str) -> Head {
    Head {
        parent: "Chính phủ".to_owned(),
        agency: "Ủy ban nhân dân tỉnh Phú Thọ".to_owned(),
        number: Some(5),
        notation: if abbreviation.is_empty() {
            "UBND-KGVX".to_owned()
        } else {
            format!("{abbreviation}-UBND")
        },
        place: "Phú Thọ".to_owned(),
        date: Date::new(2026, 2, 5),
    }
}

fn signer(titles: &[&str], name: &str) -> SignatureBlock {
    SignatureBlock { titles: texts(titles), name: name.to_owned(), ..SignatureBlock::default() }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}
