//! "Did you mean": the name nearest to one that nobody knows.

/// The candidate that `written` most likely meant, or `None` if none is near.
///
/// A slip in every three letters is forgiven, a swap of neighbours counts as one, and the case of
/// letters does not count; of equally near candidates the first is taken.
#[must_use]
pub fn suggest<'a>(
    written: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let written = written.to_lowercase();
    let slips_max = (written.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            (strsim::damerau_levenshtein(&written, &candidate.to_lowercase()), candidate)
        })
        .filter(|(slips, _)| *slips <= slips_max)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested_or_none() {
        let known = ["users_per_ip", "failures_per_ip", "ip", "when"];
        assert_eq!(suggest("users_per_ipp", known), Some("users_per_ip"));
        assert_eq!(suggest("USERS_PER_IP", known), Some("users_per_ip"));
        assert_eq!(suggest("wehn", known), Some("when"));
        assert_eq!(suggest("country", known), None);
        assert_eq!(suggest("", known), None);
    }
}
