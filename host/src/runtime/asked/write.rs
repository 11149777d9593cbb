//! How a value becomes part of a line.

use super::{Full, Line, TEXT, is_id, is_of_money};
use serde::{Serialize, ser};
use std::fmt;

impl ser::Error for Full {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Full
    }
}

/// A list or a record on its way into a line.
#[derive(Debug)]
pub struct Parts<'a> {
    line: &'a mut Line,
    is_first: bool,
    end: &'static str,
}

impl Parts<'_> {
    fn next(&mut self) -> Result<(), Full> {
        match std::mem::replace(&mut self.is_first, false) {
            true => Ok(()),
            false => self.line.put(", "),
        }
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Result<(), Full> {
        self.next()?;
        value.serialize(&mut *self.line)
    }

    fn field(&mut self, key: &str, value: &(impl Serialize + ?Sized)) -> Result<(), Full> {
        self.next()?;
        self.line.name(key)?;
        self.line.put(": ")?;
        value.serialize(&mut *self.line)
    }

    fn close(self) -> Result<(), Full> {
        self.line.money = false;
        self.line.put(self.end)
    }
}

macro_rules! parts {
    ($($part:ident $add:ident;)*) => {$(
        impl ser::$part for Parts<'_> {
            type Ok = ();
            type Error = Full;
            fn $add<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Full> {
                self.item(value)
            }
            fn end(self) -> Result<(), Full> {
                self.close()
            }
        }
    )*};
}

parts! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! fields {
    ($($part:ident;)*) => {$(
        impl ser::$part for Parts<'_> {
            type Ok = ();
            type Error = Full;
            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Full> {
                self.field(key, value)
            }
            fn end(self) -> Result<(), Full> {
                self.close()
            }
        }
    )*};
}

fields! { SerializeStruct; SerializeStructVariant; }

macro_rules! numbers {
    ($($name:ident $ty:ty;)*) => {$(
        fn $name(self, value: $ty) -> Result<(), Full> {
            self.number(value)
        }
    )*};
}

impl<'a> ser::Serializer for &'a mut Line {
    type Ok = ();
    type Error = Full;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = ser::Impossible<(), Full>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    numbers! {
        serialize_bool bool;
        serialize_i8 i8; serialize_i16 i16; serialize_i32 i32; serialize_i64 i64;
        serialize_u16 u16; serialize_u32 u32; serialize_u64 u64;
        serialize_f32 f32; serialize_f64 f64;
    }

    // A list of bytes is a text in another form.
    fn serialize_u8(self, _: u8) -> Result<(), Full> {
        self.put("·")
    }

    fn serialize_char(self, _: char) -> Result<(), Full> {
        self.put(TEXT)
    }

    fn serialize_str(self, text: &str) -> Result<(), Full> {
        match text {
            "" => self.put("''"),
            text if is_id(text) || self.money && is_of_money(text) => self.put(text),
            _ => self.put(TEXT),
        }
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Full> {
        self.put(TEXT)
    }

    fn serialize_none(self) -> Result<(), Full> {
        self.put("none")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Full> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Full> {
        self.put("()")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Full> {
        self.put("()")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, case: &'static str) -> Result<(), Full> {
        self.name(case)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Full> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        case: &'static str,
        value: &T,
    ) -> Result<(), Full> {
        self.name(case)?;
        self.put("(")?;
        value.serialize(&mut *self)?;
        self.put(")")
    }

    fn serialize_seq(self, items: Option<usize>) -> Result<Parts<'a>, Full> {
        if let Some(items) = items.filter(|items| *items > 1) {
            self.number(items)?;
            self.put(" × ")?;
        }
        self.put("[")?;
        Ok(Parts { line: self, is_first: true, end: "]" })
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Full> {
        self.put("(")?;
        Ok(Parts { line: self, is_first: true, end: ")" })
    }

    fn serialize_tuple_struct(self, _: &'static str, items: usize) -> Result<Parts<'a>, Full> {
        self.serialize_tuple(items)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        case: &'static str,
        items: usize,
    ) -> Result<Parts<'a>, Full> {
        self.name(case)?;
        self.serialize_tuple(items)
    }

    // The contract has no maps.
    fn serialize_map(self, _: Option<usize>) -> Result<ser::Impossible<(), Full>, Full> {
        Err(Full)
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'a>, Full> {
        self.put("{")?;
        self.money = name == "Money";
        Ok(Parts { line: self, is_first: true, end: "}" })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        case: &'static str,
        fields: usize,
    ) -> Result<Parts<'a>, Full> {
        self.name(case)?;
        self.serialize_struct(name, fields)
    }
}
