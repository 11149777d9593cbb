//! Counts what the core modules of a component are made of, down to each function's branches.
//!
//! Every number here is publisher-controlled. INVARIANT: what passes costs the validator time in proportion to
//! the file's size: operands of wide signatures, which a two-byte instruction can name, have a budget of their own.

use std::ops::Range;

use wasmparser::{BlockType, Encoding, FunctionBody, Operator, Payload, TypeRef};

use super::limits::{add, damaged, too_complex};
use crate::runtime::refused::Problem;
use crate::runtime::worker::MAX_ARTEFACT;

/// Largest memory a component may ask for at the start, in 64 KiB pages: what the host gives at most.
const MAX_INITIAL_PAGES: u64 = 1024;
/// Most elements of a table at the start: the engine's pool has tables of this size.
const MAX_TABLE_ELEMENTS: u64 = 20_000;

/// Sizes of everything but code, data and custom sections, summed over all modules.
const MAX_BYTES: u64 = 4 * 1024 * 1024;
const MAX_TYPES: u64 = 20_000;
const MAX_SIGNATURE: usize = 128;
const MAX_IMPORTS: u64 = 10_000;
const MAX_ITEMS: u64 = 20_000;
const MAX_FUNCTIONS: u64 = 100_000;
const MAX_MEMORIES: u64 = 4;
const MAX_TABLES: u64 = 8;
const MAX_LOCALS: u64 = 5_000;
const MAX_NESTING: usize = 512;
const MAX_BR_TABLE: u32 = 4_096;
/// Operands of calls, blocks and branches, all together. Each is an instruction of machine code, so with more of them the
/// artefact would be too large.
const MAX_OPERANDS: u64 = 10_000_000;
/// Branches times local variables, summed over all functions: what a compiler walks to find out where each value
/// comes from. A large program has some millions.
const MAX_FLOW: u64 = 50_000_000;
/// Bytes of machine code that a call, a call by way of a table, and an element read or written take at least: two to five
/// bytes of a component each. Measured: 11, 87 and 64.
const CALL_CODE: u64 = 8;
const CALL_INDIRECT_CODE: u64 = 48;
const ELEMENT_CODE: u64 = 32;
/// A branch table checks its labels one by one, each dearer than a call's operand.
const BR_TABLE_WEIGHT: u64 = 8;

/// Running totals over all modules of the file, and the signatures of the module being read.
#[derive(Default)]
pub(super) struct Modules {
    bytes: u64,
    types: u64,
    imports: u64,
    items: u64,
    functions: u64,
    memories: u64,
    tables: u64,
    operands: u64,
    code: u64,
    flow: u64,
    /// Of this module: parameters and results of each type.
    widths: Vec<Width>,
    /// Of this module: the type of each function.
    function_types: Vec<u32>,
}

#[derive(Clone, Copy, Default)]
struct Width {
    params: u64,
    results: u64,
}

impl Modules {
    /// Counts a section of a core module; anything else counts nothing.
    pub(super) fn count(&mut self, payload: &Payload<'_>) -> Result<(), Problem> {
        match payload {
            Payload::Version { encoding: Encoding::Module, .. } => {
                self.widths.clear();
                self.function_types.clear();
                Ok(())
            }
            Payload::TypeSection(section) => {
                self.section(&section.range(), 0)?;
                add(&mut self.types, section.count().into(), MAX_TYPES, "types in modules")?;
                for func in section.clone().into_iter_err_on_gc_types() {
                    let func = func.map_err(damaged)?;
                    let (params, results) = (func.params().len(), func.results().len());
                    if params > MAX_SIGNATURE || results > MAX_SIGNATURE {
                        return Err(too_complex(format!(
                            "a function with more than {MAX_SIGNATURE} parameters or results"
                        )));
                    }
                    self.widths.push(Width { params: params as u64, results: results as u64 });
                }
                Ok(())
            }
            Payload::ImportSection(section) => {
                self.section(&section.range(), 0)?;
                add(&mut self.imports, section.count().into(), MAX_IMPORTS, "imports of modules")?;
                for import in section.clone().into_imports() {
                    if let TypeRef::Func(of_type) | TypeRef::FuncExact(of_type) = import.map_err(damaged)?.ty {
                        add(&mut self.functions, 1, MAX_FUNCTIONS, "functions")?;
                        self.function_types.push(of_type);
                    }
                }
                Ok(())
            }
            Payload::FunctionSection(section) => {
                self.section(&section.range(), 0)?;
                add(&mut self.functions, section.count().into(), MAX_FUNCTIONS, "functions")?;
                for of_type in section.clone() {
                    self.function_types.push(of_type.map_err(damaged)?);
                }
                Ok(())
            }
            Payload::TableSection(section) => {
                add(&mut self.tables, section.count().into(), MAX_TABLES, "tables")?;
                for table in section.clone() {
                    if table.map_err(damaged)?.ty.initial > MAX_TABLE_ELEMENTS {
                        return Err(too_complex(format!("a table of more than {MAX_TABLE_ELEMENTS} elements")));
                    }
                }
                Ok(())
            }
            Payload::MemorySection(section) => {
                add(&mut self.memories, section.count().into(), MAX_MEMORIES, "memories")?;
                for memory in section.clone() {
                    if memory.map_err(damaged)?.initial > MAX_INITIAL_PAGES {
                        return Err(too_complex(format!(
                            "it starts with more than {} MiB of memory",
                            MAX_INITIAL_PAGES / 16
                        )));
                    }
                }
                Ok(())
            }
            Payload::TagSection(section) => self.section(&section.range(), section.count()),
            Payload::GlobalSection(section) => self.section(&section.range(), section.count()),
            Payload::ExportSection(section) => self.section(&section.range(), section.count()),
            Payload::ElementSection(section) => self.section(&section.range(), section.count()),
            Payload::DataSection(section) => self.section(&(0..0), section.count()),
            Payload::CodeSectionEntry(body) => self.function(body),
            _ => Ok(()),
        }
    }

