//! `setup.sh` against a server of our own that keeps what it is told (`server/`).
//!
//! The server was written from Microsoft's REST reference (7.1) and the models of Microsoft's Python SDK, independently of
//! the script. It departs from the service where that finds more mistakes: members of a body that the models do not have
//! are refused (the service mostly ignores them); approvers must be identities that exist; inputs of tasks must be texts;
//! `resource.id` must be a text. It is looser in what the script does not use: no ACLs (a lack of permission is a fault
//! that a test plants), no history, no folders of pipelines as things (a definition makes its folder), no validation of
//! `filenamePatterns`, of time zones, of YAML files.
//!
//! Not verified against the service itself, because the reference does not say: the status codes of names that are taken
//! and of stale revisions (here 409; the script only repeats what it is told), the wording of messages, whether the search
//! for identities matches beginnings only, that a secret variable written back as null keeps its value (Microsoft's own
//! command line relies on it), in which order unknown pipelines of a permission are refused.

mod awkward;
mod broken;
mod calls;
mod examples;
mod interrupted;
mod network;
mod plans;
mod refusals;
mod removal;
mod secrets;
mod server;
mod world;
