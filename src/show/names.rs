/// Ends a message about a name that is unknown: the nearest one, else all of them.
pub(super) fn advice<'a>(wrong: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.into_iter().collect();
    let likeness = |name: &&str| strsim::jaro_winkler(wrong, name);
    names.sort_by(|a, b| likeness(b).total_cmp(&likeness(a)));
    match names.first() {
        Some(best) if likeness(best) > 0.75 => format!(": did you mean '{best}'?"),
        Some(_) => {
            names.sort_unstable();
            format!(": there is {}", names.join(", "))
        }
        None => String::new(),
    }
}
