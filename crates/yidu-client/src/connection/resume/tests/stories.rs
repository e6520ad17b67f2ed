//! Odd cases by name.
