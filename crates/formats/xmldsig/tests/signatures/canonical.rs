use std::fmt::Write as _;
use std::io::Write;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use xmldsig::{Limits, canonical};

const CASES: &[&str] = &[
    "<a/>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a  b = 'c'\t d=\"e\" />",
    "<b:a xmlns:b='urn:b' xmlns:unused='urn:u'><b:c xmlns:b='urn:b'/><d xmlns='urn:d'><e xmlns=''/></d></b:a>",
    "<a xmlns='urn:a' xmlns:z='urn:z' xmlns:y='urn:y' z:k='1' y:k='2' k='3' a='4' xml:lang='vi'><b z:m='n'/></a>",
    "<a xmlns:p='urn:1'><p:b xmlns:p='urn:2'><p:c xmlns:p='urn:1'/></p:b><p:d/></a>",
    "<a>1 &lt; 2 &amp;&amp; 3 &gt; 2 \"quoted\" &#13; &#x9;&#10;</a>",
    "<a b='&lt;&gt;&amp;&quot;&apos;&#13;&#10;&#9; x\ty\nz'/>",
    "<a><![CDATA[<not> & markup]]> after</a>",
    "<a>line\r\nline\rline\n</a>",
    "<a b='line\r\nline\rline\n'/>",
    "<?before one?><!-- gone --><a><!-- gone --><?inside  two ?>t</a><!-- gone --><?after?>",
    "<văn xmlns:số='urn:so' số:ký='hiệu'>Cộng hòa xã hội chủ nghĩa Việt Nam 🇻🇳</văn>",
    "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xml:space='preserve'> <b/> </a>",
    "<a>x&#13;y&#13;&#10;z</a>",
];

#[test]
fn the_canonical_form_is_byte_for_byte_that_of_another_program() {
    for case in CASES {
        assert_eq!(canonical(case, &Limits::default()).unwrap(), xmllint(case), "of {case:?}");
    }
}

#[test]
fn a_document_type_is_refused_and_so_are_depth_and_size() {
    let code = |xml: &str, limits| canonical(xml, &limits).unwrap_err().reason.code();
    let entity = "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><a>&e;</a>";
    assert_eq!(code(entity, Limits::default()), "not_xml");
    let deep = ["<a>".repeat(65), "</a>".repeat(65)].concat();
    assert_eq!(code(&deep, Limits::default()), "too_large");
    assert_eq!(code("<a><b/><b/></a>", Limits { nodes: 2, ..Limits::default() }), "too_large");
    assert_eq!(code("<a/>", Limits { bytes: 3, ..Limits::default() }), "too_large");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_canonical_form_of_the_canonical_form_is_itself(
        names in prop::collection::vec("[a-c]", 1..12),
        texts in prop::collection::vec("[ -~\\r\\n\\tàố]{0,12}", 12),
    ) {
        let mut xml = String::new();
        for (name, text) in names.iter().zip(&texts) {
            let safe = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&apos;");
            let namespace = text.len() % 3;
            let _ = write!(xml, "<{name}:e xmlns:{name}='urn:{namespace}' {name}:k='{safe}'>{safe}");
        }
        for name in names.iter().rev() {
            let _ = write!(xml, "</{name}:e>");
        }
        let once = canonical(&xml, &Limits::default()).unwrap();
        prop_assert_eq!(canonical(&once, &Limits::default()).unwrap(), once);
    }

    #[test]
    fn whatever_text_comes_nothing_panics(text in ".{0,64}") {
        let _ = canonical(&text, &Limits::default());
        let _ = xmldsig::detached::verify(&text, &Limits::default());
        let _ = xmldsig::enveloped::verify(&text, &Limits::default());
    }
}

fn xmllint(xml: &str) -> String {
    let mut child = Command::new("xmllint")
        .args(["--exc-c14n", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(xml.as_bytes()).unwrap();
    // This program keeps comments; the profile has none.
    let kept = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    kept.replace("<!-- gone -->\n", "").replace("\n<!-- gone -->", "").replace("<!-- gone -->", "")
}
