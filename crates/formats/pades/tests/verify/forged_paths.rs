//! Certificates that are not what they must be.

use pades::trust::Trust;
use rcgen::{
    BasicConstraints, CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose as Usage,
    GeneralSubtree, KeyUsagePurpose as Use, NameConstraints,
};

use crate::cases::{Case, none_is_accepted};
use crate::message::message;
use crate::paper::{Paper, Spot};
use crate::people::{Authority, Person, Recipe, answer, authority, person, usage};

fn signed(person: &Person) -> Vec<u8> {
    let mut paper = Paper::new();
    paper.sign(&Spot::default(), |bytes| message(person, bytes));
    paper.bytes
}

fn organisation(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CountryName, "VN");
    subject.push(DnType::OrganizationName, name);
    subject
}

fn unknown_extension(critical: bool) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
    extension.set_criticality(critical);
    extension
}

/// What is wrong with the certificate of the signer.
fn leaves() -> Vec<(&'static str, &'static str, Recipe)> {
    let uses = |uses: &[Use]| Recipe { uses: uses.to_vec(), ..person() };
    let usages = |usages: &[Usage]| Recipe { usages: usages.to_vec(), ..person() };
    let wrong = "wrong-usage";
    vec![
        ("an expired certificate", "expired", Recipe { years: (2010, 2020), ..person() }),
        ("a certificate of the future", "not-yet-valid", Recipe { years: (2030, 2040), ..person() }),
        ("a key that only enciphers", wrong, uses(&[Use::KeyEncipherment])),
        ("a key that only agrees on keys", wrong, uses(&[Use::KeyAgreement])),
        ("a key for certificates", wrong, uses(&[Use::KeyCertSign])),
        ("a server's certificate", wrong, usages(&[Usage::ServerAuth])),
        ("a certificate to log in", wrong, usages(&[Usage::ClientAuth])),
        ("a certificate for programs", wrong, usages(&[Usage::CodeSigning])),
        ("a clock's certificate", wrong, usages(&[Usage::TimeStamping])),
        ("a responder's certificate", wrong, usages(&[Usage::OcspSigning])),
        (
            "a critical extension nobody knows",
            "unknown-critical-extension",
            Recipe { extensions: vec![unknown_extension(true)], ..person() },
        ),
        (
            "an extension twice",
            "unknown-critical-extension",
            Recipe {
                extensions: vec![usage(false, &[4]), usage(false, &[4])],
                usages: Vec::new(),
                ..person()
            },
        ),
        (
            "an extension that cannot be read",
            "unknown-critical-extension",
            Recipe {
                extensions: vec![CustomExtension::from_oid_content(&[2, 5, 29, 37], vec![4, 0])],
                usages: Vec::new(),
                ..person()
            },
        ),
    ]
}

/// What is wrong with an authority between the root and the signer.
fn authorities() -> Vec<(&'static str, &'static str, Recipe)> {
    let constrained = |permitted: Vec<GeneralSubtree>, excluded: Vec<GeneralSubtree>| {
        let constraints = NameConstraints { permitted_subtrees: permitted, excluded_subtrees: excluded };
        Recipe { constraints: Some(constraints), ..authority() }
    };
    let other = || GeneralSubtree::DirectoryName(organisation("UBND tỉnh Khác"));
    let own = || GeneralSubtree::DirectoryName(organisation("UBND TỈNH  MẪU"));
    let mail = |text: &str| GeneralSubtree::Rfc822Name(text.into());
    let name = "name-constraint";
    vec![
        ("an authority that is none", "not-an-authority", Recipe { authority: None, ..authority() }),
        (
            "an authority without the right to issue",
            "not-an-authority",
            Recipe { uses: vec![Use::CrlSign], ..authority() },
        ),
        ("an authority that is a person", "not-an-authority", person()),
        ("an expired authority", "expired", Recipe { years: (2010, 2020), ..authority() }),
        ("an authority of the future", "not-yet-valid", Recipe { years: (2030, 2040), ..authority() }),
        ("an authority for another organisation", name, constrained(vec![other()], vec![])),
        ("an authority that excludes the organisation", name, constrained(vec![], vec![own()])),
        ("an authority for other mail", name, constrained(vec![mail("khac.example")], vec![])),
        ("an authority that excludes the mail", name, constrained(vec![], vec![mail(".mau.example")])),
        (
            "an authority with a critical extension nobody knows",
            "unknown-critical-extension",
            Recipe { extensions: vec![unknown_extension(true)], ..authority() },
        ),
    ]
}

