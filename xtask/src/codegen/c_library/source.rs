//! What is written by hand: exported functions, callback types and enums, with their comments.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use quote::ToTokens;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Attribute, Expr, Ident, Item, Token, braced};

use super::table::{Signature, Symbol, Table};

pub(super) struct Source {
    pub(super) groups: Vec<Group>,
    pub(super) callbacks: Vec<Function>,
    pub(super) enums: Vec<Enum>,
}

/// The functions of one file.
pub(super) struct Group {
    /// Its module in `abi`.
    pub(super) module: String,
    pub(super) about: Vec<String>,
    pub(super) functions: Vec<Function>,
}

/// A function, or a callback type.
pub(super) struct Function {
    pub(super) name: String,
    pub(super) about: Vec<String>,
    pub(super) signature: Signature,
    pub(super) arguments: Vec<String>,
}

pub(super) struct Enum {
    pub(super) name: String,
    pub(super) about: Vec<String>,
    pub(super) values: Vec<Value>,
}

pub(super) struct Value {
    pub(super) name: String,
    pub(super) about: Vec<String>,
    pub(super) number: i64,
}

impl Source {
    pub(super) fn read(src: &Path) -> Result<Source> {
        let mut source = Source { groups: Vec::new(), callbacks: Vec::new(), enums: Vec::new() };
        let mut files: Vec<_> =
            fs::read_dir(src.join("abi"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        files.sort();
        for path in files.iter().filter(|path| path.extension().is_some_and(|ext| ext == "rs")) {
            let file = parse(path)?;
            let functions = file.items.iter().filter_map(exported).collect::<Result<Vec<_>>>()?;
            if !functions.is_empty() {
                let module = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
                source.groups.push(Group { module, about: docs(&file.attrs), functions });
            }
        }
        for item in parse(&src.join("ffi/types.rs"))?.items {
            source.callbacks.extend(callback(&item)?);
        }
        for item in parse(&src.join("ffi/enums.rs"))?.items {
            if let Item::Macro(item) = item
                && item.mac.path.is_ident("c_enums")
            {
                source.enums.extend(item.mac.parse_body::<Enums>()?.0);
            }
        }
        ensure!(!source.enums.is_empty(), "ffi/enums.rs holds no `c_enums!`");
        Ok(source)
    }

    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.groups.iter().flat_map(|group| &group.functions).find(|function| function.name == name)
    }

    /// The module of `abi` that has the function.
    pub(super) fn module_of(&self, name: &str) -> &str {
        let holds = |group: &&Group| group.functions.iter().any(|function| function.name == name);
        self.groups.iter().find(holds).map_or("out_of_scope", |group| group.module.as_str())
    }

    pub(super) fn callback(&self, name: &str) -> Option<&Function> {
        self.callbacks.iter().find(|callback| callback.name == name)
    }

    /// What is written by hand has the signature of the table.
    pub(super) fn check_against(&self, table: &Table) -> Result<()> {
        let functions = self.groups.iter().flat_map(|group| &group.functions);
        for function in functions {
            compare(function, &table.functions)?;
        }
        self.callbacks.iter().try_for_each(|callback| compare(callback, &table.callbacks))
    }
}

fn compare(written: &Function, table: &[Symbol]) -> Result<()> {
    let name = &written.name;
    let listed = table.iter().find(|symbol| symbol.name == *name);
    let listed = listed.with_context(|| format!("{name} is not in abi/symbols.tsv"))?;
    ensure!(
        written.signature == listed.signature,
        "{name} is {:?} in Rust and {:?} in abi/symbols.tsv",
        written.signature,
        listed.signature
    );
    Ok(())
}

fn parse(path: &Path) -> Result<syn::File> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    syn::parse_file(&text).with_context(|| format!("{} is not Rust", path.display()))
}

/// The function, if it is exported.
fn exported(item: &Item) -> Option<Result<Function>> {
    let Item::Fn(item) = item else { return None };
    let no_mangle = |attribute: &Attribute| attribute.to_token_stream().to_string().contains("no_mangle");
    if !item.attrs.iter().any(no_mangle) {
        return None;
    }
    let inputs = item.sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some((typed.pat.to_token_stream().to_string(), &*typed.ty)),
        syn::FnArg::Receiver(_) => None,
    });
    Some(function(item.sig.ident.to_string(), docs(&item.attrs), inputs, &item.sig.output))
}

