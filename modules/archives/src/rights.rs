//! The rights of this module, and the roles that hold them when a tenant is founded.

kernel::rights! {
    /// Reads catalogues of dossiers.
    CatalogueRead = "archives.catalogue.read" for ["clerk", "leader", "head", "officer", "archivist"];
    /// Draws up the catalogue of a year.
    CatalogueKeep = "archives.catalogue.keep" for ["clerk", "archivist"];
    /// Approves the catalogue, as the head of the agency.
    CatalogueApprove = "archives.catalogue.approve" for ["leader"];
    /// Reads dossiers of the agency, but those of limited access.
    DossierRead = "archives.dossier.read" for ["clerk", "leader", "head", "officer", "archivist"];
    /// Opens dossiers and keeps their own: files, closes, hands over.
    DossierKeep = "archives.dossier.keep" for ["clerk", "leader", "head", "officer", "archivist"];
    /// Reads what the archive holds, dossiers of limited access too.
    ArchiveRead = "archives.archive.read" for ["clerk", "leader", "archivist"];
    /// Receives dossiers into the archive and proposes what is to be destroyed: the archivist.
    ArchiveKeep = "archives.archive.keep" for ["clerk", "archivist"];
    /// Lets dossiers be kept back and destroyed, as the head of the agency.
    ArchiveDecide = "archives.archive.decide" for ["leader"];
}
