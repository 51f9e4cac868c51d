//! The layers of `src/`, held to their order: no module uses one that is declared after it in `lib.rs`, and no file
//! grows past 400 lines.
//!
//! Blank lines between the `mod` lines of `lib.rs` form groups. A module uses the groups above its own; those beside it
//! in its group it does not see.

use std::fs;
use std::path::{Path, PathBuf};

/// Lines a file may have before its unit tests.
const LONGEST: usize = 400;

/// What a module may use beside the groups above its own, and why.
const ALLOWED: &[(&str, &str, &str)] =
    &[("tape", "dual", "a `statement` is differentiated forward, on dual numbers, while it is recorded")];

/// The modules of `lib.rs`, each with the number of its group.
struct Order(Vec<(String, usize)>);

impl Order {
    fn of(lib: &str) -> Order {
        let (mut modules, mut group, mut blank) = (Vec::new(), 0, false);
        for line in lib.lines().map(str::trim) {
            if line.is_empty() {
                blank = true;
            }
            let starts = ["pub mod ", "pub(crate) mod ", "mod "];
            let declared = starts.iter().find_map(|start| line.strip_prefix(start));
            // The prelude has a body, in braces: it is a list of names, not a layer.
            if let Some(name) = declared.and_then(|rest| rest.strip_suffix(';')) {
                group += usize::from(blank && !modules.is_empty());
                modules.push((name.to_owned(), group));
                blank = false;
            }
        }
        Order(modules)
    }

    fn group(&self, module: &str) -> Option<usize> {
        self.0.iter().find(|(name, _)| name == module).map(|&(_, group)| group)
    }

    /// Whether code in `module` may name `used`.
    fn allows(&self, module: &str, used: &str) -> bool {
        let (Some(own), Some(other)) = (self.group(module), self.group(used)) else {
            return module == used;
        };
        let excepted = ALLOWED.iter().any(|&(from, to, _)| (from, to) == (module, used));
        module == used || other < own || excepted
    }
}

/// The code of a source: neither comments, nor documentation, nor what stands in quotes.
fn code(source: &str) -> String {
    let (mut code, mut rest) = (String::new(), source);
    while let Some(c) = rest.chars().next() {
        let skipped = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => closing_quote(rest),
            // A quote as a character would open a string that never ends.
            '\'' if rest.starts_with("'\"'") => 3,
            _ => 0,
        };
        if skipped == 0 {
            code.push(c);
        } else {
            // What is left out still ends lines and separates names.
            code.extend(std::iter::repeat_n('\n', rest[..skipped].matches('\n').count()));
            code.push(' ');
        }
        rest = &rest[skipped.max(c.len_utf8())..];
    }
    code
}

