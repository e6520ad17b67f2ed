//! TypeScript codecs of the web SDK, from the same `.proto` files.
//!
//! The npm plugin `ts-proto` writes them; protox takes the place of protoc. A browser pays for every byte, so what it
//! sends gets encoders only, what it receives decoders only, and what no web client does is left out before the plugin
//! sees it: an unknown field is skipped by the decoder anyway.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use protox::prost_reflect::prost::Message as _;
use protox::prost_reflect::prost_types::compiler::{CodeGeneratorRequest, CodeGeneratorResponse};
use protox::prost_reflect::prost_types::field_descriptor_proto::Type;
use protox::prost_reflect::prost_types::field_options::JsType;
use protox::prost_reflect::prost_types::{
    DescriptorProto, FieldOptions, FileDescriptorProto, FileDescriptorSet,
};

use super::GenFile;
use super::protos::{PACKAGE, descriptors};

const GEN_DIR: &str = "web/sdk/src/gen";
const PLUGIN: &str = "web/node_modules/ts-proto/protoc-gen-ts_proto";

/// For both files. Numbers of 64 bits are JavaScript numbers, which hold every seq and time.
const OPTIONS: &str = "oneof=unions-value,outputJsonMethods=false,outputPartialMethods=false,esModuleInterop=true,\
     enumsAsLiterals=true,unrecognizedEnum=false,removeEnumPrefix=true,useJsTypeOverride=true,env=both,\
     annotateFilesWithVersion=false,outputExtensions=false";

/// What one generated file holds: everything that its root message needs.
struct Half {
    file: &'static str,
    root: &'static str,
    options: &'static str,
}

const HALVES: [Half; 2] = [
    Half { file: "client", root: "ClientFrame", options: "outputEncodeMethods=encode-only,useOptionals=all" },
    Half { file: "server", root: "ServerFrame", options: "outputEncodeMethods=decode-only" },
];

/// Fields that the web SDK has no use for: the work of administrators, files and their like, which it shows as elements
/// of an unknown kind.
const LEFT_OUT: [&str; 10] = [
    "import_accounts",
    "delete_accounts",
    "kick_account",
    "get_settings",
    "modify_settings",
    "image",
    "file",
    "sound",
    "video",
    "merge",
];

/// Numbers beyond 2⁵³, which are strings in TypeScript.
const LARGE: [&str; 3] = ["tinyid", "cursor", "next_cursor"];

/// Writes the generated files. Does nothing but say so where the plugin is not installed, since Rust needs none of it.
pub(super) fn write(root: &Path) -> Result<()> {
    if !root.join(PLUGIN).exists() {
        println!("{GEN_DIR} left as it is: run `npm ci` in web/ first to have it written too");
        return Ok(());
    }
    super::write_files(root, &files(root)?)
}

/// Fails, naming the files, when what is committed is not what the protos give. Needs `npm ci`.
pub(crate) fn check(root: &Path) -> Result<()> {
    super::check_files(root, &files(root)?)
}

fn files(root: &Path) -> Result<Vec<GenFile>> {
    let set = descriptors(root)?;
    HALVES.iter().map(|half| plugin(root, half, half.needs(&set)?)).collect()
}

impl Half {
    /// One file with the root and whatever it needs, in the order of the protos.
    fn needs(&self, set: &FileDescriptorSet) -> Result<FileDescriptorProto> {
        let mut messages: BTreeMap<&str, DescriptorProto> = BTreeMap::new();
        for message in set.file.iter().flat_map(|file| &file.message_type) {
            messages.insert(message.name(), trimmed(message));
        }
        ensure!(messages.contains_key(self.root), "no message {} in package {PACKAGE}", self.root);
        let mut needed = BTreeSet::from([self.root.to_owned()]);
        let mut unseen = vec![self.root.to_owned()];
        while let Some(name) = unseen.pop() {
            let Some(message) = messages.get(name.as_str()) else { continue };
            let found = names_in(message).into_iter().filter(|found| needed.insert(found.clone()));
            unseen.extend(found.collect::<Vec<_>>());
        }
        let all = || set.file.iter();
        let is_needed = |name: &str| needed.contains(name);
        let message_type = all().flat_map(|file| &file.message_type);
        let message_type = message_type.filter(|message| is_needed(message.name())).map(trimmed).collect();
        let enum_type = all().flat_map(|file| &file.enum_type);
        let enum_type = enum_type.filter(|kind| is_needed(kind.name())).cloned().collect();
        Ok(FileDescriptorProto {
            name: Some(format!("{}.proto", self.file)),
            package: Some(PACKAGE.to_owned()),
            syntax: Some("proto3".to_owned()),
            message_type,
            enum_type,
            ..FileDescriptorProto::default()
        })
    }
}

fn trimmed(message: &DescriptorProto) -> DescriptorProto {
    let mut message = message.clone();
    message.field.retain(|field| !LEFT_OUT.contains(&field.name()));
    for field in &mut message.field {
        if field.r#type() == Type::Uint64 && LARGE.contains(&field.name()) {
            let options = FieldOptions { jstype: Some(JsType::JsString.into()), ..FieldOptions::default() };
            field.options = Some(options);
        }
    }
    message
}

/// Top-level types that a message and those nested in it name.
fn names_in(message: &DescriptorProto) -> Vec<String> {
    let prefix = format!(".{PACKAGE}.");
    let of_package = |name: &str| name.strip_prefix(&prefix)?.split('.').next().map(str::to_owned);
    let own = message.field.iter().filter_map(|field| of_package(field.type_name()));
    own.chain(message.nested_type.iter().flat_map(names_in)).collect()
}

fn plugin(root: &Path, half: &Half, file: FileDescriptorProto) -> Result<GenFile> {
    let request = CodeGeneratorRequest {
        file_to_generate: vec![file.name().to_owned()],
        parameter: Some(format!("{OPTIONS},{}", half.options)),
        proto_file: vec![file],
        compiler_version: None,
    };
    let mut child = Command::new("node")
        .arg(root.join(PLUGIN))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start node, which runs the ts-proto plugin")?;
    // Dropped at once: the plugin reads to the end before it writes.
    child.stdin.take().context("the plugin has no input")?.write_all(&request.encode_to_vec())?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "the ts-proto plugin ended with {}", output.status);
    let response = CodeGeneratorResponse::decode(output.stdout.as_slice())?;
    if let Some(error) = response.error {
        bail!("the ts-proto plugin: {error}");
    }
    let text = response.file.into_iter().find_map(|file| file.content);
    let text = text.with_context(|| format!("the ts-proto plugin wrote no {}.ts", half.file))?;
    Ok(GenFile { path: format!("{GEN_DIR}/{}.ts", half.file), bytes: text.into_bytes() })
}
