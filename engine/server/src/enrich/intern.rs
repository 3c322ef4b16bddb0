//! Names shared between look-ups, so that a request allocates nothing for a name seen before.

use std::sync::Arc;

use dashmap::DashSet;

/// Most names kept. Whole-world city data has more, the clients of one service do not; a name beyond
/// is copied for each look-up instead.
const NAMES_MAX: usize = 65_536;

/// A set of names, bounded.
#[derive(Debug, Default)]
pub(crate) struct Names(DashSet<Arc<str>>);

impl Names {
    /// The shared copy of `name`; `None` for one that says nothing (`""` or `"-"`).
    pub(crate) fn share(&self, name: &str) -> Option<Arc<str>> {
        if matches!(name, "" | "-") {
            return None;
        }
        if let Some(shared) = self.0.get(name) {
            return Some(Arc::clone(&shared));
        }
        let shared: Arc<str> = name.into();
        if self.0.len() < NAMES_MAX {
            self.0.insert(Arc::clone(&shared));
        }
        Some(shared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_one_copy_per_name() {
        let names = Names::default();
        let [first, second] = ["Graz", "Graz"].map(|name| names.share(name).unwrap());
        assert!(Arc::ptr_eq(&first, &second));
        assert_eq!(names.share("-"), None);
    }

    #[test]
    fn a_full_set_still_answers() {
        let names = Names::default();
        for n in 0..NAMES_MAX + 10 {
            assert_eq!(names.share(&n.to_string()).as_deref(), Some(n.to_string().as_str()));
        }
        assert_eq!(names.0.len(), NAMES_MAX);
    }
}
