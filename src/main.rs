use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Projects are made of millions of small things, by several threads.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    mlopsc::cli::main()
}
