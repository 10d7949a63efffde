/// One of the 29 types of administrative documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentKind {
    /// Vietnamese name as `TypeName` carries it.
    pub name: &'static str,
    /// Abbreviation for the notation; empty where the decree gives none.
    pub abbreviation: &'static str,
}

const fn kind(name: &'static str, abbreviation: &'static str) -> DocumentKind {
    DocumentKind { name, abbreviation }
}

/// The 29 types of Decree 30/2020/NĐ-CP, article 7 and appendix III.I. Abbreviations differ by a diacritic or
/// the case of one letter (HD, HĐ; QĐ, QyĐ), so they are compared exactly.
pub const KINDS: [DocumentKind; 29] = [
    kind("Nghị quyết", "NQ"),
    kind("Quyết định", "QĐ"),
    kind("Chỉ thị", "CT"),
    kind("Quy chế", "QC"),
    kind("Quy định", "QyĐ"),
    kind("Thông cáo", "TC"),
    kind("Thông báo", "TB"),
    kind("Hướng dẫn", "HD"),
    kind("Chương trình", "CTr"),
    kind("Kế hoạch", "KH"),
    kind("Phương án", "PA"),
    kind("Đề án", "ĐA"),
    kind("Dự án", "DA"),
    kind("Báo cáo", "BC"),
    kind("Biên bản", "BB"),
    kind("Tờ trình", "TTr"),
    kind("Hợp đồng", "HĐ"),
    kind("Công điện", "CĐ"),
    kind("Bản ghi nhớ", "BGN"),
    kind("Bản thỏa thuận", "BTT"),
    kind("Giấy uỷ quyền", "GUQ"),
    kind("Giấy mời", "GM"),
    kind("Giấy giới thiệu", "GGT"),
    kind("Giấy nghỉ phép", "GNP"),
    kind("Phiếu gửi", "PG"),
    kind("Phiếu chuyển", "PC"),
    kind("Phiếu báo", "PB"),
    kind("Công văn", ""),
    kind("Thư công", ""),
];

/// Finds a type by name, whatever the case of its letters and the spaces around it. The two ways to place the
/// tone mark (uỷ, ủy; thỏa, thoả) are one name.
pub fn kind_by_name(name: &str) -> Option<&'static DocumentKind> {
    let wanted = folded(name);
    KINDS.iter().find(|kind| folded(kind.name) == wanted)
}

fn folded(name: &str) -> String {
    let lower = name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    lower.replace("ủy", "uỷ").replace("thoả", "thỏa")
}
