//! Every symbol of the interface, as the vendor's headers have it.

use anyhow::{Context, Result, ensure};

/// The functions and the callback types, in the order of the file.
pub(super) struct Table {
    pub(super) functions: Vec<Symbol>,
    pub(super) callbacks: Vec<Symbol>,
    /// (part of a name, what is missing): the first that fits names the area.
    areas: Vec<(String, String)>,
}

/// A function or a callback type.
pub(super) struct Symbol {
    pub(super) name: String,
    pub(super) signature: Signature,
}

/// Types as C writes them, without names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signature {
    pub(super) returns: String,
    pub(super) arguments: Vec<String>,
}

impl Table {
    pub(super) fn parse(symbols: &str, areas: &str) -> Result<Table> {
        let mut table = Table { functions: Vec::new(), callbacks: Vec::new(), areas: Vec::new() };
        for line in symbols.lines().skip(1).filter(|line| !line.is_empty()) {
            let mut columns = line.split('\t');
            let name = columns.next().unwrap_or_default();
            let returns =
                columns.next().with_context(|| format!("symbols.tsv: {name} has no return type"))?;
            let arguments = columns.next().unwrap_or_default().split(';').map(c_type);
            let arguments = arguments.filter(|argument| !argument.is_empty()).collect();
            let signature = Signature { returns: c_type(returns), arguments };
            match name.strip_prefix("callback ") {
                Some(name) => table.callbacks.push(Symbol { name: name.to_owned(), signature }),
                None => table.functions.push(Symbol { name: name.to_owned(), signature }),
            }
        }
        ensure!(!table.functions.is_empty(), "symbols.tsv names no function");
        for line in areas.lines().skip(1).filter(|line| !line.is_empty()) {
            let (part, area) =
                line.split_once('\t').with_context(|| format!("areas.tsv: no area: {line}"))?;
            table.areas.push((part.to_owned(), area.to_owned()));
        }
        Ok(table)
    }

    /// What Yidu does not have, of which this symbol is a part.
    pub(super) fn area(&self, name: &str) -> Result<&str> {
        let area = self.areas.iter().find(|(part, _)| name.contains(part.as_str()));
        let area = area.map(|(_, area)| area.as_str());
        area.with_context(|| format!("abi/areas.tsv has no line for {name}; add one, or write the function"))
    }
}

/// `const char *` and `const char*` are the same.
fn c_type(written: &str) -> String {
    written.split_whitespace().collect::<Vec<_>>().join(" ").replace(" *", "*")
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn spaces_before_a_star_mean_nothing() {
        let symbols = "symbol\treturns\targuments\nF\tint\tconst char *; enum E; const void*\ncallback C\tvoid\tint\nG\tint\t\n";
        let table = Table::parse(symbols, "part\tarea\nF\tfun\n").unwrap();
        assert_eq!(table.functions[0].signature.arguments, ["const char*", "enum E", "const void*"]);
        assert!(table.functions[1].signature.arguments.is_empty());
        assert_eq!(table.callbacks[0].name, "C");
        assert_eq!(table.area("XFX").unwrap(), "fun");
        assert!(table.area("G").unwrap_err().to_string().contains("add one"));
    }
}
