//! A text file of the repository, and what can be asked of its lines.

use std::path::Path;

/// A text file of the repository.
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    pub(crate) fn is(&self, extension: &str) -> bool {
        Path::new(&self.path)
            .extension()
            .is_some_and(|found| found == extension)
    }

    pub(crate) fn is_code(&self) -> bool {
        let extensions = ["rs", "proto", "sql", "py", "go", "sh"];
        extensions.iter().any(|extension| self.is(extension)) || self.path.ends_with("/run")
    }
}

/// The numbers of the lines that break a rule, if it concerns the file.
pub(crate) fn lines_of(file: &File, is_concerned: bool, breaks: fn(&str) -> bool) -> Vec<usize> {
    if !is_concerned {
        return Vec::new();
    }
    let numbered = (1..).zip(file.text.lines());
    numbered
        .filter(|(_, line)| breaks(line))
        .map(|(number, _)| number)
        .collect()
}

/// Whether the line contains the pattern.
pub(crate) fn has(line: &str, pattern: &str) -> bool {
    line.contains(&plain(pattern))
}

/// Whether the line contains the word, and not merely within another.
pub(crate) fn has_word(line: &str, word: &str) -> bool {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    line.split(|character| !is_part(character))
        .any(|part| part == word)
}

/// The text that a pattern stands for.
pub(crate) fn plain(pattern: &str) -> String {
    pattern.replace('~', "")
}
