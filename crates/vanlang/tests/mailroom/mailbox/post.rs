//! What the stories of mail boxes need: accounts of a real server, letters, and a line that is cut.

use crate::told;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

/// An account of its own for each story.
pub(super) struct Account {
    pub(super) name: String,
    folder: PathBuf,
}

impl Account {
    pub(super) fn new() -> Account {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("vanthu{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
        let folder = PathBuf::from(told("VANLANG_TEST_DOVECOT")).join("mail").join(&name);
        for part in ["", "new", "cur", "tmp"] {
            let made = folder.join(part);
            fs::create_dir_all(&made).unwrap();
            // The server may run as somebody else.
            fs::set_permissions(&made, fs::Permissions::from_mode(0o777)).unwrap();
        }
        Account { name, folder }
    }

    pub(super) fn deliver(&self, raw: &[u8]) {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let file = self.folder.join("new").join(format!("{}.thu", NUMBER.fetch_add(1, Ordering::Relaxed)));
        fs::write(&file, raw).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    }

    /// Letters that lie in a folder.
    pub(super) fn count(&self, folder: &str) -> usize {
        let parts =
            ["new", "cur"].iter().filter_map(|part| fs::read_dir(self.folder.join(folder).join(part)).ok());
        parts.flatten().count()
    }
}

/// A letter as mail servers carry it, with one file if any.
pub(super) fn letter(id: &str, (from, subject): (&str, &str), file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut out = format!(
        "From: Sở Nội vụ <{from}>\r\nTo: vanthu@viettri.example\r\nMessage-ID: <{id}@sonoivu.example>\r\n\
         Date: Mon, 16 Oct 2017 07:30:00 +0700\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=ranh\r\n\r\n--ranh\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\r\nKính gửi quý cơ quan.\r\n"
    )
    .into_bytes();
    if let Some((name, bytes)) = file {
        use base64::Engine as _;
        let body = base64::prelude::BASE64_STANDARD.encode(bytes);
        let head = format!(
            "--ranh\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\n\r\n{body}\r\n"
        );
        out.extend_from_slice(head.as_bytes());
    }
    out.extend_from_slice(b"--ranh--\r\n");
    out
}

/// A packet of another system.
pub(super) fn edxml_packet() -> Vec<u8> {
    let organ = |id: &str, name: &str| edxml::Organ {
        id: id.to_owned(),
        name: name.to_owned(),
        ..Default::default()
    };
    let packet = edxml::Document {
        from: organ("000.00.00.G06", "Bộ Nội vụ"),
        to: vec![organ("000.00.31.H44", "Ủy ban nhân dân thành phố Việt Trì")],
        document_id: "000.00.00.G06,2017/10/12,19/BNV-TH".to_owned(),
        code: edxml::Code { number: "19".to_owned(), notation: "BNV-TH".to_owned() },
        promulgation: edxml::Promulgation { place: "Hà Nội".to_owned(), date: "2017-10-12".parse().ok() },
        document_type: edxml::DocumentType { name: "Công văn".to_owned(), ..Default::default() },
        other: edxml::OtherInfo {
            priority: "0".to_owned(),
            page_amount: "1".to_owned(),
            ..Default::default()
        },
        subject: "Về việc báo cáo".to_owned(),
        signer: edxml::Signer {
            position: "Chánh Văn phòng".to_owned(),
            full_name: "Lê Thị Mơ".to_owned(),
            ..Default::default()
        },
        attachments: vec![edxml::Attachment {
            name: "cv.pdf".to_owned(),
            declared_type: "application/pdf".to_owned(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let mut out = Vec::new();
    let mut file: &[u8] = b"%PDF-1.7";
    edxml::write_document(&packet, &mut [&mut file], &mut out).unwrap();
    out
}

/// Stands between us and the mail server, and cuts the line when a letter is to be put away.
pub(super) fn between(cut: &Arc<AtomicBool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let cut = Arc::clone(cut);
    let server = format!("127.0.0.1:{}", told("VANLANG_TEST_IMAP"));
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let (mut client, mut server) = (client.unwrap(), TcpStream::connect(&server).unwrap());
            let (mut back, mut from) = (client.try_clone().unwrap(), server.try_clone().unwrap());
            std::thread::spawn(move || std::io::copy(&mut from, &mut back));
            let cut = Arc::clone(&cut);
            std::thread::spawn(move || {
                let mut piece = [0; 4096];
                while let Ok(n @ 1..) = client.read(&mut piece) {
                    let said = String::from_utf8_lossy(piece.get(..n).unwrap()).into_owned();
                    if cut.load(Ordering::Relaxed) && said.contains("UID MOVE") {
                        break;
                    }
                    server.write_all(piece.get(..n).unwrap()).unwrap();
                }
                let _ = client.shutdown(std::net::Shutdown::Both);
                let _ = server.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    port
}
