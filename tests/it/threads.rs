//! What is found and what is emitted is the same for any number of threads.

use mlopsc::base::files::Memory;
use mlopsc::base::sources::Sources;
use mlopsc::driver;
use mlopsc::emit::Target;
use std::fmt::Write as _;

/// More than what one thread works on alone: files of pipelines, each with `wrong` in it.
fn sources(wrong: &str) -> Sources {
    let mut sources = Sources::default();
    let shared = "pool linux { image = \"ubuntu-24.04\" }\nproject x { pool = linux }\nvariables g { group = \"g\", secret key }\n";
    sources.add("all.mlops".into(), shared.into());
    for file in 0..40 {
        let mut text = String::new();
        for number in 0..30 {
            let before =
                if number == 0 { "manual".to_owned() } else { format!("after p{file}_{}", number - 1) };
            writeln!(
                text,
                "pipeline p{file}_{number} {{\n  trigger {before}\n  param level: string = \"fast\" {{ enum = [\"fast\", \"full\"] }}\n  \
                 stage build {{\n    run \"make $LEVEL\" as made {{ output done: bool, env {{ LEVEL = params.level }} }}\n    {wrong}\n  }}\n  \
                 stage test {{ when = build.made.done, run \"make test\" }}\n}}"
            )
            .expect("a string takes all that is written to it");
        }
        sources.add(format!("f{file}.mlops"), text);
    }
    sources
}

#[test]
fn the_same_with_any_number_of_threads() {
    for wrong in ["variables = g", "run \"sleep 3000\"\n    run \"kubectl\" { env { A = params.levle } }"] {
        let results: Vec<_> = [1, 2, 7].into_iter().map(|threads| analyzed(wrong, threads)).collect();
        let (findings, outputs) = &results[0];
        assert!(
            findings.len() + outputs.len() > 1000,
            "{} findings, {} files",
            findings.len(),
            outputs.len()
        );
        assert!(results.iter().all(|it| *it == results[0]), "with `{wrong}`");
    }
}

type Result = (Vec<mlopsc::diag::Diagnostic>, Vec<(String, String)>);

fn analyzed(wrong: &str, threads: usize) -> Result {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be started");
    pool.install(|| {
        let analysis = driver::analyze(sources(wrong), &Memory::default());
        let outputs = if analysis.has_errors() {
            Vec::new()
        } else {
            driver::emit(&analysis, "generated", &[Target::AzureDevops])
        };
        (analysis.findings, outputs.into_iter().map(|it| (it.path, it.text)).collect())
    })
}
