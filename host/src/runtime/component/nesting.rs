//! Walks the types of a component without recursion into the unknown.
//!
//! Instance and component types nest, three bytes a level, and the reader of the wasmparser crate follows them
//! by recursion: a small file could end the whole host by exhausting its stack. This walk counts the levels first.

use wasmparser::{BinaryReader, ComponentDefinedType, ComponentImport, ComponentType, Error};
use wasmparser::{InstanceTypeDeclaration, Result};

/// Deepest nesting of instance and component types. `wit-component` writes one level, composed components two or three.
const MAX_DEPTH: u32 = 16;

/// What a walk found out.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// How many types and declarations there are, at all depths.
    pub(super) declarations: u64,
    /// Whether any of them belongs to asynchronous components.
    pub(super) asynchronous: bool,
    /// Whether they nest deeper than allowed; nothing after that was read.
    pub(super) too_deep: bool,
}

/// Walks one type section of a component: the bytes from its count on.
pub(super) fn walk(section: &[u8], offset: usize, found: &mut Found) -> Result<()> {
    let mut reader = BinaryReader::new(section, offset);
    let count = reader.read_var_u32()?;
    for _ in 0..count {
        a_type(&mut reader, 0, found)?;
    }
    Ok(())
}

fn a_type(reader: &mut BinaryReader<'_>, depth: u32, found: &mut Found) -> Result<()> {
    const COMPONENT: u8 = 0x41;
    const INSTANCE: u8 = 0x42;
    found.declarations += 1;
    let mut ahead = reader.clone();
    if matches!(ahead.read_u8()?, COMPONENT | INSTANCE) {
        *reader = ahead;
        if depth == MAX_DEPTH {
            found.too_deep = true;
            return Err(too_deep(reader));
        }
        let count = reader.read_var_u32()?;
        for _ in 0..count {
            declaration(reader, depth + 1, found)?;
        }
        return Ok(());
    }
    found.asynchronous |= match reader.read::<ComponentType<'_>>()? {
        ComponentType::Func(func) => func.async_,
        ComponentType::Defined(defined) => {
            matches!(defined, ComponentDefinedType::Future(_) | ComponentDefinedType::Stream(_))
        }
        _ => false,
    };
    Ok(())
}

fn declaration(reader: &mut BinaryReader<'_>, depth: u32, found: &mut Found) -> Result<()> {
    const TYPE: u8 = 0x01;
    const IMPORT: u8 = 0x03;
    found.declarations += 1;
    let mut ahead = reader.clone();
    match ahead.read_u8()? {
        TYPE => {
            *reader = ahead;
            a_type(reader, depth, found)?;
        }
        IMPORT => {
            *reader = ahead;
            reader.read::<ComponentImport<'_>>()?;
        }
        // No other declaration holds a component or instance type.
        _ => {
            reader.read::<InstanceTypeDeclaration<'_>>()?;
        }
    }
    Ok(())
}

/// Any error will do to end the walk; the caller sees `too_deep` and says it in words.
fn too_deep(reader: &BinaryReader<'_>) -> Error {
    let nothing = BinaryReader::new(&[], reader.original_position()).read_u8();
    nothing.err().unwrap_or_else(|| unreachable!("there is no byte in nothing"))
}
