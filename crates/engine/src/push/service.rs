//! Which addresses notices may be sent to. An endpoint comes from a browser, so from anybody: without this list a
//! person could make the server speak to whatever it reaches.

use axum::http::Uri;
use std::net::IpAddr;

/// The address of an endpoint, when the operator's list names its host.
pub(crate) fn allowed(endpoint: &str, services: &[String]) -> Option<Uri> {
    let uri: Uri = endpoint.parse().ok()?;
    let authority = uri.authority()?;
    // "host@elsewhere" is read differently by different readers.
    if authority.as_str().contains('@') {
        return None;
    }
    let host = authority.host();
    let near = host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    let open = match uri.scheme_str()? {
        "https" => authority.port_u16().is_none_or(|port| port == 443) || near,
        "http" => near,
        _ => false,
    };
    (open && services.iter().any(|service| names(service, host))).then_some(uri)
}

fn names(service: &str, host: &str) -> bool {
    match service.strip_prefix('*') {
        Some(below) => below.starts_with('.') && host.len() > below.len() && ends(host, below),
        None => service.eq_ignore_ascii_case(host),
    }
}

fn ends(host: &str, below: &str) -> bool {
    host.to_ascii_lowercase().ends_with(&below.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn notices_go_only_to_the_hosts_the_operator_named() {
        let named = ["fcm.googleapis.com".to_owned(), "*.push.apple.com".to_owned(), "127.0.0.1".to_owned()];
        for (endpoint, may) in [
            ("https://fcm.googleapis.com/fcm/send/abc", true),
            ("https://FCM.googleapis.com:443/x", true),
            ("https://web.push.apple.com/Q1", true),
            ("http://127.0.0.1:4000/x", true),
            ("https://push.apple.com/x", false),
            ("https://evilpush.apple.com.example/x", false),
            ("https://xpush.apple.com/x", false),
            ("http://fcm.googleapis.com/x", false),
            ("https://fcm.googleapis.com:8443/x", false),
            ("https://fcm.googleapis.com@10.0.0.1/x", false),
            ("https://10.0.0.1/x", false),
            ("https://169.254.169.254/latest", false),
            ("http://127.0.0.2:80/x", false),
            ("http://localhost/x", false),
            ("file:///etc/passwd", false),
            ("/relative", false),
        ] {
            assert_eq!(allowed(endpoint, &named).is_some(), may, "{endpoint}");
        }
        assert!(allowed("https://fcm.googleapis.com/x", &[]).is_none(), "nobody was named");
    }
}
