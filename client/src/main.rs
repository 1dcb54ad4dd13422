//! The `timebank` command. What it can do is in [`cli`]; this only runs it.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Context};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let context = match Context::new(&cli.options) {
        Ok(context) => context,
        Err(error) => return error.report(cli.options.json),
    };
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(source) => return cli::CliError::Runtime(source).report(cli.options.json),
    };
    match runtime.block_on(cli.command.run(&context)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => error.report(cli.options.json),
    }
}