    /// Adds a section's bytes and items, before its contents are read.
    fn section(&mut self, range: &Range<usize>, items: u32) -> Result<(), Problem> {
        add(&mut self.bytes, range.len() as u64, MAX_BYTES, "bytes of declarations in modules")?;
        add(&mut self.items, items.into(), MAX_ITEMS, "globals, exports and segments")
    }

    /// Counts the locals, the nesting and the operands of one function.
    fn function(&mut self, body: &FunctionBody<'_>) -> Result<(), Problem> {
        let mut locals = 0_u64;
        for group in body.get_locals_reader().map_err(damaged)? {
            add(&mut locals, group.map_err(damaged)?.0.into(), MAX_LOCALS, "local variables in a function")?;
        }
        let mut branches = 0_u64;
        // For each open block, the operands of the widest block open by then: a branch takes at most these.
        let mut labels: Vec<u64> = Vec::new();
        for operator in body.get_operators_reader().map_err(damaged)? {
            let operator = operator.map_err(damaged)?;
            branches += match &operator {
                Operator::Block { .. }
                | Operator::Loop { .. }
                | Operator::If { .. }
                | Operator::Else
                | Operator::Br { .. }
                | Operator::BrIf { .. } => 1,
                Operator::BrTable { targets } => u64::from(targets.len()) + 1,
                _ => 0,
            };
            let code = match &operator {
                Operator::Call { .. } | Operator::ReturnCall { .. } => CALL_CODE,
                Operator::CallIndirect { .. } | Operator::ReturnCallIndirect { .. } => CALL_INDIRECT_CODE,
                Operator::TableGet { .. } | Operator::TableSet { .. } => ELEMENT_CODE,
                _ => 0,
            };
            let operands = match operator {
                Operator::Block { blockty } | Operator::Loop { blockty } | Operator::If { blockty } => {
                    let width = self.of_block(blockty);
                    labels.push(width.max(widest(&labels)));
                    if labels.len() > MAX_NESTING {
                        return Err(too_complex(format!("blocks nest deeper than {MAX_NESTING}")));
                    }
                    width
                }
                Operator::End => labels.pop().unwrap_or_default(),
                Operator::Br { .. } | Operator::BrIf { .. } => widest(&labels),
                Operator::BrTable { targets } => {
                    if targets.len() > MAX_BR_TABLE {
                        return Err(too_complex(format!("a branch table of more than {MAX_BR_TABLE} targets")));
                    }
                    u64::from(targets.len()) * (widest(&labels) + 1) * BR_TABLE_WEIGHT
                }
                Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                    let of_type = self.function_types.get(function_index as usize);
                    of_type.map_or(0, |of_type| self.of_type(*of_type))
                }
                Operator::CallIndirect { type_index, .. } | Operator::ReturnCallIndirect { type_index, .. } => {
                    self.of_type(type_index)
                }
                _ => 0,
            };
            add(&mut self.code, code, MAX_ARTEFACT, "bytes of machine code")?;
            add(&mut self.operands, operands, MAX_OPERANDS, "operands of calls and branches")?;
        }
        add(&mut self.flow, branches * locals, MAX_FLOW, "branches times local variables")
    }

    fn of_type(&self, of_type: u32) -> u64 {
        self.widths.get(of_type as usize).map_or(0, |width| width.params + width.results)
    }

    fn of_block(&self, block: BlockType) -> u64 {
        match block {
            BlockType::Empty => 0,
            BlockType::Type(_) => 1,
            BlockType::FuncType(of_type) => self.of_type(of_type),
        }
    }
}

/// The operands of the widest open block.
fn widest(labels: &[u64]) -> u64 {
    labels.last().copied().unwrap_or_default()
}
