//! The papers that are signed, and the pictures that are put on them.

use lopdf::xref::XrefType;
use lopdf::{Document, Object, SaveOptions, Stream, dictionary};
use pades::pdf::{Area, Kind, Limits};
use pades::sign::{Appearance, Place, Request};

/// How a file keeps its table of objects.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Table {
    Classic,
    Stream,
    ObjectStreams,
}

/// A letter of two pages; a turned one is as a scanner makes it.
pub(crate) fn letter(table: Table, turned: i64) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    document.reference_table.cross_reference_type = match table {
        Table::Classic => XrefType::CrossReferenceTable,
        Table::Stream | Table::ObjectStreams => XrefType::CrossReferenceStream,
    };
    let pages = document.new_object_id();
    let font = dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" };
    let font = document.add_object(font);
    let kids: Vec<Object> = ["Trang 1", "Trang 2"]
        .iter()
        .map(|text| {
            let content = format!("BT /F 14 Tf 72 700 Td ({text}) Tj ET");
            let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
            document
                .add_object(dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content })
                .into()
        })
        .collect();
    let count = i64::try_from(kids.len()).unwrap();
    let second = kids[1].as_reference().unwrap();
    document.set_object(
        pages,
        dictionary! {
            "Type" => "Pages", "Kids" => kids, "Count" => count, "Rotate" => turned,
            "MediaBox" => vec![0.into(), 0.into(), Object::Real(595.276), Object::Real(841.89)],
            "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
        },
    );
    let there: Vec<Object> =
        vec![second.into(), Object::Name(b"XYZ".to_vec()), 300.into(), 400.into(), Object::Null];
    let names = dictionary! { "Names" => vec![Object::string_literal("ky"), there.into()] };
    let catalog = document.add_object(dictionary! {
        "Type" => "Catalog", "Pages" => pages, "Names" => dictionary! { "Dests" => names },
    });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    match table {
        Table::ObjectStreams => {
            let options = SaveOptions::builder().use_object_streams(true).use_xref_streams(true).build();
            document.save_with_options(&mut bytes, options).unwrap();
        }
        Table::Classic | Table::Stream => document.save_to(&mut bytes).unwrap(),
    }
    bytes
}

/// The letter with something changed in its objects.
fn changed(change: impl FnOnce(&mut Document)) -> Vec<u8> {
    let mut document = Document::load_mem(&letter(Table::Classic, 0)).unwrap();
    change(&mut document);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// The letter as somebody certified it.
pub(crate) fn certified(permits: i64) -> Vec<u8> {
    changed(|document| {
        let parameters = dictionary! { "Type" => "TransformParams", "P" => permits, "V" => "1.2" };
        let reference = dictionary! { "TransformMethod" => "DocMDP", "TransformParams" => parameters };
        let signature = dictionary! { "Type" => "Sig", "Reference" => vec![reference.into()] };
        let signature = document.add_object(signature);
        document.catalog_mut().unwrap().set("Perms", dictionary! { "DocMDP" => signature });
    })
}

/// The letter with an empty field on page 1; the form in the catalog, or an object of its own.
pub(crate) fn with_empty_field(inline: bool) -> Vec<u8> {
    changed(|document| {
        let page = document.get_pages()[&1];
        let field = document.add_object(dictionary! {
            "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "T" => Object::string_literal("Ready1"),
            "F" => 4, "P" => page, "Rect" => vec![300.into(), 200.into(), 440.into(), 260.into()],
        });
        document.get_dictionary_mut(page).unwrap().set("Annots", vec![field.into()]);
        let form = dictionary! { "Fields" => vec![field.into()] };
        let form = if inline { Object::Dictionary(form) } else { document.add_object(form).into() };
        document.catalog_mut().unwrap().set("AcroForm", form);
    })
}

/// A page of 60 by 20 points with a line of text, as whoever sets text hands it in.
pub(crate) fn line_of_text() -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    document.reference_table.cross_reference_type = XrefType::CrossReferenceTable;
    let pages = document.new_object_id();
    let font = document
        .add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Times-Roman" });
    let content = b"BT /F 10 Tf 0 5 Td (12/QD-UBND) Tj ET".to_vec();
    let content = document.add_object(Stream::new(dictionary! {}, content));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content,
        "MediaBox" => vec![0.into(), 0.into(), 60.into(), 20.into()],
        "Resources" => dictionary! { "Font" => dictionary! { "F" => font } },
    });
    document.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 });
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A disc of one colour on a ground one sees through.
pub(crate) fn disc([red, green, blue]: [u8; 3], ground: u8) -> Vec<u8> {
    const SIDE: u32 = 80;
    let mut points = Vec::new();
    for y in 0..SIDE {
        for x in 0..SIDE {
            let (dx, dy) = (x.abs_diff(SIDE / 2), y.abs_diff(SIDE / 2));
            let is_inside = dx * dx + dy * dy < (SIDE / 2) * (SIDE / 2);
            points.extend(if is_inside { [red, green, blue, 255] } else { [255, 255, 255, ground] });
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, SIDE, SIDE);
    encoder.set_color(png::ColorType::Rgba);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&points).unwrap();
    writer.finish().unwrap();
    bytes
}

pub(crate) fn blue() -> Vec<u8> {
    disc([20, 40, 200], 0)
}

pub(crate) fn red() -> Vec<u8> {
    disc([210, 20, 30], 0)
}

/// The person signs on page 2.
pub(crate) fn persons(picture: &[u8]) -> Request<'_> {
    Request {
        kind: Kind::Person,
        field: "Person1",
        place: Place::At { page: 2, area: Area::mm(110, 180, 50, 25) },
        appearance: Appearance::Image(picture),
        name: "Nguyễn Văn Mẫu",
        reason: "Ký ban hành",
        location: "Phú Thọ",
        time: "2026-11-23T02:00:00Z".parse().unwrap(),
        limits: Limits::default(),
    }
}

/// The organisation puts its seal over it.
pub(crate) fn organisations(picture: &[u8]) -> Request<'_> {
    Request {
        kind: Kind::Organisation,
        field: "Organisation1",
        place: Place::OverPerson { width_um: 36_000, height_um: 36_000 },
        name: "UBND tỉnh Mẫu",
        time: "2026-11-23T02:05:00Z".parse().unwrap(),
        ..persons(picture)
    }
}
