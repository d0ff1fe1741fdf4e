//! Collects everything that is wrong with a request, so that a caller learns of it at once.

use crate::problem::{FieldError, Problem};

/// What was found wrong so far.
#[derive(Debug, Default)]
pub struct Faults(Vec<FieldError>);

impl Faults {
    /// How many are told; a body can hold thousands.
    const MAX: usize = 20;

    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Notes one more. The field is the parameter, header or body field, e.g. `participant_ids[3]`.
    pub fn add(&mut self, field: impl Into<String>, detail: impl Into<String>) {
        if self.0.len() < Self::MAX {
            self.0.push(FieldError { field: field.into(), detail: detail.into() });
        }
    }

    /// The value, or the fault that is noted under `field`.
    pub fn take<T, E: std::fmt::Display>(&mut self, field: impl Into<String>, value: Result<T, E>) -> Option<T> {
        value.map_err(|error| self.add(field, error.to_string())).ok()
    }

    /// The value if nothing was wrong.
    ///
    /// # Errors
    /// A 400 that names all faults.
    pub fn or<T>(self, value: Option<T>) -> Result<T, Box<Problem>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(Box::new(Problem::invalid_fields(self.0))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_is_named_up_to_a_bound() {
        let mut faults = Faults::none();
        assert_eq!(faults.take("a", Ok::<_, String>(1)), Some(1));
        for n in 0..30 {
            assert_eq!(faults.take(format!("ids[{n}]"), Err::<(), _>("is bad")), None);
        }
        let problem = faults.or(Some(())).unwrap_err();
        assert_eq!((problem.status, problem.errors.len()), (400, 20));
        assert_eq!(problem.errors[3].field, "ids[3]");
        assert!(problem.detail.starts_with("ids[0]: is bad; ids[1]: is bad"));
        assert!(Faults::none().or(Some(7)).is_ok());
    }
}
