//! The `gleaner` program: everything it does stands in [`gleaner::cli`].

fn main() -> std::process::ExitCode {
    gleaner::cli::main()
}
