use std::process::ExitCode;

fn main() -> ExitCode {
    mlopsc::cli::main()
}
