//! The types of official documents.

use serde::{Deserialize, Serialize};

/// Declares the types: variant, slug, name, abbreviation.
macro_rules! document_types {
    ($($variant:ident $slug:literal $name:literal $abbreviation:literal)*) => {
        /// The 29 types of official documents (Article 7), by the slug of their name.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum DocumentType {
            $(#[doc = $name] #[serde(rename = $slug)] $variant,)*
            /// Công văn
            #[default]
            #[serde(rename = "cong-van")]
            OfficialLetter,
        }

        impl DocumentType {
            /// All of them.
            pub const ALL: &'static [DocumentType] =
                &[$(DocumentType::$variant,)* DocumentType::OfficialLetter];

            /// The name in plain letters, as in file names and on the command line.
            pub const fn slug(self) -> &'static str {
                match self {
                    $(DocumentType::$variant => $slug,)*
                    DocumentType::OfficialLetter => "cong-van",
                }
            }

            /// The name.
            pub const fn name(self) -> &'static str {
                match self {
                    $(DocumentType::$variant => $name,)*
                    DocumentType::OfficialLetter => "Công văn",
                }
            }

            /// The abbreviation in the notation (Annex III, I); empty for letters.
            pub const fn abbreviation(self) -> &'static str {
                match self {
                    $(DocumentType::$variant => $abbreviation,)*
                    DocumentType::OfficialLetter => "",
                }
            }
        }
    };
}

document_types! {
    Resolution "nghi-quyet" "Nghị quyết" "NQ"
    Decision "quyet-dinh" "Quyết định" "QĐ"
    Directive "chi-thi" "Chỉ thị" "CT"
    Statute "quy-che" "Quy chế" "QC"
    Provisions "quy-dinh" "Quy định" "QyĐ"
    Communique "thong-cao" "Thông cáo" "TC"
    Notice "thong-bao" "Thông báo" "TB"
    Guidance "huong-dan" "Hướng dẫn" "HD"
    Programme "chuong-trinh" "Chương trình" "CTr"
    Plan "ke-hoach" "Kế hoạch" "KH"
    Scheme "phuong-an" "Phương án" "PA"
    Proposal "de-an" "Đề án" "ĐA"
    Project "du-an" "Dự án" "DA"
    Report "bao-cao" "Báo cáo" "BC"
    Minutes "bien-ban" "Biên bản" "BB"
    Submission "to-trinh" "Tờ trình" "TTr"
    Contract "hop-dong" "Hợp đồng" "HĐ"
    Telegram "cong-dien" "Công điện" "CĐ"
    Memorandum "ban-ghi-nho" "Bản ghi nhớ" "BGN"
    Agreement "ban-thoa-thuan" "Bản thỏa thuận" "BTT"
    Mandate "giay-uy-quyen" "Giấy uỷ quyền" "GUQ"
    Invitation "giay-moi" "Giấy mời" "GM"
    Introduction "giay-gioi-thieu" "Giấy giới thiệu" "GGT"
    Leave "giay-nghi-phep" "Giấy nghỉ phép" "GNP"
    SendingSlip "phieu-gui" "Phiếu gửi" "PG"
    TransferSlip "phieu-chuyen" "Phiếu chuyển" "PC"
    NoticeSlip "phieu-bao" "Phiếu báo" "PB"
    PublicLetter "thu-cong" "Thư công" ""
}
