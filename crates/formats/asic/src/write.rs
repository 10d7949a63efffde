use std::collections::BTreeSet;
use std::io::{self, Read, Seek, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::{Error, MANIFEST, MEDIA_TYPE, META, MIMETYPE, Result, is_name};

const SIGNATURES: &str = "http://uri.etsi.org/02918/v1.2.1#";
const MANIFEST_SPACE: &str = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0";

/// A container that is being written.
pub struct Writer<W: Write + Seek> {
    zip: ZipWriter<W>,
    names: BTreeSet<String>,
    /// Lines of the manifest.
    manifest: String,
}

impl<W: Write + Seek> Writer<W> {
    /// Begins a container.
    ///
    /// # Errors
    /// When the output fails.
    pub fn new(out: W) -> Result<Self> {
        let mut zip = ZipWriter::new(out);
        zip.start_file(MIMETYPE, options(CompressionMethod::Stored, false))?;
        zip.write_all(MEDIA_TYPE.as_bytes())?;
        Ok(Self { zip, names: BTreeSet::new(), manifest: line("/", MEDIA_TYPE) })
    }

    /// Adds an object. Texts are packed; what is packed already or large is stored as it is.
    ///
    /// # Errors
    /// `Layout` for a name that is not plain or there already; when source or output fail.
    pub fn add(&mut self, name: &str, media_type: &str, source: &mut dyn Read) -> Result<()> {
        if !is_name(name) || name == MIMETYPE || name.starts_with(META) || !is_media_type(media_type) {
            return Err(Error::Layout(format!("the name {name:?}")));
        }
        let text = media_type.starts_with("text/") || media_type == "application/json";
        let method = if text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        self.entry(name, method, source)?;
        self.manifest += &line(name, media_type);
        Ok(())
    }

    /// Adds a signature over objects of the container, as [`xmldsig::detached::sign`] makes it.
    ///
    /// # Errors
    /// As [`Writer::add`].
    pub fn sign(&mut self, label: &str, signature: &str) -> Result<()> {
        let name = format!("{META}signatures-{label}.xml");
        if !is_name(&name) || label.contains('/') {
            return Err(Error::Layout(format!("the label {label:?}")));
        }
        let file =
            format!("<asic:XAdESSignatures xmlns:asic=\"{SIGNATURES}\">{signature}</asic:XAdESSignatures>");
        self.entry(&name, CompressionMethod::Deflated, &mut file.as_bytes())
    }

    /// Writes the manifest and the directory.
    ///
    /// # Errors
    /// When the output fails.
    pub fn finish(mut self) -> Result<W> {
        let manifest = format!(
            "<manifest:manifest xmlns:manifest=\"{MANIFEST_SPACE}\" manifest:version=\"1.2\">{}</manifest:manifest>",
            self.manifest
        );
        self.entry(MANIFEST, CompressionMethod::Deflated, &mut manifest.as_bytes())?;
        Ok(self.zip.finish()?)
    }

    fn entry(&mut self, name: &str, method: CompressionMethod, source: &mut dyn Read) -> Result<()> {
        if !self.names.insert(name.to_owned()) {
            return Err(Error::Layout(format!("{name} is there already")));
        }
        self.zip.start_file(name, options(method, method == CompressionMethod::Stored))?;
        io::copy(source, &mut self.zip)?;
        Ok(())
    }
}

/// Without times: the same things make the same bytes.
fn options(method: CompressionMethod, large: bool) -> SimpleFileOptions {
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::DEFAULT)
        .large_file(large)
}

fn line(path: &str, media_type: &str) -> String {
    format!("<manifest:file-entry manifest:full-path=\"{path}\" manifest:media-type=\"{media_type}\"/>")
}

fn is_media_type(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'+'))
}
