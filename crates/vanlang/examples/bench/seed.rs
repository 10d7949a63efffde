//! Fills a tenant with a million documents, quickly: straight into the tables, as a migration would.

use base::{AgencyId, Instant, text};
use kernel::{Scope, Sql, Value, q};
use std::sync::Arc;
use testkit::Town;

static INCOMING: Sql = q!(
    "INSERT INTO documents_incoming (id, agency_id, source, document_id, from_code, from_name, symbol, place,
        promulgated, type_name, subject, words, signer_competence, signer_position, signer_name, urgency, pages,
        to_places, trace, response_for, signature, content_hash, status, arrived_at, series, arrival_year,
        arrival_number, registered_at, instruction, lead_name, outcome, answer_symbol, return_reason)
     VALUES ($1, $2, 'exchange', $3, '000.00.00.G22', 'Văn phòng Chính phủ', $4, 'Hà Nội', '2017-03-01',
        'Công văn', $5, '', '', 'Chủ nhiệm', 'Hoàng Văn Lộc', 0, 2, '', '[]', '[]', 'none', '', $6, $7, 'in', $8,
        $9, $10, '', '', '', '', '')"
);
static FINDABLE: Sql = q!(
    "INSERT INTO platform_findable (rid, agency_id, subject_kind, subject_id, right_id, title, detail, path, dated)
     VALUES ($1, $2, 'incoming', $3, 'documents.incoming.read', $4, $5, $6, '2017-03-01')"
);
static WORDS: Sql = q!(sqlite: "INSERT INTO platform_words (rowid, ex, fo, ag) VALUES ($1, $2, $3, $4)");
static TASK: Sql = q!(
    "INSERT INTO platform_tasks (id, agency_id, kind, subject_kind, subject_id, title, detail, path, act_path, pool,
        lead, urgency, due_at, rank, given_at, done_at)
     VALUES ($1, $2, 'documents.task.register', 'incoming', $3, $4, $5, $6, $7, 'documents.incoming.register', 1, 0,
        $8, $8, $9, $10)"
);

const WORDS_OF_SUBJECTS: &[&str] = &[
    "triển khai",
    "báo cáo",
    "kế hoạch",
    "tăng cường",
    "quản lý",
    "đất đai",
    "y tế",
    "giáo dục",
    "phòng chống",
    "thiên tai",
    "cải cách",
    "hành chính",
    "ứng dụng",
    "công nghệ",
    "thông tin",
    "ngân sách",
    "đầu tư",
    "xây dựng",
    "nông thôn mới",
    "giao thông",
    "an toàn",
    "thực phẩm",
    "du lịch",
    "văn hóa",
    "bảo hiểm",
    "môi trường",
    "khoáng sản",
    "doanh nghiệp",
    "tiếp công dân",
    "khiếu nại",
    "tố cáo",
    "hộ tịch",
    "chứng thực",
    "đấu thầu",
    "quy hoạch",
    "thủy lợi",
    "lâm nghiệp",
    "chăn nuôi",
    "dịch bệnh",
    "tuyển sinh",
];

/// A subject that differs from most others.
pub(crate) fn subject(n: usize) -> String {
    let word = |k: usize| WORDS_OF_SUBJECTS[(n / k.max(1) + k * 7) % WORDS_OF_SUBJECTS.len()];
    format!("Về việc {} {} {} năm {} số {n}", word(1), word(40), word(1600), 2010 + n % 8)
}

fn id(n: usize, kind: u8) -> uuid::Uuid {
    let mut chance = [kind; 10];
    chance[..8].copy_from_slice(&n.to_be_bytes());
    base::Id::<()>::born(1_480_000_000_000_000 + i64::try_from(n).unwrap() * 1000, chance).uuid()
}

/// The id of the seeded document number `n`.
pub(crate) fn document(n: usize) -> uuid::Uuid {
    id(n, 1)
}

/// Enters documents `from..to`; the last `open` of them still wait for the clerk.
pub(crate) fn documents(town: &Town, agency: AgencyId, (total, open): (usize, usize)) {
    let db = town.db("phutho").clone();
    db.bulk(true);
    let chunk = 20_000;
    for from in (0..total).step_by(chunk) {
        let to = (from + chunk).min(total);
        let rows = Arc::new((from..to).map(|n| Row::new(n, total - open)).collect::<Vec<_>>());
        town.wait(db.write(Scope::Everything, move |db| {
            for row in rows.iter() {
                row.enter(db, agency)?;
            }
            Ok(())
        }))
        .unwrap();
    }
    db.bulk(false);
    town.wait(db.checkpoint()).unwrap();
}

struct Row {
    n: usize,
    subject: String,
    exact: String,
    folded: String,
    open: bool,
}

impl Row {
    fn new(n: usize, closed: usize) -> Row {
        let subject = subject(n);
        let (exact, folded) = text::search_text(&format!("{subject} {n}/VPCP-KSTT"));
        Row { n, subject, exact, folded, open: n >= closed }
    }

    fn enter(&self, db: &dyn kernel::Database, agency: AgencyId) -> base::Result<()> {
        let n = i64::try_from(self.n).unwrap();
        let at = Instant::local(2017, 1, 1, 8, 0).unwrap().plus_secs(n);
        let document = document(self.n);
        let symbol = format!("{n}/VPCP-KSTT");
        let path = format!("/documents/incoming/{document}");
        let registered = (!self.open).then_some(at);
        let number = (!self.open).then_some(n + 1);
        let year = (!self.open).then_some(2017_i64);
        let status = if self.open { "arrived" } else { "done" };
        db.execute(
            &INCOMING,
            &[
                Value::from(document),
                Value::from(agency),
                Value::from(format!("000.00.00.G22,2017/03/01,{symbol}")),
                Value::from(&symbol),
                Value::from(&self.subject),
                Value::from(status),
                Value::from(at),
                Value::from(year),
                Value::from(number),
                Value::from(registered),
            ],
        )?;
        let rid = at.micros() * 1024;
        let detail = format!("{symbol} · Văn phòng Chính phủ");
        let title = Value::from(&self.subject);
        db.execute(
            &FINDABLE,
            &[
                Value::from(rid),
                Value::from(agency),
                Value::from(document),
                title.clone(),
                Value::from(&detail),
                Value::from(&path),
            ],
        )?;
        let word = format!("ag{}", agency.uuid().simple());
        db.execute(
            &WORDS,
            &[Value::from(rid), Value::from(&self.exact), Value::from(&self.folded), Value::from(word)],
        )?;
        let act = format!("{path}/accept");
        let values = [
            Value::from(id(self.n, 2)),
            Value::from(agency),
            Value::from(document),
            title,
            Value::from(detail),
            Value::from(path),
            Value::from(act),
            Value::from(at.plus_days(300)),
            Value::from(at),
            Value::from(registered),
        ];
        db.execute(&TASK, &values).map(drop)
    }
}
