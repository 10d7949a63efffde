//! A letter as it came, taken apart.

use base::Instant;
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

/// Longer bodies are cut: the letter itself stays in the mail box.
const WORDS: usize = 20_000;

/// What a letter says.
#[derive(Debug, Default)]
pub(super) struct Letter {
    pub(super) message_id: String,
    pub(super) from_address: String,
    pub(super) from_name: String,
    pub(super) subject: String,
    pub(super) sent_at: Option<Instant>,
    pub(super) words: String,
    /// Name and content.
    pub(super) files: Vec<(String, Vec<u8>)>,
}

/// Takes a letter apart. `None` when it is no letter: without a sender.
pub(super) fn read(raw: &[u8]) -> Option<Letter> {
    let message = MessageParser::default().parse(raw)?;
    let from = message.from()?.first()?;
    let address = from.address().filter(|address| address.contains('@'))?;
    Some(Letter {
        message_id: message.message_id().map(|id| line(id, 250)).unwrap_or_default(),
        from_address: line(address, 200).to_lowercase(),
        from_name: line(from.name().unwrap_or_default(), 200),
        subject: line(message.subject().unwrap_or_default(), 500),
        sent_at: message
            .date()
            .map(|date| Instant::from_micros(date.to_timestamp().saturating_mul(1_000_000))),
        words: message.body_text(0).map(|text| text.trim().chars().take(WORDS).collect()).unwrap_or_default(),
        files: files(&message),
    })
}

fn files(message: &Message<'_>) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    for part in message.attachments() {
        let image = part.content_type().is_some_and(|kind| kind.ctype().eq_ignore_ascii_case("image"));
        let attached =
            part.content_disposition().is_some_and(|how| how.ctype().eq_ignore_ascii_case("attachment"));
        // A picture in the signature is no document.
        if image && part.content_id().is_some() && !attached {
            continue;
        }
        let name = line(part.attachment_name().unwrap_or_default(), 200).replace(['/', '\\', '|'], "_");
        let bytes = match &part.body {
            PartType::Message(inner) => inner.raw_message().to_vec(),
            _ => part.contents().to_vec(),
        };
        let otherwise = format!("tep-{}", files.len() + 1);
        files.push((if name.is_empty() { otherwise } else { name }, bytes));
    }
    files
}

/// One line without letters that turn the direction of writing.
fn line(text: &str, max: usize) -> String {
    base::text::clean_line(text).chars().take(max).collect()
}

#[cfg(test)]
mod tests {
    use super::read;

    const LETTER: &str = "From: =?UTF-8?B?U+G7nyBO4buZaSB24bulIA==?= <VanThu@SoNoiVu.example>\r\n\
        Message-ID: <so7@sonoivu.example>\r\nDate: Mon, 16 Oct 2017 08:30:00 +0700\r\n\
        Subject: =?UTF-8?Q?V=E1=BB=81_vi=E1=BB=87c_h=E1=BB=8Dp?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nK\u{ed}nh g\u{1eed}i\r\n\
        --b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\
        Content-Disposition: attachment; filename*=UTF-8''gi%E1%BA%A5y%2Fm%E1%BB%9Di.pdf\r\n\r\nJVBERi0xLjc=\r\n\
        --b\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline\r\n\r\nx\r\n--b--\r\n";

    #[test]
    fn a_letter_is_taken_apart() {
        let letter = read(LETTER.as_bytes()).unwrap();
        assert_eq!(
            (letter.from_name.as_str(), letter.from_address.as_str()),
            ("Sở Nội vụ", "vanthu@sonoivu.example")
        );
        assert_eq!(
            (letter.subject.as_str(), letter.message_id.as_str()),
            ("Về việc họp", "so7@sonoivu.example")
        );
        assert_eq!(letter.sent_at.map(base::Instant::dmy_hhmm), Some("08:30, 16/10/2017".to_owned()));
        assert_eq!(letter.words, "Kính gửi");
        let [(name, bytes)] = &letter.files[..] else { panic!("{:?}", letter.files) };
        assert_eq!((name.as_str(), bytes.as_slice()), ("giấy_mời.pdf", b"%PDF-1.7".as_slice()));
    }

    #[test]
    fn what_has_no_sender_is_no_letter() {
        for raw in ["", "\0\0\0", "Subject: x\r\n\r\ny", "From: khong-co\r\n\r\ny"] {
            assert!(read(raw.as_bytes()).is_none(), "{raw:?}");
        }
    }
}
