//! The rules, each with a breach of itself.
//!
//! In patterns and breaches a `~` stands for nothing, so that this file does not
//! break the rules that it states. The scans are rough: they read lines, not
//! syntax.

use std::path::Component;

use crate::file::{File, has, has_word, lines_of, plain};
use crate::root;

/// A file is one noun.
const FILE_LINES_MAX: usize = 500;

/// A function fits on one screen.
const FUNCTION_LINES_MAX: usize = 70;

/// The ways in which a file can break the house.
pub(crate) const RULES: [Rule; 13] = [
    Rule {
        says: "a file has at most 500 lines: split it by its nouns",
        find: |file| whole(file.is_code() && file.text.lines().count() > FILE_LINES_MAX),
        breach: || File::new("ledger/src/long.rs", &"//! Long.\n".repeat(501)),
    },
    Rule {
        says: "a function has at most 70 lines: split it by its steps",
        find: long_functions,
        breach: || File::new("ledger/src/long.rs", &function_of(71)),
    },
    Rule {
        says: "a module begins with `//!`: what it is and what it is not",
        find: |file| whole(file.is("rs") && !file.text.starts_with("//! ")),
        breach: || File::new("ledger/src/mute.rs", "use std::fmt;\n"),
    },
    Rule {
        says: "a module is `foo.rs` beside `foo/`, not `foo/mod.rs`",
        find: |file| whole(file.path.ends_with("/mod.rs")),
        breach: || File::new("ledger/src/log/mod.rs", "//! The log.\n"),
    },
    Rule {
        says: "no module is named for being of use: name what it holds",
        find: |file| whole(has_empty_name(file)),
        breach: || File::new("server/src/utils/time.rs", "//! Time.\n"),
    },
    Rule {
        says: "nothing unfinished, and no test that is switched off or expects a panic",
        find: |file| lines_of(file, file.is_code(), is_unfinished),
        breach: || File::new("server/src/later.rs", "//! Later.\nto~do!()\n"),
    },
    Rule {
        says: "a lint is lifted with `#[expect(…, reason)]`",
        find: |file| lines_of(file, file.is("rs"), |line| has(line, "#[all~ow(")),
        breach: || File::new("server/src/lax.rs", "//! Lax.\n#[all~ow(dead_code)]\n"),
    },
    Rule {
        says: "SQL belongs to server/src/store",
        find: |file| lines_of(file, !may_speak_sql(file), |line| has(line, "sql~x::")),
        breach: || File::new("server/src/page.rs", "//! A page.\nuse sql~x::Row;\n"),
    },
    Rule {
        says: "the ledger is pure: no I/O, no async, no SQL, no protobuf, no floats",
        find: |file| lines_of(file, file.path.starts_with("ledger/src/"), is_impure),
        breach: || {
            File::new(
                "ledger/src/fund.rs",
                "//! The fund.\nlet rate: f~64 = 0.5;\n",
            )
        },
    },
    Rule {
        says: "a query names its columns",
        find: |file| lines_of(file, file.is("rs") || file.is("sql"), selects_all),
        breach: || {
            File::new(
                "server/src/store/all.rs",
                "//! All.\n\"-- all()\nSELECT~ *\"\n",
            )
        },
    },
    Rule {
        says: "a statement is a constant that begins with `-- name()`",
        find: unnamed_statements,
        breach: || {
            File::new(
                "server/src/store/a.rs",
                "//! A.\nconst A: &str = \"SELECT 1\";\n",
            )
        },
    },
    Rule {
        says: "no unwrap outside tests: `expect` says why it cannot happen",
        find: unwraps,
        breach: || File::new("client/src/key.rs", "//! A key.\nparse().un~wrap();\n"),
    },
    Rule {
        says: "no path of one machine, and a package by its name, not by its host",
        find: |file| lines_of(file, !file.is("lock"), names_a_place),
        breach: || File::new("README.md", "Look it up on crates~.io.\n"),
    },
];

/// One habit.
pub(crate) struct Rule {
    /// What the rule asks for, said to whoever broke it.
    pub(crate) says: &'static str,
    /// The numbers of the lines that break it.
    pub(crate) find: fn(&File) -> Vec<usize>,
    /// A file that breaks it.
    pub(crate) breach: fn() -> File,
}

/// Where a function begins that is too long.
pub(crate) fn long_functions(file: &File) -> Vec<usize> {
    let lines: Vec<&str> = file.text.lines().collect();
    let is_long = |&start: &usize| {
        let length = function_length(&lines[start..]);
        length > FUNCTION_LINES_MAX
    };
    let starts = (0..lines.len()).filter(|&index| file.is("rs") && begins_function(lines[index]));
    starts.filter(is_long).map(|start| start + 1).collect()
}

