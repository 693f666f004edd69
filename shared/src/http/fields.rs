//! Reading a JSON object field by field, so that every fault is named at once.

use std::cell::RefCell;

use serde_json::{Map, Value};

use super::problem::{FieldCode, FieldError, Problem};
use crate::language::Text;

/// What is wrong with a value.
#[derive(Debug, Clone)]
pub struct Fault {
    /// What kind of fault.
    pub code: FieldCode,
    /// What is expected.
    pub detail: Text,
}

impl Fault {
    /// A fault of some kind.
    pub fn new(code: FieldCode, detail: impl Into<Text>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// A value that cannot be read or names nothing.
    pub fn invalid(detail: impl Into<Text>) -> Self {
        Self::new(FieldCode::Invalid, detail)
    }

    /// A value of another type than `expected`.
    pub fn wrong_type(expected: &str) -> Self {
        Self::new(FieldCode::WrongType, format!("must be {expected}"))
    }
}

/// Gathers what is wrong with a request.
#[derive(Debug, Default)]
pub struct Errors(RefCell<Vec<FieldError>>);

impl Errors {
    /// Notes a fault at `pointer`.
    pub fn add(&self, pointer: impl Into<String>, fault: Fault) {
        let error = FieldError { pointer: pointer.into(), code: fault.code, detail: fault.detail };
        self.0.borrow_mut().push(error);
    }

    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Nothing, or a problem that names everything noted.
    pub fn finish(self) -> Result<(), Problem> {
        let errors = self.0.into_inner();
        if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors)) }
    }
}

/// What a request says of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field<T> {
    /// Nothing.
    Absent,
    /// `null`.
    Null,
    /// A value that is wrong; the fault has been noted.
    Wrong,
    /// A value.
    Value(T),
}

impl<T> Field<T> {
    /// The value, where there is one.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null | Self::Wrong => None,
        }
    }

    /// For a change: `None` to leave it, `Some(None)` to clear it, `Some(Some(_))` to set it.
    pub fn change(self) -> Option<Option<T>> {
        match self {
            Self::Absent | Self::Wrong => None,
            Self::Null => Some(None),
            Self::Value(value) => Some(Some(value)),
        }
    }
}

/// Reads one object. When it is dropped, fields that nobody asked for have been noted as unknown.
#[derive(Debug)]
pub struct Reader<'a> {
    object: &'a Map<String, Value>,
    prefix: String,
    errors: &'a Errors,
    known: RefCell<Vec<&'static str>>,
}

impl<'a> Reader<'a> {
    /// Reads a body, which must be an object.
    pub fn body(value: &'a Value, errors: &'a Errors) -> Option<Self> {
        Self::object_at(value, String::new(), errors)
    }

    /// Reads the parameters of a query.
    pub fn query(object: &'a Map<String, Value>, errors: &'a Errors) -> Self {
        Self { object, prefix: "?".to_owned(), errors, known: RefCell::default() }
    }

    /// Reads an object at `pointer`.
    pub fn object_at(value: &'a Value, pointer: String, errors: &'a Errors) -> Option<Self> {
        let Some(object) = value.as_object() else {
            errors.add(pointer, Fault::wrong_type("an object"));
            return None;
        };
        Some(Self { object, prefix: format!("{pointer}/"), errors, known: RefCell::default() })
    }

    /// Notes a name that was asked for, once.
    fn know(&self, name: &'static str) {
        let mut known = self.known.borrow_mut();
        if !known.contains(&name) {
            known.push(name);
        }
    }

    /// What the request says of a field.
    pub fn field<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, Fault>,
    ) -> Field<T> {
        self.know(name);
        match self.object.get(name) {
            None => Field::Absent,
            Some(Value::Null) => Field::Null,
            Some(value) => match parse(value) {
                Ok(value) => Field::Value(value),
                Err(fault) => {
                    self.fault(name, fault);
                    Field::Wrong
                }
            },
        }
    }

    /// A field that may be left out; `null` is the same as leaving it out.
    pub fn optional<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, Fault>,
    ) -> Option<T> {
        self.field(name, parse).value()
    }

    /// A field that must be there.
    pub fn required<T>(
        &self,
        name: &'static str,
        parse: impl FnOnce(&'a Value) -> Result<T, Fault>,
    ) -> Option<T> {
        match self.field(name, parse) {
            Field::Absent | Field::Null => {
                self.fault(name, Fault::new(FieldCode::Required, "is required"));
                None
            }
            other => other.value(),
        }
    }

    /// An object inside; `None` where it is left out, `null` or no object.
    pub fn object(&self, name: &'static str) -> Option<Reader<'a>> {
        self.know(name);
        match self.object.get(name) {
            None | Some(Value::Null) => None,
            Some(value) => Self::object_at(value, self.pointer(name), self.errors),
        }
    }

    /// The raw value of a field.
    pub fn raw(&self, name: &'static str) -> Option<&'a Value> {
        self.know(name);
        self.object.get(name)
    }

    /// The elements of an array, each read by `parse` with its pointer; at most `most`.
    pub fn array<T>(
        &self,
        name: &'static str,
        most: usize,
        mut parse: impl FnMut(&'a Value, String) -> Option<T>,
    ) -> Field<Vec<T>> {
        self.know(name);
        let pointer = self.pointer(name);
        match self.object.get(name) {
            None => Field::Absent,
            Some(Value::Null) => Field::Null,
            Some(Value::Array(values)) if values.len() > most => {
                let detail = format!("has {} elements; at most {most} are allowed", values.len());
                self.errors.add(pointer, Fault::new(FieldCode::TooLong, detail));
                Field::Wrong
            }
            Some(Value::Array(values)) => {
                let read: Option<Vec<T>> = values
                    .iter()
                    .enumerate()
                    .map(|(place, value)| parse(value, format!("{pointer}/{place}")))
                    // Every element is looked at before the list is given up.
                    .collect::<Vec<Option<T>>>()
                    .into_iter()
                    .collect();
                read.map_or(Field::Wrong, Field::Value)
            }
            Some(_) => {
                self.errors.add(pointer, Fault::wrong_type("an array"));
                Field::Wrong
            }
        }
    }

    /// Notes a fault of a field.
    pub fn fault(&self, name: &str, fault: Fault) {
        self.errors.add(self.pointer(name), fault);
    }

    /// The pointer to a field.
    pub fn pointer(&self, name: &str) -> String {
        format!("{}{}", self.prefix, name.replace('~', "~0").replace('/', "~1"))
    }

    /// The notes that this reader adds to.
    pub fn errors(&self) -> &'a Errors {
        self.errors
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let known = self.known.borrow();
        for name in self.object.keys().filter(|name| !known.contains(&name.as_str())) {
            let names = known.join("`, `");
            let detail = format!("there is no such field; there are `{names}`");
            self.errors.add(self.pointer(name), Fault::new(FieldCode::UnknownField, detail));
        }
    }
}
