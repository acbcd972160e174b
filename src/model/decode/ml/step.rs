//! One step of an ML pipeline.

use super::work::{self, distribution, resources};
use super::{Graph, bindings, decision, extra, identity, outputs};
use crate::base::files::FileKind;
use crate::base::span::Spanned;
use crate::base::suggest;
use crate::model::errors;
use crate::model::fields::Fields;
use crate::model::project::{MlBinding, MlOutput, MlStep, MlWork};
use crate::syntax::ast;
use indexmap::IndexMap;

pub(super) fn step(fields: &mut Fields<'_, '_>, graph: &Graph<'_>) -> MlStep {
    let header = fields.header(str::to_owned);
    let work = work::work(fields);
    let declared = outputs(fields);
    let outputs = match &work {
        MlWork::Component(_) | MlWork::Pipeline(_) => known_outputs(fields, graph, declared),
        MlWork::Sweep(sweep) if sweep.trial.is_some() => known_outputs(fields, graph, declared),
        MlWork::Command | MlWork::Sweep(_) | MlWork::Parallel(_) | MlWork::Spark(_) => declared,
    };
    let (mut inputs, mut outputs) = (bindings(fields, graph), outputs);
    // Whatever is wrong with the step, others see it as the graph does.
    for (name, ty) in graph.steps.get(&header.ident.value).iter().flat_map(|it| &it.outputs) {
        let ident = Spanned::new(name.clone(), header.head);
        outputs.entry(name.clone()).or_insert(MlOutput { ident, ty: *ty, mode: None, path: None });
    }
    if let MlWork::Spark(_) = &work {
        direct(fields, &mut inputs, &mut outputs);
    }
    entry(fields, &work);
    let when = fields.ast("when").and_then(|it| decision(fields.cx, graph, it));
    MlStep {
        title: header.title.map(|it| it.value),
        doc: header.doc,
        head: header.head,
        ident: header.ident,
        code: fields.string("code"),
        runtime: fields.reference("runtime"),
        command: fields.string("command"),
        compute: fields.reference("compute"),
        env: fields.string_map("env"),
        tags: fields.string_map("tags"),
        inputs,
        outputs,
        work,
        reuse: fields.bool("reuse").unwrap_or(true),
        when,
        after: after(fields, graph),
        resources: resources(fields),
        distribution: distribution(fields),
        identity: identity(fields),
        timeout_seconds: fields.seconds("timeout").map(|it| it.value),
        extra: extra(fields),
    }
}

/// Spark reads and writes storage itself: nothing is mounted.
fn direct(
    fields: &mut Fields<'_, '_>,
    inputs: &mut IndexMap<String, MlBinding>,
    outputs: &mut IndexMap<String, MlOutput>,
) {
    let inputs = inputs.values_mut().map(|it| (it.span, &mut it.mode));
    let outputs = outputs.values_mut().map(|it| (it.ident.span, &mut it.mode));
    for (span, mode) in inputs.chain(outputs) {
        if mode.is_some_and(|it| it != "direct") {
            let help = "leave the mode out; Spark reads and writes the storage itself";
            fields.cx.push(errors::invalid_value(span, "Spark takes data as `direct` only", help));
        }
        *mode = Some("direct");
    }
}

/// The script that a step starts lies in its code.
fn entry(fields: &mut Fields<'_, '_>, work: &MlWork) {
    let entry = match work {
        MlWork::Parallel(it) => &it.entry,
        MlWork::Spark(it) => &it.entry,
        MlWork::Command | MlWork::Component(_) | MlWork::Pipeline(_) | MlWork::Sweep(_) => return,
    };
    if !fields.has("code") {
        fields.missing("code", "add `code = \"…\"`: the folder with the script");
    }
    if let Some(code) = fields.string("code").filter(|_| !entry.value.is_empty()) {
        let path = Spanned::new(format!("{}/{}", code.value, entry.value), entry.span);
        fields.cx.existing_path(&path, Some(FileKind::File));
    }
}

/// The outputs of what the step is, with what the step says of them.
fn known_outputs(
    fields: &mut Fields<'_, '_>,
    graph: &Graph<'_>,
    mut declared: IndexMap<String, MlOutput>,
) -> IndexMap<String, MlOutput> {
    let known = super::worked_outputs(fields.cx, graph.components, fields.ast);
    let names: Vec<&str> = known.keys().map(String::as_str).collect();
    for output in declared.values() {
        let name = &output.ident.value;
        match known.get(name) {
            Some(ty) if ty.word() == output.ty.word() => {}
            Some(ty) => {
                let message = format!("output `{name}` is a {}", ty.word());
                let help = format!("write `output {name}: {}`", ty.word());
                fields.cx.push(errors::wrong_type(output.ident.span, message, help));
            }
            None => {
                let nearest = suggest::nearest(name, names.iter().copied());
                let finding =
                    errors::undefined_name(&output.ident, "output of this component", nearest, &names);
                fields.cx.push(finding);
            }
        }
    }
    let all = known.into_iter().map(|(name, ty)| {
        let ident = Spanned::new(name.clone(), fields.head());
        let said = declared.swap_remove(&name);
        (name, said.unwrap_or(MlOutput { ident, ty, mode: None, path: None }))
    });
    all.collect()
}

fn after(fields: &mut Fields<'_, '_>, graph: &Graph<'_>) -> Vec<Spanned<usize>> {
    let items: Vec<&ast::Expr> = match fields.ast("after").map(|it| (&it.kind, it)) {
        Some((ast::ExprKind::List(items), _)) => items.iter().collect(),
        Some((_, one)) => vec![one],
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for item in items {
        let ast::ExprKind::Path(path) = &item.kind else { continue };
        let Some(name) = path.as_ident() else {
            let help = "write the name of a step; what is read of it stands in `inputs`";
            fields.cx.push(errors::invalid_value(item.span, "this names no step", help));
            continue;
        };
        match graph.steps.get_index_of(&name.value) {
            Some(index) => {
                fields.cx.symbols.link_inside(name, graph.block, "step");
                found.push(Spanned::new(index, item.span));
            }
            None => {
                let known: Vec<&str> = graph.steps.keys().map(String::as_str).collect();
                let nearest = suggest::nearest(&name.value, known.iter().copied());
                fields.cx.push(errors::undefined_name(name, "step of this ML pipeline", nearest, &known));
            }
        }
    }
    found
}
