//! Facts about the targets and about the files they read.

pub mod dockerfile;