/// The length of the string literal at the start of `text`.
fn closing_quote(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

/// The names of the crate's root that `code` uses, with their lines: of `crate::x`, of `crate::{x, y::z}`, and, where
/// `super` is the root, of `super::x`.
fn used(code: &str, super_is_root: bool) -> Vec<(usize, String)> {
    let mut used = Vec::new();
    let prefixes: &[&str] = if super_is_root { &["crate::", "super::"] } else { &["crate::"] };
    for prefix in prefixes {
        for (at, _) in code.match_indices(prefix) {
            if code[..at].ends_with(|c: char| c == ':' || c == '_' || c.is_alphanumeric()) {
                continue;
            }
            let line = code[..at].matches('\n').count() + 1;
            for name in first_names(&code[at + prefix.len()..]) {
                used.push((line, name));
            }
        }
    }
    used
}

/// The first name of a path, or of each path in braces.
fn first_names(path: &str) -> Vec<String> {
    let name = |text: &str| text.chars().take_while(|&c| c == '_' || c.is_alphanumeric()).collect::<String>();
    let Some(list) = path.trim_start().strip_prefix('{') else {
        return vec![name(path.trim_start())];
    };
    let (mut names, mut depth, mut fresh) = (Vec::new(), 1, true);
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => fresh = true,
            _ if fresh && !c.is_whitespace() => {
                names.push(name(&list[at..]));
                fresh = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    names
}

/// What is wrong with the file at `path`, relative to `src/`.
fn faults(order: &Order, path: &Path, source: &str) -> Vec<String> {
    let shown = path.display();
    let mut faults = Vec::new();
    let lines = source.lines().take_while(|line| line.trim() != "#[cfg(test)]").count();
    if lines > LONGEST {
        faults.push(format!("{shown} has {lines} lines, more than {LONGEST}"));
    }
    let first = path.components().next().map(|part| part.as_os_str().to_string_lossy().into_owned());
    let module = first.unwrap_or_default().trim_end_matches(".rs").to_owned();
    if module == "lib" {
        return faults;
    }
    if order.group(&module).is_none() {
        faults.push(format!("{shown} belongs to no module that lib.rs declares"));
    }
    let super_is_root = path.components().count() == 1 || path.ends_with(Path::new(&module).join("mod.rs"));
    for (line, name) in used(&code(source), super_is_root) {
        if order.group(&name).is_some() && !order.allows(&module, &name) {
            faults.push(format!("{shown}:{line} uses `{name}`, which is not above `{module}` in lib.rs"));
        }
    }
    faults
}

fn source_directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn sources(directory: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the sources are there") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

#[test]
fn no_module_uses_one_declared_after_or_beside_it_and_no_file_is_too_long() {
    let root = source_directory();
    let order = Order::of(&fs::read_to_string(root.join("lib.rs")).expect("lib.rs is there"));
    assert!(
        order.0.len() >= 5 && order.0.last().is_some_and(|&(_, group)| group >= 2),
        "lib.rs was not understood"
    );
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > order.0.len(), "{} files are not all of them", files.len());
    let mut all = Vec::new();
    for file in files {
        let source = fs::read_to_string(&file).expect("a readable source");
        all.extend(faults(&order, file.strip_prefix(&root).expect("below src"), &source));
    }
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    for &(from, to, reason) in ALLOWED {
        let mut files = Vec::new();
        sources(&source_directory().join(from), &mut files);
        let uses = |file: &PathBuf| used(&code(&fs::read_to_string(file).expect("readable")), false);
        assert!(
            files.iter().flat_map(uses).any(|(_, name)| name == to),
            "{from} no longer uses {to}: {reason}"
        );
    }
}

const MADE_UP: &str = "//! Docs.

pub mod low;
pub mod base;

pub mod dual;
/// Docs.
pub mod tape;

pub mod top;

pub mod prelude {
    pub use crate::top::X;
}
";

fn faults_of(path: &str, source: &str) -> Vec<String> {
    faults(&Order::of(MADE_UP), Path::new(path), source)
}

#[test]
fn the_order_and_the_groups_are_read_from_the_root() {
    let order = Order::of(MADE_UP);
    let groups = ["low", "base", "dual", "tape", "top", "prelude"].map(|module| order.group(module));
    assert_eq!(groups, [Some(0), Some(0), Some(1), Some(1), Some(2), None]);
}

#[test]
fn a_planted_upward_import_is_reported() {
    let planted = [
        ("base.rs", "use crate::tape::Var;"),
        ("base.rs", "use super::tape::Var;"),
        ("base/mod.rs", "pub(crate) use super::top;"),
        ("base/deep/er.rs", "fn f() -> crate::top::X { x() }"),
        ("tape/var.rs", "use crate::{base::X, top::{self, Y}, low};"),
        ("base/x.rs", "macro_rules! m { () => { $crate::dual::Dual } }"),
        ("base.rs", "const QUOTE: char = '\"'; use crate::dual::Dual; const END: char = '\"';"),
        // Beside one another.
        ("base.rs", "use crate::low::X;"),
        ("dual.rs", "use crate::tape::Var;"),
        ("stray.rs", "fn f() {}"),
    ];
    for (path, source) in planted {
        let source = format!("//! Docs.\n\n{source}\n");
        let found = faults_of(path, &source);
        assert_eq!(found.len(), 1, "{source} in {path}: {found:?}");
        assert!(path == "stray.rs" || found[0].contains(&format!("{path}:3")), "{found:?}");
    }
}

#[test]
fn downward_imports_documentation_and_the_prelude_are_not_reported() {
    let fine = [
        (
            "tape/var.rs",
            "use crate::base::{X, Y};\nuse crate::dual::Duals;\nuse crate::tape::Var;\nuse super::top;",
        ),
        ("top.rs", "use crate::{base, low::X, tape::{Var, dual}};\nuse super::dual;"),
        ("base.rs", "//! [`Var`](crate::tape::Var)\n/// use crate::top::X;\nfn f() {} // crate::top::X"),
        ("base.rs", "/* crate::top::X */ const TEXT: &str = \"\\\" crate::top::X\"; use crate::base::y;"),
        ("base.rs", "fn f() { mycrate::tape::f(); other::crate_::tape::g(); }"),
        ("lib.rs", MADE_UP),
    ];
    for (path, source) in fine {
        assert_eq!(faults_of(path, source), [""; 0], "{source} in {path}");
    }
}

#[test]
fn a_file_of_more_than_400_lines_is_reported() {
    let lines = |n: usize| "fn f() {}\n".repeat(n);
    assert_eq!(faults_of("top.rs", &lines(400)).len(), 0);
    assert_eq!(faults_of("top.rs", &lines(401)), ["top.rs has 401 lines, more than 400"]);
    // The unit tests at the end do not count.
    assert_eq!(faults_of("top.rs", &(lines(400) + "#[cfg(test)]\nmod tests {}\n" + &lines(99))).len(), 0);
    assert_eq!(faults_of("top.rs", &(lines(401) + "#[cfg(test)]\nmod tests {}\n")).len(), 1);
}
