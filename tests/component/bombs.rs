//! Hand-made files that claim more than they should: each is refused, in words, before it costs much.

use storehand_host::runtime::code::Code;
use storehand_host::runtime::component::{embed, inspect};

/// Writes a component byte by byte, because no honest tool writes these.
pub struct Hand(Vec<u8>);

impl Hand {
    pub fn new() -> Hand {
        Hand(b"\0asm\x0d\0\x01\0".to_vec())
    }

    fn section(mut self, id: u8, contents: &[u8]) -> Hand {
        self.0.push(id);
        leb(&mut self.0, contents.len());
        self.0.extend_from_slice(contents);
        self
    }

    /// A core module with these sections.
    fn module(self, sections: &[(u8, Vec<u8>)]) -> Hand {
        let mut module = b"\0asm\x01\0\0\0".to_vec();
        for (id, contents) in sections {
            module.push(*id);
            leb(&mut module, contents.len());
            module.extend_from_slice(contents);
        }
        self.section(1, &module)
    }

    /// Imports a function under a name that should be an interface's.
    pub fn import_func(&mut self, name: &str) {
        let mut import = vec![1, 0];
        leb(&mut import, name.len());
        import.extend_from_slice(name.as_bytes());
        import.extend_from_slice(&[1, 0]);
        let typed = std::mem::replace(self, Hand::new()).section(7, &[1, 0x40, 0, 1, 0]);
        *self = typed.section(10, &import);
    }

    pub fn finish(&self) -> Vec<u8> {
        self.0.clone()
    }
}

fn leb(into: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        into.push(number as u8 | 0x80);
        number >>= 7;
    }
    into.push(number as u8);
}

/// A count and then so many times the same item.
fn many(count: usize, item: &[u8]) -> Vec<u8> {
    let mut section = Vec::with_capacity(count * item.len() + 5);
    leb(&mut section, count);
    section.extend(item.repeat(count));
    section
}

const TYPES: u8 = 1;
const FUNCTIONS: u8 = 3;
const CODE: u8 = 10;

/// A module with one function of this body (locals and all).
fn one_function(body: &[u8]) -> Hand {
    let mut code = vec![1];
    leb(&mut code, body.len());
    code.extend_from_slice(body);
    Hand::new().module(&[(TYPES, vec![1, 0x60, 0, 0]), (FUNCTIONS, vec![1, 0]), (CODE, code)])
}

/// So many functions, each with so many calls of the first one.
fn calls_in_functions(functions: usize, calls: usize) -> Vec<u8> {
    let body = [&[0][..], &[0x10, 0].repeat(calls), &[0x0b]].concat();
    let mut sized = Vec::new();
    leb(&mut sized, body.len());
    sized.extend(body);
    let sections = [(TYPES, vec![1, 0x60, 0, 0]), (FUNCTIONS, many(functions, &[0])), (CODE, many(functions, &sized))];
    Hand::new().module(&sections).0
}