/// Relies on rustfmt: what ends a function stands under what began it.
fn function_length(lines: &[&str]) -> usize {
    let ends = |line: &str| line.ends_with(['}', ';']);
    if ends(lines[0]) {
        return 1;
    }
    let is_end = |line: &&str| indent(line) == indent(lines[0]) && ends(line);
    let inner = lines[1..].iter().take_while(|line| !is_end(line)).count();
    inner + 2
}

fn begins_function(line: &str) -> bool {
    let Some((before, _)) = line.split_once("fn ") else {
        return false;
    };
    before.split_whitespace().all(|word| {
        word.starts_with("pub") || ["const", "async", "unsafe", "extern"].contains(&word)
    })
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn has_empty_name(file: &File) -> bool {
    const NAMES: [&str; 8] = [
        "common", "util", "utils", "helper", "helpers", "manager", "managers", "misc",
    ];
    let mut names = file
        .path
        .split('/')
        .map(|part| part.trim_end_matches(".rs"));
    file.is("rs") && names.any(|name| NAMES.contains(&name))
}

fn is_unfinished(line: &str) -> bool {
    let calls = ["to~do!(", "unimple~mented!(", "db~g!("];
    let attributes = ["#[ign~ore", "#[should~_panic"];
    let words = ["FIX~ME", "XX~X", "HA~CK"];
    let found = |pattern: &&str| has(line, pattern);
    calls.iter().any(found)
        || attributes.iter().any(found)
        || words.iter().any(|word| has_word(line, &plain(word)))
}

fn may_speak_sql(file: &File) -> bool {
    let rooms = [
        "server/src/store.rs",
        "server/src/store/",
        "server/tests/",
        "tests/",
    ];
    !file.is("rs") || rooms.iter().any(|room| file.path.starts_with(room))
}

fn is_impure(line: &str) -> bool {
    let crates = ["pro~st::", "ton~ic::", "tok~io::", "sql~x::"];
    let system = [
        "std::f~s",
        "std::n~et",
        "std::e~nv",
        "std::pro~cess",
        "std::thr~ead",
    ];
    let floats = ["f~32", "f~64"];
    crates.iter().any(|name| has(line, name))
        || system.iter().any(|name| has(line, name))
        || floats.iter().any(|name| has_word(line, &plain(name)))
}

fn selects_all(line: &str) -> bool {
    has(&line.to_lowercase(), "select~ *")
}

/// A literal that begins with a verb of SQL bears no name.
fn unnamed_statements(file: &File) -> Vec<usize> {
    const VERBS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];
    let text = if file.path.starts_with("server/src/") {
        file.text.as_str()
    } else {
        ""
    };
    let begins_literal = |at: &usize| {
        let before = text[..*at].trim_end_matches([' ', '\n', '\\']);
        before.ends_with('"')
    };
    let at = VERBS.iter().flat_map(|verb| text.match_indices(verb));
    let at = at.map(|(at, _)| at).filter(begins_literal);
    at.map(|at| text[..at].lines().count()).collect()
}

/// Unit tests stand at the end of a file or in `tests.rs`, and what several of
/// them share in `testing.rs`.
fn unwraps(file: &File) -> Vec<usize> {
    let is_test = ["tests", "benches", "tests.rs", "testing", "testing.rs"]
        .iter()
        .any(|name| file.path.split('/').any(|part| part == *name));
    let unit_tests = file.text.lines().position(|line| line == "#[cfg(test)]");
    let found = lines_of(file, file.is("rs") && !is_test, |line| {
        !line.trim_start().starts_with("//") && has(line, ".un~wrap()")
    });
    let is_before_tests = |line: &usize| unit_tests.is_none_or(|tests| *line <= tests);
    found.into_iter().filter(is_before_tests).collect()
}

fn names_a_place(line: &str) -> bool {
    let places = [
        "crates~.io",
        "py~pi.org",
        "pythonhosted~.org",
        "registry~.npmjs",
        "deb~.debian",
        "/ro~ot/",
        "/ho~me/",
        "/Us~ers/",
    ];
    places.iter().any(|place| has(line, place)) || line.contains(&folder_of_this_machine())
}

/// Where this checkout lies; where that is a folder of the machine's own making,
/// as no standard knows it, the whole folder.
fn folder_of_this_machine() -> String {
    const STANDARD: [&str; 11] = [
        "home", "mnt", "media", "opt", "private", "root", "srv", "tmp", "usr", "var", "Users",
    ];
    let mut names = root().components().filter_map(|part| match part {
        Component::Normal(name) => name.to_str(),
        _ => None,
    });
    match names.next() {
        Some(first) if !STANDARD.contains(&first) => format!("/{first}/"),
        _ => format!("{}/", root().display()),
    }
}

fn whole(is_broken: bool) -> Vec<usize> {
    if is_broken { vec![1] } else { Vec::new() }
}

/// A file with one function of so many lines.
pub(crate) fn function_of(lines: usize) -> String {
    let body = "    step();\n".repeat(lines - 2);
    format!("//! Long.\npub(crate) async fn long() {{\n{body}}}\n")
}
