//! Write store apps for Storehand.