/// Every bomb: its name, the file, and words of the refusal.
pub fn all() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let nested = |levels: usize| {
        let mut types = vec![1];
        types.extend([0x42, 1, 1].repeat(levels));
        types.extend([0x42, 0]);
        types
    };
    let deep_blocks = [&[0][..], &[0x02, 0x40].repeat(100_000), &[0x0b].repeat(100_001)].concat();
    let mut branch_table = vec![0, 0x41, 0, 0x0e];
    leb(&mut branch_table, 100_000);
    branch_table.extend(vec![0; 100_001]);
    branch_table.push(0x0b);
    let few_targets = [&[0x41, 0, 0x0e, 0x80, 0x20][..], &[0; 4097]].concat();
    let many_tables = [&[0][..], &few_targets.repeat(1_000), &[0x0b]].concat();
    let mut wide_calls = vec![1, 0x60];
    leb(&mut wide_calls, 128);
    wide_calls.extend(vec![0x7f; 128]);
    wide_calls.push(0);
    let call_itself = [&[0, 0x00][..], &[0x10, 0].repeat(300_000), &[0x0b]].concat();
    let mut one_call = vec![1];
    leb(&mut one_call, call_itself.len());
    one_call.extend(call_itself);
    let mut wide = vec![1, 0x60];
    leb(&mut wide, 1000);
    wide.extend(vec![0x7f; 1000]);
    wide.push(0);
    let mut imports = Vec::new();
    leb(&mut imports, 100_000);
    for number in 0..100_000 {
        imports.extend(format!("\0\x06a{number:05}\x01\0").bytes());
    }
    let module_import = many(1_000_000, &[0, 0, 0, 0]);
    let functions = |count: usize| {
        let bodies = many(count, &[2, 0, 0x0b]);
        Hand::new().module(&[(TYPES, vec![1, 0x60, 0, 0]), (FUNCTIONS, many(count, &[0])), (CODE, bodies)])
    };
    let table = |elements: &[u8]| [&[0x70, 0][..], elements].concat();

    vec![
        ("a million types", Hand::new().section(7, &many(1_000_000, &[0x7f])).0, "types"),
        ("five megabytes of types", Hand::new().section(7, &many(5_000_000, &[0x7f])).0, "bytes of types and wiring"),
        ("a hundred thousand types", Hand::new().section(7, &many(100_000, &[0x7f])).0, "types"),
        ("types nested a hundred thousand deep", Hand::new().section(7, &nested(100_000)).0, "nest too deep"),
        ("types nested three hundred thousand deep", Hand::new().section(7, &nested(300_000)).0, "nest too deep"),
        (
            "a hundred thousand imports",
            Hand::new().section(7, &[1, 0x40, 0, 1, 0]).section(10, &imports).0,
            "imports and exports",
        ),
        (
            "a thousand modules",
            (0..1_000).fold(Hand::new(), |hand, _| hand.module(&[])).0,
            "modules and components inside",
        ),
        (
            "components in components",
            (0..100).fold(Hand::new(), |inner, _| Hand::new().section(4, &inner.0)).0,
            "nest deeper",
        ),
        (
            "a million empty sections",
            Hand::new().0.into_iter().chain([0, 1, 0].repeat(1_000_000)).collect(),
            "sections",
        ),
        ("two hundred thousand functions", functions(200_000).0, "functions"),
        ("sixty thousand locals", one_function(&[1, 0xe0, 0xd4, 0x03, 0x7f, 0x0b]).0, "local variables"),
        (
            "four thousand million locals",
            one_function(&[2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7e, 0x0b]).0,
            "local variables",
        ),
        ("blocks a hundred thousand deep", one_function(&deep_blocks).0, "blocks nest deeper"),
        ("a branch table of a hundred thousand", one_function(&branch_table).0, "branch table of more than"),
        ("a thousand full branch tables", one_function(&many_tables).0, "operands of calls and branches"),
        (
            "a hundred operands in two bytes",
            Hand::new().module(&[(TYPES, wide_calls), (FUNCTIONS, vec![1, 0]), (CODE, one_call)]).0,
            "operands of calls and branches",
        ),
        ("a function of a thousand parameters", Hand::new().module(&[(TYPES, wide)]).0, "parameters or results"),
        (
            "a million types in a module",
            Hand::new().module(&[(TYPES, many(1_000_000, &[0x60, 0, 0]))]).0,
            "too complex",
        ),
        (
            "a million imports of a module",
            Hand::new().module(&[(TYPES, vec![1, 0x60, 0, 0]), (2, module_import)]).0,
            "too complex",
        ),
        ("a million globals", Hand::new().module(&[(6, many(1_000_000, &[0x7f, 0, 0x41, 0, 0x0b]))]).0, "too complex"),
        (
            "a million segments",
            Hand::new().module(&[(5, vec![1, 0, 1]), (11, many(1_000_000, &[1, 0]))]).0,
            "too complex",
        ),
        (
            "five thousand locals across twenty thousand loops",
            one_function(&[&[1, 0x88, 0x27, 0x7f][..], &[0x03, 0x40, 0x0b].repeat(20_000), &[0x0b]].concat()).0,
            "branches times local variables",
        ),
        ("eight million calls", calls_in_functions(8_000, 1_000), "bytes of machine code"),
        ("ten memories", Hand::new().module(&[(5, many(10, &[0, 1]))]).0, "memories"),
        (
            "four gigabytes of memory",
            Hand::new().module(&[(5, vec![1, 0, 0x80, 0x80, 0x04])]).0,
            "more than 64 MiB of memory",
        ),
        ("twenty tables", Hand::new().module(&[(4, many(20, &table(&[1])))]).0, "tables"),
        ("a table of a million", Hand::new().module(&[(4, many(1, &table(&[0xc0, 0x84, 0x3d])))]).0, "elements"),
        ("a hundred instances", Hand::new().module(&[]).section(2, &many(100, &[0, 0, 0])).0, "core instances"),
        (
            "a module type of a million declarations",
            Hand::new().section(3, &[&[1, 0x50][..], &many(1_000_000, &[1, 0x60, 0, 0])].concat()).0,
            "too complex",
        ),
    ]
}

#[test]
fn every_bomb_is_refused_in_words() {
    for (name, bytes, words) in all() {
        let refused = inspect(&bytes).unwrap_err();
        let problem = &refused.problems[0];
        assert_eq!(problem.code, Code::TooComplex, "{name}: {}", problem.what);
        assert!(problem.what.contains(words), "{name}: {}", problem.what);
    }
}

#[test]
fn what_the_engine_does_not_run_is_refused() {
    let manifest = super::guest::manifest(&["orders:view"]);
    for (name, hand) in [
        ("shared memory", Hand::new().module(&[(5, vec![1, 3, 1, 1])])),
        ("64-bit memory", Hand::new().module(&[(5, vec![1, 4, 1])])),
        ("an exception's tag", Hand::new().module(&[(TYPES, vec![1, 0x60, 0, 0]), (13, vec![1, 0, 0])])),
        ("a struct of the garbage collector", Hand::new().module(&[(TYPES, vec![1, 0x5f, 0])])),
        ("a typed function reference", Hand::new().module(&[(TYPES, vec![1, 0x60, 1, 0x64, 0x70, 0])])),
        ("a continuation", Hand::new().module(&[(TYPES, vec![2, 0x60, 0, 0, 0x5d, 0])])),
        ("an external reference", Hand::new().module(&[(4, vec![1, 0x6f, 0, 1])])),
    ] {
        let refused = inspect(&embed(&hand.finish(), &manifest, None)).unwrap_err();
        assert_eq!(refused.problems[0].code, Code::Invalid, "{name}: {}", refused.report());
    }
    let stream = Hand::new().section(7, &[1, 0x66, 0]);
    let refused = inspect(&embed(&stream.finish(), &manifest, None)).unwrap_err();
    assert_eq!(refused.problems[0].code, Code::NewerWasi);
}
