//! The title: without the site's suffix.

/// Takes the site's name off the end or the start of a head title.
pub fn without_site(title: &str, site: Option<&str>) -> String {
    let Some(site) = site else { return title.to_owned() };
    for mark in [" | ", " - ", " – ", " — ", " :: ", " » ", " · ", " « "] {
        if let Some((head, tail)) = title.rsplit_once(mark)
            && tail.trim().eq_ignore_ascii_case(site)
        {
            return head.trim().to_owned();
        }
    }
    title.to_owned()
}
