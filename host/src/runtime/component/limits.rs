//! Counts what a component is made of, while streaming over it and before anything else looks at it.
//!
//! Every number here is publisher-controlled. INVARIANT: what passes costs the validator bounded memory and stack,
//! whatever it claims about itself; the figures are generous multiples of what compilers write.

use std::ops::Range;

use wasmparser::{ComponentTypeRef, Instance, Parser, Payload};

use super::modules::Modules;
use super::nesting;
use super::{FEATURES, MANIFEST_SECTION, SCHEMA_SECTION};
use crate::runtime::code::Code;
use crate::runtime::refused::Problem;

/// Largest component, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// Size of the component's own types, imports, exports and wiring, summed. A reader holds up to some fifty bytes for
/// each byte of these.
const MAX_COMPONENT_BYTES: u64 = 1024 * 1024;

const MAX_SECTIONS: u64 = 10_000;
const MAX_PARTS: u64 = 64;
const MAX_PART_DEPTH: usize = 8;
const MAX_CORE_INSTANCES: u64 = 16;
const MAX_DECLARATIONS: u64 = 20_000;
const MAX_IMPORTS: u64 = 500;

/// What the outermost layer of a component says about itself.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    /// Its imports: the name, and whether it is an instance (an interface) rather than a bare thing.
    pub(super) imports: Vec<(&'a str, bool)>,
    /// The names of its exports.
    pub(super) exports: Vec<&'a str>,
    /// Contents of the manifest's custom sections. There should be one.
    pub(super) manifests: Vec<&'a [u8]>,
    /// Contents of the settings schema's custom sections. There should be at most one.
    pub(super) schemas: Vec<&'a [u8]>,
    /// Whether its types are of asynchronous components (WASI 0.3 and later).
    pub(super) asynchronous: bool,
}

/// Reads the outline, refusing what is beyond the limits.
pub(super) fn outline(bytes: &[u8]) -> Result<Outline<'_>, Problem> {
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    let (mut count, mut modules) = (Count::default(), Modules::default());
    let mut outline = Outline::default();
    let mut depth = 0_usize;
    for payload in parser.parse_all(bytes) {
        let payload = payload.map_err(damaged)?;
        if !matches!(payload, Payload::CodeSectionEntry(_)) {
            add(&mut count.sections, 1, MAX_SECTIONS, "sections")?;
        }
        match &payload {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => {
                depth += 1;
                add(&mut count.parts, 1, MAX_PARTS, "modules and components inside")?;
                if depth > MAX_PART_DEPTH {
                    return Err(too_complex(format!("components nest deeper than {MAX_PART_DEPTH}")));
                }
            }
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::CustomSection(section) if depth == 0 => match section.name() {
                MANIFEST_SECTION => outline.manifests.push(section.data()),
                SCHEMA_SECTION => outline.schemas.push(section.data()),
                _ => {}
            },
            _ => {}
        }
        count.component(bytes, &payload, (depth == 0).then_some(&mut outline))?;
        modules.count(&payload)?;
    }
    outline.asynchronous = count.types.asynchronous;
    Ok(outline)
}

/// The parser's complaint in our words.
pub(super) fn damaged(error: wasmparser::Error) -> Problem {
    if error.message().contains("component model") && error.message().contains("async") {
        let what = "the component is built with the async ABI, which this host does not run";
        return Problem::new(Code::Invalid, what)
            .help("build it with the synchronous ABI; with `wit-bindgen`, that is `--async=-all`");
    }
    Problem::new(
        Code::Invalid,
        format!("the component cannot be run: {} (at byte {})", error.message(), error.offset()),
    )
}

/// Adds to a total that may not pass `max`.
pub(super) fn add(total: &mut u64, more: u64, max: u64, what: &str) -> Result<(), Problem> {
    *total = total.saturating_add(more);
    if *total > max { Err(too_complex(format!("more than {max} {what}"))) } else { Ok(()) }
}

pub(super) fn too_complex(what: String) -> Problem {
    Problem::new(Code::TooComplex, format!("the component is too complex: {what}"))
        .help("build in release mode; if it is so large by itself, make two apps of it")
}

/// Running totals over the whole file, without its modules.
#[derive(Default)]
struct Count {
    sections: u64,
    parts: u64,
    component_bytes: u64,
    core_instances: u64,
    imports: u64,
    types: nesting::Found,
}

impl Count {
    /// Adds a section to the bytes of the component's own sections, before its contents are read.
    fn component_section(&mut self, range: &Range<usize>) -> Result<(), Problem> {
        add(&mut self.component_bytes, range.len() as u64, MAX_COMPONENT_BYTES, "bytes of types and wiring")
    }

    /// Counts a section of a component; the outermost component's imports and exports go into `outline`.
    fn component<'a>(
        &mut self,
        bytes: &'a [u8],
        payload: &Payload<'a>,
        outline: Option<&mut Outline<'a>>,
    ) -> Result<(), Problem> {
        match payload {
            Payload::ComponentTypeSection(section) => {
                let range = section.range();
                self.component_section(&range)?;
                let contents = bytes.get(range.clone()).unwrap_or_default();
                let walked = nesting::walk(contents, range.start, &mut self.types);
                if self.types.too_deep {
                    return Err(too_complex("its types nest too deep".to_owned()));
                }
                walked.map_err(damaged)?;
                add(&mut self.types.declarations, 0, MAX_DECLARATIONS, "types")
            }
            Payload::CoreTypeSection(section) => self.component_section(&section.range()),
            Payload::ComponentInstanceSection(section) => self.component_section(&section.range()),
            Payload::ComponentAliasSection(section) => self.component_section(&section.range()),
            Payload::ComponentCanonicalSection(section) => self.component_section(&section.range()),
            Payload::ComponentStartSection { range, .. } => self.component_section(range),
            Payload::InstanceSection(section) => {
                self.component_section(&section.range())?;
                for instance in section.clone() {
                    if let Instance::Instantiate { .. } = instance.map_err(damaged)? {
                        add(&mut self.core_instances, 1, MAX_CORE_INSTANCES, "core instances")?;
                    }
                }
                Ok(())
            }
            Payload::ComponentImportSection(section) => {
                self.component_section(&section.range())?;
                add(&mut self.imports, section.count().into(), MAX_IMPORTS, "imports and exports")?;
                let Some(outline) = outline else { return Ok(()) };
                for import in section.clone() {
                    let import = import.map_err(damaged)?;
                    outline.imports.push((import.name.name, matches!(import.ty, ComponentTypeRef::Instance(_))));
                }
                Ok(())
            }
            Payload::ComponentExportSection(section) => {
                self.component_section(&section.range())?;
                add(&mut self.imports, section.count().into(), MAX_IMPORTS, "imports and exports")?;
                let Some(outline) = outline else { return Ok(()) };
                for export in section.clone() {
                    outline.exports.push(export.map_err(damaged)?.name.name);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
