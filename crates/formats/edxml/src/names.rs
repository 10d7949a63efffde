//! The element names of QCVN 102:2016 and the extensions seen in real packets.

/// Sorted, for the binary search.
const NAMES: [&str; 82] = [
    "Appendix",
    "Appendixes",
    "ApplicationType",
    "Attachment",
    "AttachmentEncoded",
    "AttachmentName",
    "Bussiness",
    "BussinessDocReason",
    "BussinessDocType",
    "BussinessDocumentInfo",
    "Code",
    "CodeNotation",
    "CodeNumber",
    "Competence",
    "Content",
    "ContentId",
    "ContentTransferEncoded",
    "ContentType",
    "Department",
    "Description",
    "DigitalSignature",
    "Direction",
    "DocumentId",
    "DocumentInfo",
    "DocumentReceiver",
    "DocumentType",
    "DueDate",
    "Email",
    "Fax",
    "From",
    "FullName",
    "MessageHeader",
    "Mobile",
    "OrganAdd",
    "OrganId",
    "OrganIdList",
    "OrganName",
    "OrganizationInCharge",
    "OtherInfo",
    "PageAmount",
    "Paper",
    "Place",
    "Position",
    "Priority",
    "PromulgationAmount",
    "PromulgationDate",
    "PromulgationInfo",
    "Receiver",
    "ReceiverList",
    "ReceiverType",
    "Reference",
    "ReferenceCodes",
    "ReplacementInfo",
    "ReplacementInfoList",
    "ReplyFors",
    "ResponseFor",
    "ResponseForTask",
    "Signature",
    "SignerInfo",
    "SphereOfPromulgation",
    "Staff",
    "StaffInfo",
    "StatusCode",
    "SteeringType",
    "Subject",
    "TaskCode",
    "Telephone",
    "Timestamp",
    "To",
    "ToPlaces",
    "TraceHeader",
    "TraceHeaderList",
    "Type",
    "TypeDetail",
    "TypeName",
    "TyperNotation",
    "Website",
    "edXML",
    "edXMLBody",
    "edXMLEnvelope",
    "edXMLHeader",
    "edXMLManifest",
];

/// The static name equal to `local`, if it is one the format has.
pub(crate) fn known(local: &str) -> Option<&'static str> {
    NAMES.binary_search(&local).ok().and_then(|at| NAMES.get(at)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_are_sorted_or_the_search_would_miss_some() {
        assert!(NAMES.is_sorted());
        assert_eq!(known("Bussiness"), Some("Bussiness"));
        assert_eq!(known("Business"), None);
    }
}