#[test]
fn no_wrong_certificate_is_accepted() {
    let root = Authority::new();
    let mut cases = Vec::new();
    let mut add = |name, reason, pdf, trust| cases.push(Case { name, reason, pdf, trust });
    for (name, reason, recipe) in leaves() {
        add(name, reason, signed(&root.person(&recipe)), root.trust());
    }
    for (name, reason, recipe) in authorities() {
        let leader = Recipe { mails: vec!["mau@phong.mau.example".into()], ..person() };
        add(name, reason, signed(&root.authority(&recipe).person(&leader)), root.trust());
    }
    let untrusted = "untrusted-issuer";
    let stranger = Authority::new();
    add("another root of the same name", untrusted, signed(&stranger.person(&person())), root.trust());
    let other = Authority::root(&Recipe { name: "Gốc Khác", ..authority() });
    add("another root", untrusted, signed(&other.person(&person())), root.trust());
    let mut own = other.person(&person());
    own.chain.push(other.der.clone());
    add("a root that comes with the file", untrusted, signed(&own), root.trust());
    let alone = Authority::root(&person());
    let alone = Person {
        key: rcgen::KeyPair::try_from(alone.issuer.key().serialized_der()).unwrap(),
        der: alone.der,
        chain: Vec::new(),
    };
    add("a certificate signed by itself", untrusted, signed(&alone), root.trust());
    let short = Recipe { authority: Some(BasicConstraints::Constrained(0)), ..authority() };
    let deep = root.authority(&short).authority(&Recipe { name: "Cấp dưới", ..authority() });
    add("a path longer than permitted", "path-too-long", signed(&deep.person(&person())), root.trust());
    let mut far = root.authority(&authority());
    for name in ["Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám"] {
        far = far.authority(&Recipe { name, ..authority() });
    }
    add("a path without an end", untrusted, signed(&far.person(&person())), root.trust());
    let mut missing = root.authority(&authority()).person(&person());
    missing.chain.clear();
    add("a path with a gap", untrusted, signed(&missing), root.trust());
    let old = Authority::root(&Recipe { years: (2010, 2020), ..authority() });
    add("an expired root", "expired", signed(&old.person(&person())), old.trust());
    none_is_accepted("paths", &cases);
}

#[test]
fn what_is_within_the_constraints_is_accepted() {
    let root = Authority::new();
    let permitted = vec![
        GeneralSubtree::DirectoryName(organisation("UBND TỈNH  MẪU")),
        GeneralSubtree::Rfc822Name(".mau.example".into()),
        GeneralSubtree::DnsName("khac.example".into()),
    ];
    let constraints = NameConstraints {
        permitted_subtrees: permitted,
        excluded_subtrees: vec![GeneralSubtree::Rfc822Name("kin.mau.example".into())],
    };
    let limited = Recipe {
        constraints: Some(constraints),
        authority: Some(BasicConstraints::Constrained(0)),
        ..authority()
    };
    let leader = Recipe {
        mails: vec!["mau@phong.mau.example".into()],
        extensions: vec![unknown_extension(false)],
        ..person()
    };
    let pdf = signed(&root.authority(&limited).person(&leader));
    let answer = answer(&pdf, &root.trust()).unwrap();
    assert!(answer.accepted, "{answer:#?}");
}

#[test]
fn a_person_may_be_trusted_without_an_authority_and_a_gap_be_filled() {
    let root = Authority::new();
    let mut missing = root.authority(&authority()).person(&person());
    let between = std::mem::take(&mut missing.chain).remove(0);
    let pdf = signed(&missing);
    assert!(answer(&pdf, &Trust::from_pem(&missing.der).unwrap()).unwrap().accepted);
    assert!(answer(&pdf, &root.trust().with_intermediates(&between).unwrap()).unwrap().accepted);
    assert!(!answer(&pdf, &root.trust()).unwrap().accepted);
}
