//! What this phase finds.

use crate::diag::{Group, Kind, Safety};

pub const KINDS: &[Kind] = &[
    Kind::error(Group::References, "ambiguous-reference", include_str!("pages/ambiguous-reference.md")),
    Kind::error(Group::Triggers, "cron-never-fires", include_str!("pages/cron-never-fires.md")),
    Kind::error(Group::Syntax, "duplicate-attribute", include_str!("pages/duplicate-attribute.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::References, "duplicate-name", include_str!("pages/duplicate-name.md")),
    Kind::error(Group::Triggers, "invalid-cron", include_str!("pages/invalid-cron.md")).fixes(Safety::Safe),
    Kind::error(Group::Naming, "invalid-identifier", include_str!("pages/invalid-identifier.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "invalid-task-input", include_str!("pages/invalid-task-input.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "invalid-value", include_str!("pages/invalid-value.md")).fixes(Safety::Safe),
    Kind::error(Group::Syntax, "missing-attribute", include_str!("pages/missing-attribute.md")),
    Kind::error(Group::Syntax, "missing-equals", include_str!("pages/missing-equals.md")).fixes(Safety::Safe),
    Kind::error(Group::References, "missing-file", include_str!("pages/missing-file.md")),
    Kind::error(Group::Syntax, "missing-name", include_str!("pages/missing-name.md")).fixes(Safety::Unsafe),
    Kind::error(Group::Types, "missing-task-input", include_str!("pages/missing-task-input.md")),
    Kind::error(Group::Triggers, "missing-trigger", include_str!("pages/missing-trigger.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "out-of-bounds", include_str!("pages/out-of-bounds.md")),
    Kind::error(Group::References, "output-never-set", include_str!("pages/output-never-set.md"))
        .fixes(Safety::Unsafe),
    Kind::warning(Group::Jobs, "splice-in-script", include_str!("pages/splice-in-script.md")),
    Kind::error(Group::Types, "template-mismatch", include_str!("pages/template-mismatch.md")),
    Kind::error(Group::Security, "task-not-versioned", include_str!("pages/task-not-versioned.md"))
        .fixes(Safety::Safe),
    Kind::error(Group::Types, "type-mismatch", include_str!("pages/type-mismatch.md")).fixes(Safety::Safe),
    Kind::error(Group::References, "undefined-artifact", include_str!("pages/undefined-artifact.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::References, "undefined-parameter", include_str!("pages/undefined-parameter.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::References, "undefined-reference", include_str!("pages/undefined-reference.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::References, "undefined-variable", include_str!("pages/undefined-variable.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Syntax, "unknown-attribute", include_str!("pages/unknown-attribute.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Syntax, "unknown-target-key", include_str!("pages/unknown-target-key.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::References, "unknown-task", include_str!("pages/unknown-task.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "unknown-task-input", include_str!("pages/unknown-task-input.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::References, "unknown-trigger-stage", include_str!("pages/unknown-trigger-stage.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "unknown-word", include_str!("pages/unknown-word.md")).fixes(Safety::Unsafe),
    Kind::error(
        Group::Triggers,
        "unsupported-trigger-event",
        include_str!("pages/unsupported-trigger-event.md"),
    )
    .fixes(Safety::Unsafe),
    Kind::warning(Group::Syntax, "value-looks-like-number", include_str!("pages/value-looks-like-number.md"))
        .fixes(Safety::Unsafe),
    Kind::error(Group::Types, "wrong-arguments", include_str!("pages/wrong-arguments.md"))
        .fixes(Safety::Unsafe),
];
