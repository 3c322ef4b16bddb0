//! Client hints: what browsers tell of themselves beside the user agent (W3C, User-Agent Client Hints), and who tells two stories.

use super::{Agent, AgentClass, DeviceKind};
use crate::event::{Client, LABEL_BYTES_MAX};

/// Operating systems that the platform hint calls by another name than the user agent's reading does.
const ALIASES: &[(&str, &str)] =
    &[("Mac OS X", "macOS"), ("Chrome OS", "ChromeOS"), ("Chromium OS", "ChromeOS")];

/// Families that never send a list of brands.
const SILENT: &[&str] = &["Firefox", "Safari", "Internet Explorer"];

/// Families that may call themselves something else there, with another version.
const DISCREET: &[&str] = &["Vivaldi"];

/// The brand of a browser that a program drives.
const HEADLESS: &str = "HeadlessChrome";

/// Whether client hints name another browser, system or kind of device than the user agent does; `None` where there is nothing to
/// compare. Somebody who asks a phone for the desktop's page is not lying: a system that is called Linux may be Android.
pub(crate) fn contradicted(agent: &Agent, client: &Client) -> Option<bool> {
    if agent.class != AgentClass::Browser {
        return None;
    }
    let platform =
        client.hint_platform.as_ref().and_then(|hint| other_system(agent, hint.as_str()));
    let mobile = client.hint_mobile.and_then(|mobile| other_device(agent, mobile));
    let brands = client.hint_brands.as_ref().and_then(|hint| other_browser(agent, hint.as_str()));
    [platform, mobile, brands].into_iter().flatten().reduce(|one, other| one || other)
}

fn other_system(agent: &Agent, hint: &str) -> Option<bool> {
    let hint = bare(hint);
    let alias = ALIASES.iter().find(|(name, _)| *name == hint).map(|(_, os)| *os);
    let hinted = alias.or_else(|| Agent::os_named(hint))?;
    let told = agent.os?;
    Some(told != hinted && (told, hinted) != ("Linux", "Android"))
}

fn other_device(agent: &Agent, mobile: bool) -> Option<bool> {
    match (agent.device?, agent.os?) {
        (DeviceKind::Desktop, "Linux") | (DeviceKind::Tablet, _) => None,
        (DeviceKind::Desktop, _) => Some(mobile),
        (DeviceKind::Phone, _) => Some(!mobile),
    }
}

/// Names may be anything, some are made up so that nobody relies on them; versions of the others are those of the user agent.
fn other_browser(agent: &Agent, hint: &str) -> Option<bool> {
    let (family, major) = agent.family.zip(agent.major)?;
    if DISCREET.contains(&family) {
        return None;
    }
    // The last may have been cut off.
    let whole = if hint.len() < LABEL_BYTES_MAX { hint } else { hint.rsplit_once(',')?.0 };
    let brands = whole.split(',').filter_map(|brand| brand.rsplit_once(";v="));
    let mut versions =
        brands.clone().filter_map(|(_, version)| super::major(bare(version).as_bytes()));
    versions.clone().next()?;
    let driven = brands.clone().any(|(name, _)| bare(name) == HEADLESS);
    Some(SILENT.contains(&family) || driven || !versions.any(|version| version == major))
}

/// Without quotes and what surrounds them.
fn bare(text: &str) -> &str {
    text.trim().trim_matches('"').trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Label;

    const CHROME: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    const OPERA: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36 OPR/110.0.0.0";
    const PHONE: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
    const CHROMEBOOK: &str = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
    const LINUX: &str = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    const BRANDS: &str = r#""Google Chrome";v="131", "Chromium";v="131", "Not_A Brand";v="24""#;

    fn check(
        agent: &str,
        [platform, brands]: [&str; 2],
        mobile: Option<bool>,
        expected: Option<bool>,
    ) {
        let hint = |text: &str| (!text.is_empty()).then(|| Label::parse(text).unwrap());
        let client = Client {
            hint_platform: hint(platform),
            hint_brands: hint(brands),
            hint_mobile: mobile,
            ..Client::default()
        };
        let said = contradicted(&Agent::parse(agent), &client);
        assert_eq!(said, expected, "{agent} {platform} {brands} {mobile:?}");
    }

    #[test]
    fn browsers_tell_one_story() {
        check(CHROME, ["", ""], None, None);
        check(CHROME, ["\"Windows\"", BRANDS], Some(false), Some(false));
        check(CHROME, ["Windows", "Chromium;v=131, Google Chrome;v=131"], None, Some(false));
        check(OPERA, ["", r#""Chromium";v="124", "Opera";v="110""#], None, Some(false));
        check(PHONE, ["\"Android\"", BRANDS], Some(true), Some(false));
        check(CHROMEBOOK, ["\"Chrome OS\"", BRANDS], Some(false), Some(false));
        check(FIREFOX, ["", ""], None, None);
        check("curl/8.0", ["\"Windows\"", BRANDS], None, None);
    }

    #[test]
    fn programs_forget_one_of_two() {
        check(CHROME, ["\"Linux\"", ""], None, Some(true));
        check(CHROME, ["", ""], Some(true), Some(true));
        check(PHONE, ["", ""], Some(false), Some(true));
        check(CHROME, ["", r#""Chromium";v="120", "Not?A_Brand";v="8""#], None, Some(true));
        check(CHROME, ["", r#""HeadlessChrome";v="131", "Chromium";v="131""#], None, Some(true));
        check(FIREFOX, ["\"Linux\"", BRANDS], Some(false), Some(true));
    }

    #[test]
    fn who_asks_for_the_page_of_a_desktop_is_not_lying() {
        check(LINUX, ["\"Android\"", BRANDS], Some(false), Some(false));
        check(LINUX, ["\"Android\"", BRANDS], Some(true), Some(false));
    }

    /// Odd names are part of the standard (GREASE), and headers are cut.
    #[test]
    fn what_cannot_be_read_contradicts_nothing() {
        check(CHROME, ["\"Unknown\"", ""], None, None);
        check(CHROME, ["", "\"(Not(A:Brand;v=\";v=\"8\""], None, Some(true));
        check(CHROME, ["", "\"Chromium\""], None, None);
        let end = "\";v=\"131\", \"Chromium\";v=\"1";
        let cut = format!("\"{}{end}", "x".repeat(LABEL_BYTES_MAX - 1 - end.len()));
        check(CHROME, ["", &cut], None, Some(false));
    }
}