/// The callback type, if the item is one: `pub type Name = Option<unsafe extern "C" fn(…)>`.
fn callback(item: &Item) -> Result<Option<Function>> {
    let Item::Type(item) = item else { return Ok(None) };
    let syn::Type::Path(path) = &*item.ty else { return Ok(None) };
    let Some(last) = path.path.segments.last() else { return Ok(None) };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return Ok(None) };
    let Some(syn::GenericArgument::Type(syn::Type::BareFn(bare))) = arguments.args.first() else {
        return Ok(None);
    };
    let inputs = bare.inputs.iter().map(|input| {
        let name = input.name.as_ref().map_or_else(String::new, |(name, _)| name.to_string());
        (name, &input.ty)
    });
    function(item.ident.to_string(), docs(&item.attrs), inputs, &bare.output).map(Some)
}

fn function<'a>(
    name: String,
    about: Vec<String>,
    inputs: impl Iterator<Item = (String, &'a syn::Type)>,
    output: &syn::ReturnType,
) -> Result<Function> {
    let returns = match output {
        syn::ReturnType::Default => "void".to_owned(),
        syn::ReturnType::Type(_, ty) => c_type(ty).with_context(|| name.clone())?,
    };
    let (mut names, mut types) = (Vec::new(), Vec::new());
    for (argument, ty) in inputs {
        types.push(c_type(ty).with_context(|| name.clone())?);
        names.push(argument);
    }
    ensure!(!about.is_empty(), "{name} has no comment; it is the documentation of the header");
    Ok(Function { name, about, signature: Signature { returns, arguments: types }, arguments: names })
}

/// The C type that a Rust type of the room `ffi` stands for.
fn c_type(ty: &syn::Type) -> Result<String> {
    let rust = ty.to_token_stream().to_string().replace(' ', "");
    if let Some(name) = rust.strip_prefix("Enum<").and_then(|rest| rest.strip_suffix('>')) {
        return Ok(format!("enum {name}"));
    }
    Ok(match rust.as_str() {
        "Text" | "Out" | "*constc_char" => "const char*".to_owned(),
        "Buffer" => "char*".to_owned(),
        "UserData" => "const void*".to_owned(),
        "c_int" => "int".to_owned(),
        "bool" => "bool".to_owned(),
        "i32" => "int32_t".to_owned(),
        "u32" => "uint32_t".to_owned(),
        "i64" => "int64_t".to_owned(),
        "u64" => "uint64_t".to_owned(),
        callback if callback.starts_with("TIM") && callback.ends_with("Callback") => callback.to_owned(),
        other => bail!("{other} is no type of the C interface"),
    })
}

fn docs(attributes: &[Attribute]) -> Vec<String> {
    attributes.iter().filter_map(doc).collect()
}

fn doc(attribute: &Attribute) -> Option<String> {
    let syn::Meta::NameValue(meta) = &attribute.meta else { return None };
    let Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value else { return None };
    let text = text.value();
    meta.path.is_ident("doc").then(|| text.strip_prefix(' ').unwrap_or(&text).to_owned())
}

/// The body of `c_enums!`.
struct Enums(Vec<Enum>);

impl Parse for Enums {
    fn parse(input: ParseStream<'_>) -> syn::Result<Enums> {
        let mut enums = Vec::new();
        while !input.is_empty() {
            let about = docs(&input.call(Attribute::parse_outer)?);
            let name = input.parse::<Ident>()?.to_string();
            let body;
            braced!(body in input);
            let values: Punctuated<Value, Token![,]> = body.parse_terminated(Value::parse, Token![,])?;
            enums.push(Enum { name, about, values: values.into_iter().collect() });
        }
        Ok(Enums(enums))
    }
}

impl Parse for Value {
    fn parse(input: ParseStream<'_>) -> syn::Result<Value> {
        let about = docs(&input.call(Attribute::parse_outer)?);
        let name = input.parse::<Ident>()?.to_string();
        input.parse::<Token![=]>()?;
        let expression = input.parse::<Expr>()?;
        let number = number(&expression)
            .ok_or_else(|| syn::Error::new_spanned(&expression, "not a number that the header can show"))?;
        Ok(Value { name, about, number })
    }
}

fn number(expression: &Expr) -> Option<i64> {
    match expression {
        Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => number.base10_parse().ok(),
        Expr::Unary(syn::ExprUnary { op: syn::UnOp::Neg(_), expr, .. }) => number(expr).map(|number| -number),
        Expr::Path(path) if path.to_token_stream().to_string().replace(' ', "") == "i32::MIN" => {
            Some(i64::from(i32::MIN))
        }
        _ => None,
    }
}
