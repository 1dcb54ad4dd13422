//! The small habits of the house, as a test: what CONTRIBUTING.md asks for and
//! neither the compiler nor clippy sees.
//!
//! The idea is that of `tidy` in TigerBeetle: a rule that a machine keeps need
//! not be remembered. Each rule carries a breach of itself, and a test that it
//! finds it.

mod file;
mod rules;

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use file::{File, plain};
use rules::{RULES, function_of, long_functions};

/// From here on a file is long, and [`LONG_FILES_MAX`] counts it.
const LONG_FILE_LINES: usize = 300;

/// A ratchet: how many long files there may be. It is only ever lowered.
const LONG_FILES_MAX: usize = 18;

/// One place where a rule is broken.
#[derive(Debug)]
struct Finding {
    path: String,
    line: usize,
    says: String,
}

#[test]
fn the_tree_is_tidy() {
    let files = tracked_files();
    assert!(files.len() > 20, "this test does not see the repository");
    let mut findings: Vec<Finding> = files.iter().flat_map(findings_in).collect();
    findings.extend(unpaired_migrations(&files));
    findings.extend(beyond_the_ratchet(&files));
    assert!(findings.is_empty(), "\n{}", listed(&findings));
}

#[test]
fn every_rule_finds_its_own_breach_and_no_other_does() {
    for rule in &RULES {
        let breach = (rule.breach)();
        let findings = findings_in(&File::new(&breach.path, &plain(&breach.text)));
        let said: Vec<&str> = findings.iter().map(|found| found.says.as_str()).collect();
        assert_eq!(said, [rule.says]);
    }
}

#[test]
fn a_file_in_good_order_breaks_no_rule() {
    let text = "//! Accounts.\n\n/// \"A select\nconst ACCOUNT: &str = \"\\\n-- account()\n\
        SELECT id FROM accounts\";\n\n#[cfg(test)]\nmod tests {\n    parse().un~wrap();\n}\n";
    let file = File::new("server/src/store/account.rs", &plain(text));
    assert!(
        findings_in(&file).is_empty(),
        "{}",
        listed(&findings_in(&file))
    );
}

#[test]
fn the_length_of_a_function_is_counted_to_its_closing_brace() {
    let exact = File::new("a.rs", &format!("{}{}", function_of(70), function_of(3)));
    assert!(long_functions(&exact).is_empty());
    let declared = "//! A.\ntrait A {\n    fn a(\n        self,\n    ) -> u8;\n}\n";
    let declared = format!("{declared}{}", "// …\n".repeat(80));
    assert!(long_functions(&File::new("a.rs", &declared)).is_empty());
}

#[test]
fn a_migration_without_its_twin_is_found() {
    let sqlite = File::new("migrations/sqlite/0001_records.sql", "");
    let postgres = File::new("migrations/postgres/0001_record.sql", "");
    let findings = unpaired_migrations(&[sqlite, postgres]);
    assert_eq!(findings.len(), 2, "{}", listed(&findings));
}

#[test]
fn one_long_file_too_many_is_found() {
    let long = |number: usize| {
        let text = "//! Long.\n".repeat(LONG_FILE_LINES + 1);
        File::new(&format!("ledger/src/long_{number}.rs"), &text)
    };
    let files: Vec<File> = (0..LONG_FILES_MAX).map(long).collect();
    assert!(beyond_the_ratchet(&files).is_empty());
    let files: Vec<File> = (0..=LONG_FILES_MAX).map(long).collect();
    assert_eq!(beyond_the_ratchet(&files).len(), LONG_FILES_MAX + 1);
}

fn findings_in(file: &File) -> Vec<Finding> {
    RULES
        .iter()
        .flat_map(|rule| (rule.find)(file).into_iter().map(|line| (line, rule.says)))
        .map(|(line, says)| Finding::new(file, line, says))
        .collect()
}

/// Both databases migrate by the same steps.
fn unpaired_migrations(files: &[File]) -> Vec<Finding> {
    let names = |database: &str| -> BTreeSet<&str> {
        let folder = format!("migrations/{database}/");
        let paths = files.iter().map(|file| file.path.as_str());
        paths
            .filter_map(|path| path.strip_prefix(folder.as_str()))
            .collect()
    };
    let (sqlite, postgres) = (names("sqlite"), names("postgres"));
    let unpaired = sqlite.symmetric_difference(&postgres);
    let finding = |name: &&str| Finding {
        path: format!("migrations/{{sqlite,postgres}}/{name}"),
        line: 1,
        says: "a migration has the same name for both databases".to_owned(),
    };
    unpaired.map(finding).collect()
}

fn beyond_the_ratchet(files: &[File]) -> Vec<Finding> {
    let is_long = |file: &&File| file.is_code() && file.text.lines().count() > LONG_FILE_LINES;
    let long: Vec<&File> = files.iter().filter(is_long).collect();
    if long.len() <= LONG_FILES_MAX {
        return Vec::new();
    }
    let says = format!("one of more than {LONG_FILES_MAX} files over {LONG_FILE_LINES} lines");
    long.iter()
        .map(|file| Finding::new(file, LONG_FILE_LINES + 1, &says))
        .collect()
}

/// What git keeps, and what it is about to keep.
fn tracked_files() -> Vec<File> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git is installed");
    assert!(output.status.success(), "git ls-files: {output:?}");
    let paths = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let paths: BTreeSet<&str> = paths.split_terminator('\0').collect();
    paths.into_iter().filter_map(read).collect()
}

/// Nothing for a file that is deleted but still in the index, and for one that
/// is not text.
fn read(path: &str) -> Option<File> {
    let text = fs::read_to_string(root().join(path)).ok()?;
    Some(File::new(path, &text))
}

fn root() -> &'static Path {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests
        .parent()
        .expect("this crate is a folder of the repository")
}

fn listed(findings: &[Finding]) -> String {
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

impl Finding {
    fn new(file: &File, line: usize, says: &str) -> Self {
        Self {
            path: file.path.clone(),
            line,
            says: says.to_owned(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}: {}", self.path, self.line, self.says)
    }
}
